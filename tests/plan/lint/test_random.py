"""The lint on plans nobody would write: it never crashes, and its time grows with the plan."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from deploytui.plan.finding import Finding
from deploytui.plan.lint import RULES, acceptance_lines, lint
from deploytui.plan.model import (
    Acceptance,
    Band,
    Condition,
    Contact,
    Criteria,
    Edge,
    Gate,
    GaugeSpec,
    Group,
    Item,
    Limit,
    Mark,
    Note,
    Phase,
    Plan,
    PlannedStop,
    Rollback,
    RollbackStage,
    SignoffRole,
    Stage,
    StageName,
    Window,
)
from deploytui.plan.source import GaugeSource, HostSource, HttpSource, TcpSource, TlsSource

_WORDS = (
    "CPU usage", "< 50%", "> 5%", "Error rate", "Uptime", "for 5 minutes", "Stop the application", "Database backed up",
    "Restore database backup", "Monitor", "every 2 hours", "degradation", "unavailable", "Go / no-go", "Timeline:",
    "Nov 24", "Feb 30-Feb 31", "(4 hours)", "Date: Nov 4-8 · Duration: 0 days", "at 13:99 PM", "Duration:", "99999 weeks",
    "☐", "\u202e", "", "/5", "p95", "> 1e9",
)  # fmt: skip
_TEXT = st.one_of(st.lists(st.sampled_from(_WORDS), max_size=5).map(" ".join), st.text(max_size=20))
_IDS = st.sampled_from([f"i{number}" for number in range(12)])
_LINE = st.integers(0, 500)
_SECONDS = st.sampled_from([0, 1, 60, 3600, 86_400, 10**8])
_UNITS = st.sampled_from(["", "%", "ms", "minutes", "/5", "/min", "x", "GB", "µ"])
_LIMIT = st.builds(
    Limit, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), st.floats(-1e12, 1e12), _UNITS, _TEXT
)
_BAND = st.builds(Band, _LIMIT, _SECONDS, st.integers(1, 5), st.integers(0, 500))
_WHEN = st.builds(
    Condition, st.sampled_from(["g0", "g1", "g2", "gone"]), st.sampled_from(["ok", "breach"]), _SECONDS
)
_EDGE = st.one_of(
    st.builds(Edge, offset_s=st.integers(-(10**7), 10**7), is_day=st.booleans()),
    st.builds(Edge, at=st.datetimes(datetime(2000, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))),
)
_WINDOW = st.none() | st.builds(Window, _EDGE, _EDGE, _LINE)


def _item(inner: st.SearchStrategy[tuple[Item, ...]]) -> st.SearchStrategy[Item]:
    return st.builds(
        Item,
        id=_IDS,
        text=_TEXT,
        line=_LINE,
        is_ordered=st.booleans(),
        note=st.none() | _TEXT,
        needs=st.lists(_IDS, max_size=3).map(tuple),
        duration_s=st.none() | _SECONDS,
        every_s=st.none() | _SECONDS,
        limit=st.none() | _LIMIT,
        when=st.none() | _WHEN,
        gate=st.none() | st.just(Gate()),
        marks=st.lists(st.sampled_from(list(Mark)), max_size=2).map(tuple),
        items=inner,
    )


_LEAF = _item(st.just(()))
_ITEMS = st.lists(st.one_of(_LEAF, _item(st.lists(_LEAF, max_size=2).map(tuple))), max_size=4).map(tuple)
_SOURCE = st.one_of(
    st.sampled_from([HostSource("cpu"), TcpSource("a:1"), TlsSource("a:1")]),
    st.builds(HttpSource, st.just("http://a/"), st.sampled_from(["", "up", "error_rate"])),
    st.builds(GaugeSource, st.sampled_from(["g0", "g1", "g2", "gone"])),
)


def _gauge(name: str) -> st.SearchStrategy[GaugeSpec]:
    return st.builds(
        GaugeSpec, st.just(name), _TEXT, _SOURCE, st.sampled_from(["", "app"]), ok=st.none() | _BAND,
        breach=st.none() | _BAND, is_relative=st.booleans(), host=st.sampled_from(["", "app-1"]),
    )  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans with dangling names, ids that repeat, windows that end before they start."""

    def phase(number: int) -> Phase:
        groups = (Group(f"g{number}", draw(_TEXT), draw(_ITEMS), line=draw(_LINE)),)
        return Phase(f"p{number}", draw(_TEXT), groups, draw(_WINDOW), line=draw(_LINE))

    stages: Any = tuple(
        Stage(name, tuple(phase(at * 2 + one) for one in range(draw(st.integers(0, 2)))))
        for at, name in enumerate(StageName)
    )
    some = {"max_size": 2}
    return Plan(
        "Random",
        stages,
        zone=draw(st.sampled_from(["UTC", "Europe/Berlin"])),
        facts=draw(st.lists(st.tuples(st.sampled_from(["duration", "window", "x"]), _TEXT), **some).map(tuple)),
        go_live=draw(st.none() | st.just(datetime(2026, 3, 29, 0, 30, tzinfo=UTC))),
        gauges=draw(st.tuples(_gauge("g0"), _gauge("g1"), _gauge("g2"))),
        planned_stops=draw(st.lists(st.just(PlannedStop("i0", "i1", 60, targets=("app",))), **some).map(tuple)),
        rollback=Rollback(
            draw(_ITEMS),
            tuple(
                RollbackStage(f"rb{number}", "Back", draw(_ITEMS), draw(st.none() | _SECONDS))
                for number in range(draw(st.integers(0, 2)))
            ),
            draw(st.none() | _SECONDS),
            draw(st.sampled_from([None, "p0", "p2", "gone"])),
            draw(st.sampled_from(["backup", "pitr"])),
        ),
        criteria=(Criteria(draw(_TEXT), "technical", draw(_ITEMS)),),
        contacts=draw(st.lists(st.builds(Contact, _TEXT, _TEXT, st.none() | _TEXT, st.none() | _TEXT), **some).map(tuple)),
        signoffs=draw(st.lists(st.builds(SignoffRole, st.sampled_from(["before", "after"]), _TEXT), **some).map(tuple)),
        notes=draw(st.lists(st.builds(Note, st.just("text"), _TEXT, _LINE), **some).map(tuple)),
        accept=draw(
            st.lists(
                st.builds(
                    Acceptance, st.sampled_from([rule.code for rule in RULES]), _TEXT, _TEXT, st.none() | _IDS,
                    st.sampled_from([None, "2020-01-01", "2199-12-31"]),
                ),
                **some,
            ).map(tuple)
        ),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(plans(), st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)))
def test_it_never_crashes_and_is_ordered(plan: Plan, now: datetime | None) -> None:
    found = lint(plan, now=now)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    ranks = [("error", "warning", "info").index(one.severity) for one in found]
    assert ranks == sorted(ranks)
    assert all(isinstance(one, Finding) and one.message and one.meaning and one.proposal for one in found)
    assert found == lint(plan, now=now)
    assert all(acceptance_lines(one, "ANA", "why") for one in found)


def _big(count: int) -> Plan:
    """Every item with something for a rule: limits, needs in one long chain, texts that nearly match."""

    def item(number: int) -> Item:
        text = f"{_WORDS[number % len(_WORDS)]} {_WORDS[number * 7 % len(_WORDS)]} {number % 5000}"
        limit = Limit("<", number % 90, "%", f"CPU usage {number % 3000}") if number % 3 == 0 else None
        needs = (f"n{number - 1}",) if number else ()
        return Item(f"n{number}", text, number + 1, True, needs=needs, limit=limit)

    items = tuple(item(number) for number in range(count))
    window = Window(Edge(offset_s=0), Edge(offset_s=7200))
    stages = (
        Stage(StageName.PRE_DEPLOY, ()),
        Stage(StageName.EXECUTION, (Phase("exec", "Execution", (Group("g", "All", items),), window),)),
        Stage(StageName.POST_DEPLOY, ()),
    )
    back = (RollbackStage("rb", "Back", items[: count // 10], 600),)
    contacts = tuple(Contact("Team", f"Role {number}") for number in range(count // 50))
    signoffs = tuple(SignoffRole("before", f"Signer {number}") for number in range(count // 50))
    return Plan(
        "Big", stages, rollback=Rollback(items[: count // 10], back), contacts=contacts, signoffs=signoffs
    )


def test_its_time_grows_with_the_plan() -> None:
    def seconds(count: int) -> float:
        plan = _big(count)
        begun = time.perf_counter()
        lint(plan)
        return time.perf_counter() - begun

    seconds(1_000)
    small = min(seconds(5_000) for _ in range(3))
    assert seconds(100_000) < small * 20 * 3


def test_a_chain_of_100_000_needs_is_walked_without_recursion() -> None:
    plan = _big(100_000)
    assert "needs-unreachable" not in {one.code for one in lint(plan)}
