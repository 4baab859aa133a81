"""The way back in time: its budgets against the stated total, and whether it fits into its window."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from deploytui.base.units import left
from deploytui.plan.lint.subject import ERROR, WARNING, Hit, Subject, rule
from deploytui.plan.schedule import rollback_phase

# As in the forecast: with fewer durations known than this, what they add up to says nothing.
_KNOWN_SHARE = 0.8


@rule(
    "rollback-sum",
    ERROR,
    "whoever decides by the stated total calls the rollback too late",
    "state the sum as the total, or cut the budgets; the screen counts with the sum",
)
def _sum(subject: Subject) -> Iterator[Hit]:
    rollback = subject.plan.rollback
    if rollback.limit_s is None or rollback.sum_s <= rollback.limit_s:
        return
    budgets = " + ".join(f"{stage.budget_s / 60:g}" for stage in rollback.stages if stage.budget_s)
    message = (
        f"the rollback's budgets add up to {left(rollback.sum_s)} ({budgets}), "
        f"the stated total is {left(rollback.limit_s)}"
    )
    yield Hit(rollback.limit_line or rollback.line, message)


class _Fit(Struct, frozen=True):
    """The window a rollback must fit, and the work planned in it; `is_known` where enough has a duration."""

    title: str
    window_s: float
    work_s: int
    total_s: int
    is_known: bool
    last: str

    @property
    def fits(self) -> bool:
        return self.work_s + self.total_s <= self.window_s


def _fit(subject: Subject) -> _Fit | None:
    total, phase = subject.plan.rollback.sum_s, rollback_phase(subject.plan)
    if phase is None or not total or (window := subject.length_s(phase)) is None:
        return None
    known, unknown = _durations(subject, phase)
    is_known = len(known) >= _KNOWN_SHARE * (len(known) + unknown)
    title = subject.index.phases[phase].title
    return _Fit(title, window, sum(known), total, is_known, subject.before_end(phase, total))


def _durations(subject: Subject, phase: str) -> tuple[list[int], int]:
    """The planned durations of a phase, and how many items have none. One that has its own covers what is below it."""
    own: dict[str, int | None] = {}
    covered: set[str] = set()
    for placed in subject.index.of_phase(phase):
        item = placed.item
        if placed.parent not in covered and (item.duration_s is not None or not item.items):
            own[item.id] = item.duration_s
        if placed.parent in covered or item.duration_s is not None:
            covered.add(item.id)
    known = [seconds for seconds in own.values() if seconds is not None]
    return known, len(own) - len(known)


@rule(
    "rollback-no-fit",
    ERROR,
    "a rollback called after that minute is not done when the window ends",
    "widen the window, shorten steps, or decide earlier",
)
def _no_fit(subject: Subject) -> Iterator[Hit]:
    fit = _fit(subject)
    if fit is None or fit.fits:
        return
    takes, window = f"the rollback takes {left(fit.total_s)}", f"the window of {left(fit.window_s)}"
    called = f"it fits only when called by {fit.last}"
    if fit.total_s > fit.window_s:
        message = f"{takes}, {window} of {fit.title} is shorter: it never fits"
    elif fit.work_s > fit.window_s:
        message = f"{takes}, and the steps of {fit.title} fill {window}: {called}"
    else:
        rest = left(fit.window_s - fit.work_s)
        message = f"{takes}, the steps of {fit.title} leave {rest} of {window}: {called}"
    yield Hit(subject.plan.rollback.line, message)


@rule(
    "rollback-fit-unknown",
    WARNING,
    "if the steps fill the window, a rollback called at their end runs over it, and nobody sees it coming",
    "give the steps a duration; then the screen says by when each must end",
)
def _fit_unknown(subject: Subject) -> Iterator[Hit]:
    fit = _fit(subject)
    if fit is None or fit.is_known or not fit.fits:
        return
    message = (
        f"the rollback takes {left(fit.total_s)} of the {left(fit.window_s)} of {fit.title}, and nothing says how long "
        f"its steps take: it fits only when called by {fit.last}"
    )
    yield Hit(subject.plan.rollback.line, message)


def slack_s(subject: Subject) -> int | None:
    """The most that anything in the rollback's window may take, so that a rollback still fits after it."""
    total, phase = subject.plan.rollback.sum_s, rollback_phase(subject.plan)
    window = None if phase is None else subject.length_s(phase)
    return None if window is None or window <= total else int(window - total)
