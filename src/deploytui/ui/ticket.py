"""An act on its way to the disk, and what the store's thread reports: frozen, delivered on the loop's thread."""

from __future__ import annotations

from msgspec import Struct

from deploytui.journal.event import Event
from deploytui.session.act import Act, By
from deploytui.session.history import Earlier


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
    events: tuple[Event, ...]
    was_given_up: bool = False


class RuleRefused(Struct, frozen=True):
    """Another writer was faster, and a rule now forbids the act."""

    ticket: Ticket
    why: str
    events: tuple[Event, ...] = ()


class NotSaved(Struct, frozen=True):
    """None of these is in the journal."""

    tickets: tuple[Ticket, ...]
    why: str


class Foreign(Struct, frozen=True):
    """What others appended."""

    events: tuple[Event, ...]


class LeaseLost(Struct, frozen=True):
    """Somebody else drives now."""


class StoreTrouble(Struct, frozen=True):
    """The store cannot be read just now; "" when it can again."""

    why: str


class PageRead(Struct, frozen=True):
    """Older events that were to be shown; none where they could not be read."""

    events: tuple[Event, ...]


class EarlierRead(Struct, frozen=True):
    """All that came before the events at hand is sound."""

    earlier: Earlier


class Damaged(Struct, frozen=True):
    """Something that came before the events at hand does not fit, or the file was written over; nothing is appended
    any more."""

    what: str
    try_: str


Report = (
    Saved | RuleRefused | NotSaved | Foreign | LeaseLost | StoreTrouble | PageRead | EarlierRead | Damaged
)
