"""An act on its way to the disk, and what the writer reports: frozen, delivered on the thread that draws."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from deploytui.journal.event import Event
from deploytui.session.act import Act, By
from deploytui.session.journal_writer import Committed


class Ticket(Struct, frozen=True):
    """One act on its way to the disk. `item` is "" where it belongs to none."""

    number: int
    act: Act
    by: By
    item: str
    since_s: float
    generation: int


class Saved(Struct, frozen=True):
    """Durable. `was_given_up` says that it had been called not saved before."""

    ticket: Ticket
    committed: Committed
    was_given_up: bool = False


class RuleRefused(Struct, frozen=True):
    """Another writer was faster, and a rule now forbids the act."""

    ticket: Ticket
    why: str


class NotSaved(Struct, frozen=True):
    """None of these is in the journal."""

    tickets: tuple[Ticket, ...]
    why: str


class Foreign(Struct, frozen=True):
    """What others appended."""

    committed: Committed


class LeaseLost(Struct, frozen=True):
    """Somebody else drives now."""


class DriverSeen(Struct, frozen=True):
    """What is seen of the driver: where, alive, silent or gone; "" for whoever drives."""

    note: str


class StoreTrouble(Struct, frozen=True):
    """The store cannot be read just now; "" when it can again."""

    why: str


class PageRead(Struct, frozen=True):
    """Older events that were to be shown; none where they could not be read."""

    events: tuple[Event, ...]


class EarlierRead(Struct, frozen=True):
    """All that came before the events at hand is sound: the newest few of each item there, and what followed the last
    word of whoever drove before."""

    by_item: Mapping[str, tuple[Event, ...]]
    unled: tuple[Event, ...]


class Damaged(Struct, frozen=True):
    """Something that came before the events at hand does not fit; nothing is appended any more. Where the file was
    written over, `shared` is the last event that it and this program both have (0: not known)."""

    what: str
    try_: str
    shared: int | None = None


Report = (
    Saved
    | RuleRefused
    | NotSaved
    | Foreign
    | LeaseLost
    | DriverSeen
    | StoreTrouble
    | PageRead
    | EarlierRead
    | Damaged
)
