"""Acts without the lease, for scripts: who acts in which session, and the item that was named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from deploytui.base.errors import Problem, UsageError
from deploytui.cli.console import Console
from deploytui.cli.mistake import nearest
from deploytui.cli.opened import opened
from deploytui.cli.person import acting
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.session.act import By
from deploytui.session.joined import Joined
from deploytui.session.session import Session


@contextmanager
def acting_in(console: Console, name: str, store: str | None, as_: str | None) -> Iterator[tuple[Joined, By]]:
    """Both sides of the named session, open for writing, and who acts, while the block runs."""
    by = acting(console, as_)
    path = find_named(console, shelf_of(console, store), name)
    with opened(console, path, writable=True) as joined:
        yield joined, by


def item_named(session: Session, text: str) -> str:
    """The id that an id or its unambiguous beginning means."""
    try:
        return session.find_item(text)
    except LookupError as error:
        close = nearest(text, list(session.index.by_id))
        hint = close or "`deploytui status SESSION --json`, which lists all ids"
        raise UsageError(Problem(str(error), try_=hint)) from None
