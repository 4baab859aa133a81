"""A small plan and a store in a list, for tests of the session room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from deploytui.base.clock import FrozenClock
from deploytui.journal.event import Draft, Event
from deploytui.journal.store import Appended, Fenced, Header, Holder, Lease
from deploytui.plan.model import (
    Condition,
    Edge,
    Group,
    Item,
    Phase,
    Plan,
    Rollback,
    RollbackStage,
    Stage,
    StageName,
    Window,
)
from deploytui.session.act import By
from deploytui.session.rules import opening
from deploytui.session.session import Session

GO_LIVE = datetime(2025, 11, 22, 2, 0, tzinfo=UTC)
ANA = By("ANA")
HOUR = 3600


def window(start_s: int, end_s: int, *, is_day: bool = False) -> Window:
    return Window(Edge(offset_s=start_s, is_day=is_day), Edge(offset_s=end_s, is_day=is_day))


def small_plan() -> Plan:
    """The shape of a real night: an earlier week, a preparation, ten ordered steps, checks after, a rollback."""
    infra = Phase(
        "infra",
        "Infrastructure",
        (Group("infra.cloud", "Cloud", (Item("infra.lb", "Load balancer configured"),)),),
        window(-18 * 86400, -13 * 86400, is_day=True),
    )
    pre = Phase(
        "pre",
        "Pre-Deployment",
        (
            Group(
                "prep", "System Preparation", tuple(Item(f"pre.{n}", f"Preparation {n}") for n in range(1, 6))
            ),
        ),
        window(-2 * HOUR, 0),
    )
    steps = tuple(
        Item(f"exec.{n}", f"Step {n}", is_ordered=True, needs=("pre.3",) if n == 3 else ())
        for n in range(1, 11)
    )
    validation = (
        Item("val.1", "Response times < 500ms", when=Condition("latency")),
        Item("val.2", "No errors in logs", items=(Item("val.2a", "app.log"), Item("val.2b", "db.log"))),
    )
    execution = Phase(
        "exec",
        "Deployment Execution",
        (
            Group("steps", "Deployment Steps", steps, is_ordered=True),
            Group("val", "Deployment Validation", validation),
        ),
        window(0, 2 * HOUR),
    )
    post = Phase(
        "post",
        "Post-Deployment",
        (Group("smoke", "Smoke Testing", (Item("post.1", "User login successful"),)),),
        window(2 * HOUR, 4 * HOUR),
    )
    day1 = Phase(
        "day1",
        "Day 1",
        (Group("mon", "Monitoring", (Item("day1.1", "Check error logs"),)),),
        window(0, 24 * HOUR),
    )
    budgets = ((5, "Decision"), (15, "Execution"), (10, "Validation"), (5, "Communication"))
    return Plan(
        title="SalesSync",
        facts=(("environment", "production"), ("version", "4.2")),
        stages=(
            Stage(StageName.PRE_DEPLOY, (infra, pre)),
            Stage(StageName.EXECUTION, (execution,)),
            Stage(StageName.POST_DEPLOY, (post, day1)),
        ),
        rollback=Rollback(
            stages=tuple(RollbackStage(f"rb{n}", title, (), budget_s=n * 60) for n, title in budgets),
            limit_s=1800,
        ),
    )


class ListStore:
    """A journal in a list, with just enough of a lease; the real stores have their own contract tests."""

    def __init__(self, clock: FrozenClock, drafts: Sequence[Draft] = ()) -> None:
        self.header = Header("night", "SalesSync", "plan.yaml", "/plan.yaml", "00", "live", clock.now(), "0")
        self.plan_source = b""
        self.is_read_only = False
        self.clock = clock
        self.kept: list[Event] = []
        self.current = Lease(0, None, 0)
        self._write(drafts)

    @property
    def name(self) -> str:
        return self.header.session

    def _write(self, drafts: Sequence[Draft]) -> tuple[Event, ...]:
        own = []
        for draft in drafts:
            seq = len(self.kept) + 1
            at = self.clock.now()
            event = Event(
                seq,
                f"e{seq}",
                self.current.epoch,
                draft.fact,
                at,
                0,
                0,
                draft.by,
                draft.for_,
                draft.via,
            )
            self.kept.append(event)
            own.append(event)
        return tuple(own)

    def events(self, after_seq: int = 0, limit: int | None = None) -> list[Event]:
        return self.kept[after_seq:][:limit]

    def head(self) -> tuple[int, str]:
        return len(self.kept), "ab" * 32

    def has_changed(self) -> bool:
        return True

    def append(
        self, after_seq: int, decide: Callable[[Sequence[Event]], Sequence[Draft]], epoch: int | None
    ) -> Appended:
        if epoch is not None and epoch != self.current.epoch:
            raise Fenced
        foreign = tuple(self.kept[after_seq:])
        return Appended(foreign, self._write(decide(foreign)))

    def lease(self) -> Lease:
        return self.current

    def take_lease(self, holder: Holder, expected: Lease, draft: Draft) -> Event:
        self.current = Lease(expected.epoch + 1, holder, 0)
        return self._write([draft])[0]

    def beat(self, epoch: int) -> bool:
        return epoch == self.current.epoch

    def release(self, epoch: int) -> None:
        self.current = Lease(self.current.epoch, None, 0)

    def snapshot(self) -> tuple[int, bytes] | None:
        return None

    def save_snapshot(self, seq: int, body: bytes) -> None: ...

    def close(self) -> None: ...


def holder(name: str = "ANA") -> Holder:
    return Holder(name, "here", 1, 1, "boot")


def opened(
    at: datetime = GO_LIVE,
    plan: Plan | None = None,
    set_aside: tuple[str, ...] = ("infra",),
    entered: str = "exec",
) -> tuple[Session, FrozenClock]:
    """A session that ANA drives, opened at `at`."""
    clock = FrozenClock(at)
    store = ListStore(clock, opening(ANA, GO_LIVE, entered, set_aside))
    session = Session(plan or small_plan(), store, clock, store.events())
    session.take_lease(holder())
    return session, clock
