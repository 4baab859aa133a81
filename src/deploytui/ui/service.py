"""What the dashboard is handed: the session and everything beside it. Made once, in `cli run` and in tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field
from textual.theme import Theme

from deploytui.base.clock import Clock, SystemClock
from deploytui.metrics.baseline import Baseline, Captured
from deploytui.metrics.board import Board, LevelChange
from deploytui.metrics.history import History
from deploytui.plan.finding import Finding
from deploytui.plan.watch import Seen
from deploytui.session.act import By
from deploytui.session.session import Session
from deploytui.session.viewer import Viewer
from deploytui.session.writer import Writer
from deploytui.ui.draft import DraftKeeper, Drafts
from deploytui.ui.key_guard import KeyGuard
from deploytui.ui.paint.skin import Skin

if TYPE_CHECKING:
    from deploytui.metrics.board import Asked


class Gauges(Protocol):
    """Where the numbers come from. The screen never talks to hosts: the command line hands this in."""

    @property
    def history(self) -> History:
        """What each gauge said before; only to be read here."""

    async def start(self) -> None:
        """Begin to probe; called after the first frame."""

    async def stop(self) -> None:
        """End every probe."""

    def board(self) -> Board:
        """Every gauge now."""

    def asked(self, gauge: str) -> Asked:
        """What a gauge of the plan asks, and the latest raw answer."""

    def remark(self) -> str:
        """What there is to say of the file that keeps the history; "" when nothing is, each word once."""

    def changes(self) -> Sequence[LevelChange]:
        """The level changes since the last call, oldest first."""

    def restart(self, targets: Collection[str]) -> None:
        """From now on nothing counts that the gauges of these targets said before."""

    def capture(self) -> Mapping[str, Captured | str]:
        """The baseline of each gauge that another is compared with, or why there can be none now."""

    def set_baselines(self, baselines: Mapping[str, Baseline]) -> None:
        """What the session has captured; it counts from the next sample on."""


class PlanFileWatch(Protocol):
    """Whoever looks at the file that the plan was read from, off the way of the keys."""

    @property
    def seen(self) -> Seen | None:
        """What the last look has found; None before there is anything to say."""

    def start(self) -> None:
        """Begin to look; called after the first frame."""

    def stop(self) -> None:
        """No further look."""


class Services(Struct):
    """What the screen works with. `clock` is the session's, which a rehearsal speeds up; `machine` is the real one, for
    keys and for saving.

    `themes` are those that can be chosen, by name; `lint` finds what is doubtful in the plan, and may take its time;
    `back` is the command that opens this session again, "" for a rehearsal;
    `drafts` are texts that were begun and not sent; where there is a `draft_keeper`, a crash does not take them.
    """

    session: Session
    viewer: Viewer
    writer: Writer
    clock: Clock
    by: By
    skin: Skin
    gauges: Gauges
    plan_file: PlanFileWatch | None = None
    lint: Callable[[], Sequence[Finding]] | None = None
    machine: Clock = field(default_factory=SystemClock)
    themes: Mapping[str, Callable[[], Theme]] = field(default_factory=dict)
    back: str = ""
    drafts: Drafts = field(default_factory=Drafts)
    draft_keeper: DraftKeeper | None = None
    guard: KeyGuard = field(default_factory=KeyGuard)
