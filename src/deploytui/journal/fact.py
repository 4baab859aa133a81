"""What events say: one struct a kind, with its own fields. Past facts under stable names, never renamed.

Instants are ISO texts in UTC as they stand in the file, durations whole seconds: a body is the same bytes wherever it
is written. What a fact has no value for is left out of its body, unless the field has no default. The first line of
each docstring stands in the README.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

Value = str | int | bool | None | list[str]


class _Fact(Struct, frozen=True, omit_defaults=True, tag_field="kind"):
    """`tag` is the stable name in files; a new meaning is a new name."""


class _ItemFact(_Fact, frozen=True):
    """What is about one item."""

    item: str


class SessionOpened(_Fact, frozen=True, tag="session.opened"):
    """The session was made: checklist, go-live, variables.

    `variables` are those that were set, each `NAME=VALUE`, so that a resume needs no retyping.
    """

    go_live: str
    variables: tuple[str, ...] = ()


class SessionLeft(_Fact, frozen=True, tag="session.left"):
    """The driver left; the session stays open."""


class SessionClosed(_Fact, frozen=True, tag="session.closed"):
    """It ended for good, with this outcome."""

    outcome: str


class DriverTook(_Fact, frozen=True, tag="driver.took"):
    """Somebody drives from now on, and why if it was taken over."""

    host: str
    reason: str


class PhasesSetAside(_Fact, frozen=True, tag="phases.set_aside"):
    """These phases are not in this session.

    `elsewhere` says where they were done.
    """

    phases: tuple[str, ...]
    elsewhere: str = ""


class PhaseEntered(_Fact, frozen=True, tag="phase.entered"):
    """The night is in this phase now.

    The counts are of what was left behind: of `left_stage`, or of the phase `before` where the stage stays the
    same.
    """

    phase: str
    stage: str = ""
    before: str = field(default="", name="from")
    done: int | None = None
    open: int | None = None
    failed: int | None = None
    left_stage: str = field(default="", name="from_stage")
    early_s: int = 0


class ItemStarted(_ItemFact, frozen=True, tag="item.started"):
    """Work on an item began.

    `auto`: by the tick of the step before; `why_now` passed its lock.
    """

    auto: bool = False
    why_now: str = ""


class ItemChecked(_ItemFact, frozen=True, tag="item.checked"):
    """An item was ticked, with its evidence.

    `auto`: by its gauge.
    """

    evidence: str = ""
    auto: bool = False
    why_now: str = ""


class ItemSkipped(_ItemFact, frozen=True, tag="item.skipped"):
    """An item was skipped, and why."""

    reason: str


class ItemFailed(_ItemFact, frozen=True, tag="item.failed"):
    """An item was tried and did not work."""

    reason: str = ""


class ItemReasoned(_ItemFact, frozen=True, tag="item.reasoned"):
    """The reason of a skip or a failure, told later."""

    reason: str


class ItemOverridden(_ItemFact, frozen=True, tag="item.overridden"):
    """An item was accepted in spite of what stood against it, and why."""

    reason: str


class ItemUndone(_ItemFact, frozen=True, tag="item.undone"):
    """The last word on an item was taken back.

    `act` is the event that is taken back; `auto`: with the tick that had started it.
    """

    act: int = 0
    auto: bool = False


class ItemLapsed(_ItemFact, frozen=True, tag="item.lapsed"):
    """What a gauge had ticked no longer holds."""

    why: str


class ItemRecovered(_ItemFact, frozen=True, tag="item.recovered"):
    """What had lapsed holds again."""


class ItemInserted(_ItemFact, frozen=True, tag="item.inserted"):
    """An item that nobody had planned came in below another one."""

    text: str
    after: str


class ItemWithdrawn(_ItemFact, frozen=True, tag="item.withdrawn"):
    """An inserted item was taken out again."""

    act: int = 0


class NoteAdded(_Fact, frozen=True, tag="note.added"):
    """A note, on an item or on the night."""

    text: str
    item: str = ""


class LevelChanged(_Fact, frozen=True, tag="gauge.level_changed"):
    """A gauge went from one level to another."""

    gauge: str
    before: str
    after: str
    why: str


class BaselineCaptured(_Fact, frozen=True, tag="baseline.captured"):
    """A gauge's usual value was kept, to compare with.

    Numbers as text: a canonical body holds no floats.
    """

    gauge: str
    value: str
    spread: str
    samples: int
    reason: str = ""


class AlarmAcked(_Fact, frozen=True, tag="alarm.acked"):
    """Somebody has seen an alarm."""

    alarm: str
    text: str


class TriggerRaised(_Fact, frozen=True, tag="trigger.raised"):
    """A rollback trigger is met."""

    trigger: str


class TriggerCleared(_Fact, frozen=True, tag="trigger.cleared"):
    """It is no longer met."""

    trigger: str


class TriggerShelved(_Fact, frozen=True, tag="trigger.shelved"):
    """It is out of the way for a while, and why."""

    trigger: str
    reason: str
    until: str


class HoldBegan(_Fact, frozen=True, tag="hold.began"):
    """Work is on hold, how long and why."""

    reason: str
    expected_at: str


class HoldEnded(_Fact, frozen=True, tag="hold.ended"):
    """Work goes on."""


class EdgeMoved(_Fact, frozen=True, tag="edge.moved"):
    """The go-live or a window's edge was moved by agreement."""

    edge: str
    seconds: int
    reason: str


class PromiseMade(_Fact, frozen=True, tag="promise.made"):
    """Somebody said by when."""

    who: str
    due_at: str
    item: str = ""


class PromiseSettled(_Fact, frozen=True, tag="promise.settled"):
    """A promise was kept, or not.

    `promise` is the event that made it.
    """

    promise: int
    kept: bool


class FindingAccepted(_Fact, frozen=True, tag="finding.accepted"):
    """A finding of the lint was taken as it is: by whom, why, and until when.

    `item_of` is the item or gauge it is about, "" all of its code.
    """

    code: str
    item_of: str
    message: str
    why: str
    until: str


class PlanFileChanged(_Fact, frozen=True, tag="plan.file_changed"):
    """The file of the plan became another one; the session keeps the plan it was opened with."""

    became: str
    sha256: str
    why: str


class RehearsalPaced(_Fact, frozen=True, tag="rehearsal.paced"):
    """A rehearsal runs this fast from here on."""

    at: str
    real_at: str
    speed: str


class ClockStepped(_Fact, frozen=True, tag="clock.stepped"):
    """The machine's clock was set; order is never taken from it."""

    seconds: int
    suspended: bool


class Unknown(Struct, frozen=True):
    """What a newer program wrote. It is shown by its name and kept, never guessed at."""

    kind: str
    payload: Mapping[str, Value] = field(default_factory=dict)


Known = (
    SessionOpened
    | SessionLeft
    | SessionClosed
    | DriverTook
    | PhasesSetAside
    | PhaseEntered
    | ItemStarted
    | ItemChecked
    | ItemSkipped
    | ItemFailed
    | ItemReasoned
    | ItemOverridden
    | ItemUndone
    | ItemLapsed
    | ItemRecovered
    | ItemInserted
    | ItemWithdrawn
    | NoteAdded
    | LevelChanged
    | BaselineCaptured
    | AlarmAcked
    | TriggerRaised
    | TriggerCleared
    | TriggerShelved
    | HoldBegan
    | HoldEnded
    | EdgeMoved
    | PromiseMade
    | PromiseSettled
    | FindingAccepted
    | PlanFileChanged
    | ClockStepped
    | RehearsalPaced
)
Fact = Known | Unknown


def kind_of(fact: Fact) -> str:
    """The stable name, as it stands in files."""
    return fact.kind if isinstance(fact, Unknown) else str(fact.__struct_config__.tag)


def item_of(fact: Fact) -> str:
    """The item that this is about, "" for none."""
    match fact:
        case _ItemFact() | NoteAdded() | PromiseMade():
            return fact.item
        case Unknown(payload=payload):
            item = payload.get("item")
            return item if isinstance(item, str) else ""
        case _:
            return ""
