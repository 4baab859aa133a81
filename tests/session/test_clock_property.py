"""What always holds of the clock, whatever was held, moved or ticked: forecasts, last minutes, and safe rounding."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from deploytui.base.errors import Refused
from deploytui.base.units import left, over
from deploytui.plan.model import Plan, RollbackStage
from deploytui.plan.schedule import place
from deploytui.session.act import CheckItem, HoldWork, MoveEdge, ResumeWork, StartItem
from deploytui.session.alarm import roll_back_by
from deploytui.session.forecast import forecasts
from deploytui.session.session import Session
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, GO_LIVE, opened, small_plan
from tests.session.test_night_clock import timed_plan

_WORDS = re.compile(
    r"(?:(?P<d>\d+) d)?(?: ?(?P<h>\d+) h)?(?: ?(?P<m2>\d\d)$)?(?:(?P<m>\d+) min)?(?:(?P<s>\d+) s)?"
)
EDGES = ("exec.start", "exec.end", "post.start", "post.end", "pre.end", "go-live")
SECONDS = st.floats(0, 60 * 86_400, allow_nan=False)
moves = st.lists(st.tuples(st.sampled_from(EDGES), st.integers(-90, 90).filter(bool)), max_size=6)


def read_back(text: str) -> tuple[float, float]:
    """A duration as it stands on the screen: its seconds, and the unit that it was rounded to."""
    found = _WORDS.fullmatch(text)
    assert found is not None, text
    parts = {name: int(value) for name, value in found.groupdict().items() if value}
    seconds = parts.get("d", 0) * 86_400 + parts.get("h", 0) * 3600
    seconds += (parts.get("m", 0) + parts.get("m2", 0)) * 60 + parts.get("s", 0)
    unit = 1 if "s" in parts else 60 if "m" in parts or "m2" in parts else 3600 if "h" in parts else 86_400
    return seconds, unit


def apply_moves(session: Session, asked: list[tuple[str, int]]) -> dict[str, int]:
    """What was agreed, in minutes by edge; a move that makes no sense is refused."""
    total: dict[str, int] = {}
    for edge, minutes in asked:
        try:
            session.perform(MoveEdge(edge, minutes * 60, "agreed"), ANA)
        except Refused:
            continue
        total[edge] = total.get(edge, 0) + minutes
    return total


@given(SECONDS)
def test_time_left_is_never_more_than_there_is_and_time_over_never_less(seconds: float) -> None:
    said, unit = read_back(left(seconds))
    assert said <= seconds < said + unit
    said, unit = read_back(over(seconds))
    assert said - unit < seconds <= said


@settings(max_examples=60, deadline=None)
@given(st.integers(-10_000, 20_000), st.integers(0, 10), moves)
def test_every_duration_of_the_timeline_and_the_bars_is_rounded_the_safe_way(
    seconds: int, done: int, asked: list[tuple[str, int]]
) -> None:
    session, clock = opened(at=GO_LIVE - timedelta(hours=3))
    apply_moves(session, asked)
    for step in range(1, done + 1):
        session.perform(CheckItem(f"exec.{step}"), ANA)
    now = GO_LIVE + timedelta(seconds=seconds)
    clock.advance((now - clock.now()).total_seconds())
    spans, glance = session.spans(), Viewer(session).glance(now, "exec")
    for row in glance.timeline:
        if row.kind != "phase" or row.phase not in spans:
            continue
        span = spans[row.phase]
        check(row.detail, "in {}", (span.start_at - now).total_seconds())
        check(row.detail, "{} left", (span.end_at - now).total_seconds())
        check(row.detail, "{} over", (now - span.end_at).total_seconds(), is_over=True)
    fits = roll_back_by(session)
    assert fits is not None
    check(glance.alarm.rollback.partition(", ")[2], "{} left", (fits[0].start_by - now).total_seconds())
    if session.go_live is not None:
        ahead = (session.go_live - now).total_seconds()
        check(glance.go_live, "go-live in {}" if ahead > 0 else "go-live +{}", abs(ahead))


def check(text: str, form: str, seconds: float, *, is_over: bool = False) -> None:
    """Where `text` is of this form, the duration in it errs on the safe side and by less than its unit."""
    found = re.fullmatch(re.escape(form).replace(r"\{\}", "(.+)"), text)
    if found is None:
        return
    said, unit = read_back(found[1])
    if is_over:
        assert said - unit < seconds <= said
    else:
        assert said <= seconds < said + unit


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9), st.integers(1, 240), st.integers(0, 240))
def test_a_hold_moves_forecasts_and_never_a_window(done: int, held_min: int, later_min: int) -> None:
    session, clock = opened(plan=timed_plan())
    for step in range(1, done + 1):
        session.perform(CheckItem(f"exec.{step}", why_now="early"), ANA)
    session.perform(StartItem(f"exec.{done + 1}", why_now="early"), ANA)
    windows = dict(session.spans())
    before = forecasts(session, clock.now())["exec"].end_at
    session.perform(HoldWork("waiting", held_min * 60), ANA)
    during = forecasts(session, clock.now())["exec"].end_at
    assert before is not None
    assert during == before + timedelta(minutes=held_min)
    clock.advance(later_min * 60)
    session.perform(ResumeWork(), ANA)
    after = forecasts(session, clock.now())["exec"].end_at
    assert after == before + timedelta(minutes=later_min)  # as long as it really was
    assert session.spans() == windows
    assert session.planned_spans() == windows


@settings(max_examples=60, deadline=None)
@given(moves)
def test_moves_move_windows_by_what_was_agreed_and_keep_the_planned_ones(
    asked: list[tuple[str, int]],
) -> None:
    session, _ = opened()
    planned = place(session.plan, GO_LIVE)
    agreed = apply_moves(session, asked)
    shift = agreed.get("go-live", 0)
    assert session.go_live == GO_LIVE + timedelta(minutes=shift)
    assert session.planned_spans() == planned
    for phase, span in session.spans().items():
        if phase == "infra":  # of whole days: it moves when T reaches another day
            continue
        for edge, at, was in (
            ("start", span.start_at, planned[phase].start_at),
            ("end", span.end_at, planned[phase].end_at),
        ):
            assert at == was + timedelta(minutes=shift + agreed.get(f"{phase}.{edge}", 0))
        assert span.start_at < span.end_at


def budgeted(minutes: list[int]) -> Plan:
    plan = small_plan()
    stages = tuple(
        RollbackStage(f"rb{n}", f"Stage {n}", (), budget_s=each * 60) for n, each in enumerate(minutes)
    )
    return replace(plan, rollback=replace(plan.rollback, stages=stages, limit_s=60))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=5), moves)
def test_the_last_minute_is_the_windows_end_minus_the_sum_of_the_budgets(
    budgets: list[int], asked: list[tuple[str, int]]
) -> None:
    session, _ = opened(plan=budgeted(budgets))
    apply_moves(session, asked)
    fits = roll_back_by(session)
    assert fits is not None
    assert fits[0].start_by == session.spans()["exec"].end_at - timedelta(minutes=sum(budgets))
    assert fits[1].start_by >= fits[0].start_by


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10),
    st.lists(st.integers(1, 120), max_size=3),
    st.integers(0, 600),
    moves,
)
def test_no_forecast_lies_in_the_past(
    done: int, holds: list[int], minutes: int, asked: list[tuple[str, int]]
) -> None:
    session, clock = opened(plan=timed_plan())
    apply_moves(session, asked)
    for step in range(1, done + 1):
        session.perform(CheckItem(f"exec.{step}", why_now="early"), ANA)
    for length in holds:
        session.perform(HoldWork("waiting", length * 60), ANA)
        clock.advance(length * 45)
        session.perform(ResumeWork(), ANA)
    clock.advance(minutes * 60)
    now: datetime = clock.now()
    for forecast in forecasts(session, now).values():
        assert forecast.start_at is None or forecast.start_at >= now
        assert forecast.end_at is None or forecast.end_at >= now
