"""Acts without the lease, for scripts: the item that was named, and one act in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from deploytui.base.errors import Problem, UsageError
from deploytui.cli.console import Console
from deploytui.cli.opened import opened
from deploytui.cli.person import acting
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.journal.event import Event
from deploytui.session.act import Act, By
from deploytui.session.session import Session


@contextmanager
def acting_in(
    console: Console, name: str, store: str | None, as_: str | None
) -> Iterator[tuple[Session, By]]:
    """The named session open for writing, and who acts, while the block runs."""
    by = acting(console, as_)
    path = find_named(console, shelf_of(console, store), name)
    with opened(console, path, writable=True) as session:
        yield session, by


def item_named(session: Session, text: str) -> str:
    """The id that an id or its unambiguous beginning means."""
    try:
        return session.find_item(text)
    except LookupError as error:
        from deploytui.cli.mistake import nearest

        close = nearest(text, list(session.index.by_id))
        raise UsageError(
            Problem(str(error), try_=close or "`deploytui status SESSION --json`, which lists all ids")
        ) from None


def perform(session: Session, act: Act, by: By) -> tuple[Event, ...]:
    """What the act appended; nothing when it was so already. `Refused` says which rule forbids it."""
    return session.perform(act, by, as_script=True).own
