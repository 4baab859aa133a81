"""A small plan and a store in a list, for tests of the session room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from deploytui.base.clock import Clock, FrozenClock
from deploytui.journal.event import Draft, Event
from deploytui.journal.fold import fold
from deploytui.journal.state import SessionState
from deploytui.journal.store import Appended, Fenced, Header, Holder, JournalStore, Lease, WentBack
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
from deploytui.session.act import Act, By
from deploytui.session.journal_writer import Committed, JournalWriter
from deploytui.session.rules import rules_of
from deploytui.session.session import Session
from deploytui.session.session_rules import opening
from deploytui.session.ticket import Damaged, LeaseLost

T = TypeVar("T")
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


class Driven(Session):
    """A session with its writing side in the same hand, as a script has it; `core` is what a writer's thread gets."""

    def __init__(
        self,
        plan: Plan,
        store: JournalStore,
        clock: Clock,
        events: Sequence[Event],
        state: SessionState | None = None,
    ) -> None:
        known = 0 if state is None else state.seq
        state = fold([event for event in events if event.seq > known], state)
        rules = rules_of(plan, state)
        super().__init__(rules, store.header, store.name, clock, events, state)
        self.store = store
        self.core = JournalWriter(store, clock, rules, events, state)

    def perform(self, act: Act, by: By, *, as_script: bool = False) -> Committed:
        """Commit and absorb at once."""
        commit = self.core.commit_as_script if as_script else self.core.commit
        committed = self._told(lambda: commit(act, by))
        self.absorb(committed)
        return committed

    def _told(self, do: Callable[[], T]) -> T:
        """Do it; what a writer would report of it is reported."""
        try:
            return do()
        except Fenced:
            self.take(LeaseLost())
            raise
        finally:
            if (fault := self.core.fault) is not None:
                problem, shared = fault.problems[0], fault.shared if isinstance(fault, WentBack) else None
                self.take(Damaged(problem.found, problem.try_ or "", shared))

    def drive(self, epoch: int) -> None:
        """It drives since it was made."""
        self.core.drive(epoch)
        self.is_driving = True

    def poll(self) -> frozenset[str]:
        """Take in what others wrote; the items that changed."""
        return self.absorb(self._told(self.core.poll))

    def beat(self) -> bool:
        return self._told(self.core.beat)

    def take_lease(self, holder: Holder, reason: str = "") -> None:
        self.absorb(self.core.take_lease(holder, reason))
        self.is_driving = True

    def leave(self, by: By) -> None:
        self.absorb(self._told(lambda: self.core.leave(by)))
        self.is_driving = False


def holder(name: str = "ANA") -> Holder:
    return Holder(name, "here", 1, 1, "boot")


def opened(
    at: datetime = GO_LIVE,
    plan: Plan | None = None,
    set_aside: tuple[str, ...] = ("infra",),
    entered: str = "exec",
) -> tuple[Driven, FrozenClock]:
    """A session that ANA drives, opened at `at`."""
    clock = FrozenClock(at)
    store = ListStore(clock, opening(ANA, GO_LIVE, entered, set_aside))
    session = Driven(plan or small_plan(), store, clock, store.events())
    session.take_lease(holder())
    return session, clock
