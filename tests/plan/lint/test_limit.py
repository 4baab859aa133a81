"""Limits that contradict each other, compare with nothing, or that nothing can measure."""

from __future__ import annotations

import pytest

from deploytui.plan.limit import limit_in_text
from deploytui.plan.lint.quantity import quantity_of, words_of
from tests.plan.lint.sample import SOUND, codes, line_of, lint_yaml, only, spoiled

CRITERION = "{id: ok.cpu, text: CPU < 50%}"


def with_limits(one: str, other: str) -> str:
    """A night that states these two limits and no other."""
    return spoiled(
        ("CPU usage normal (< 50%)", "fine"),
        ("text: Response times < 500ms", "text: quick"),
        ("text: Error rate < 1%", "text: few errors"),
        ("id: post.look, text: Look at the logs", f'id: post.look, text: "{one}"'),
        (CRITERION, f'{{id: ok.x, text: "{other}"}}'),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CPU usage normal (< 50%)", "CPU < 60%"), ("CPU usage normal (< 50%)", "CPU utilization below target: < 60%"),
        ("Memory usage < 75%", "RAM < 80%"), ("Response times < 500ms", "Average response time < 1s"),
        ("p95 latency < 500ms", "Response time p95 < 400ms"), ("Error rate < 0.1%", "Errors < 1%"),
        ("Database queries < 100ms", "DB query time < 200ms"), ("Disk usage acceptable (< 80%)", "Disk space used < 90%"),
        ("95th percentile response time < 500ms", "p95 response times < 1s"),
    ],
)  # fmt: skip
def test_the_same_quantity_with_two_limits(one: str, other: str) -> None:
    text = with_limits(one, other)
    found = only(lint_yaml(text), "two-limits")
    assert (found.item, found.line) == ("ok.x", line_of(text, "id: ok.x"))
    assert f"line {line_of(text, 'id: post.look')}" in found.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CPU < 50%", "CPU usage normal (< 50%)"), ("Response times < 500ms", "Response time < 0.5 s"),
        ("Response time p95 < 500ms", "Response time p99 < 900ms"), ("Database CPU < 70%", "CPU < 50%"),
        ("Disk usage < 80%", "Disk free > 20%"), ("Error rate < 1%", "Errors < 5"), ("Memory < 75%", "Memory < 2 GB"),
        ("API response time < 500ms", "Page response time < 2s"), ("< 50%", "< 60%"),
        ("User satisfied > 4", "Test coverage > 80%"),
    ],
)  # fmt: skip
def test_what_are_not_two_limits_of_one_quantity(one: str, other: str) -> None:
    text = with_limits(one, other)
    assert "two-limits" not in codes(lint_yaml(text))


def test_a_goal_and_a_trigger_are_not_two_limits() -> None:
    assert lint_yaml(SOUND) == (), "< 1 % is good, > 5 % is bad"


def test_staging_may_have_limits_of_its_own() -> None:
    text = spoiled(
        ("group: Preparation", "group: Staging tests"), ("text: Capture the gauges", "text: CPU < 90%")
    )
    assert lint_yaml(text) == ()
    assert only(lint_yaml(text.replace("Staging tests", "Last look")), "two-limits").item == "exec.cpu"


def test_a_box_and_its_gauge_with_two_limits() -> None:
    text = spoiled(("text: Response times < 500ms", "text: Response times < 400ms"))
    found = only(lint_yaml(text), "two-limits")
    assert found.item == "exec.slow"
    assert "its gauge latency" in found.message


def test_three_limits_are_one_finding() -> None:
    text = spoiled((CRITERION, "{id: ok.cpu, text: CPU < 60%}, {id: ok.more, text: CPU < 70%}"))
    assert codes(lint_yaml(text)) == ["two-limits"]


def test_degradation_without_a_baseline() -> None:
    text = spoiled((", marks: [baseline]", ""))
    found = only(lint_yaml(text), "no-baseline")
    assert (found.item, found.line) == ("rb.slower", line_of(text, "id: rb.slower"))


def test_a_gauge_that_no_box_shows_needs_one_too() -> None:
    trigger = (
        '    - {id: rb.slower, text: "Performance degradation > 50%", when: {gauge: slower, is: breach}}\n'
    )
    text = spoiled((", marks: [baseline]", ""), (trigger, ""))
    assert only(lint_yaml(text), "no-baseline").item == "slower"


def test_an_item_that_speaks_of_a_baseline_captures_it() -> None:
    assert (
        lint_yaml(spoiled(("Capture the gauges, marks: [baseline]", "Record baseline of all gauges"))) == ()
    )


@pytest.mark.parametrize(
    ("text", "is_change"),
    [
        ("Response time increase > 30% for 5 minutes", True), ("Conversions down > 20% for 1 hour", True),
        ("Throughput drop > 10% for 5 min", True), ("Orders 20% lower than last week > 20% for 1 h", False),
        ("Memory > 90% for 5 minutes", False), ("Conversions drop > 20% against last week for 1 hour", False),
    ],
)  # fmt: skip
def test_what_compares_with_a_baseline(text: str, is_change: bool) -> None:
    plan = spoiled((", marks: [baseline]", ""),
                   ('text: "Performance degradation > 50%", when: {gauge: slower, is: breach}', f'text: "{text}"'),
                   ("    relative: baseline\n", ""))  # fmt: skip
    assert ("no-baseline" in codes(lint_yaml(plan))) == is_change


def test_uptime_without_a_window() -> None:
    text = spoiled(("Uptime > 99.9% over the first 7 days", "Uptime > 99.9%"))
    assert only(lint_yaml(text), "uptime-no-window").item == "ok.uptime"


@pytest.mark.parametrize(
    "text",
    ["Monthly uptime > 99.9%", "Availability > 99.5% per month", "Uptime > 99.9% in week 1", "Uptime > 99.9% (24 h)",
     "System uptime better than before"],
)  # fmt: skip
def test_uptime_with_a_window(text: str) -> None:
    assert lint_yaml(spoiled(("Uptime > 99.9% over the first 7 days", text))) == ()


def test_a_follow_up_phase_is_a_window() -> None:
    text = spoiled(("id: post.look, text: Look at the logs", "id: post.look, text: Uptime > 99.9%"))
    assert codes(lint_yaml(text)) == ["uptime-no-window"]
    assert lint_yaml(text.replace("window: T+2h .. T+4h", "window: T .. T+7d")) == ()
    in_title = spoiled(
        ("Uptime > 99.9% over the first 7 days", "Uptime > 99.9%"), ("title: Technical\n", "title: Week 1\n")
    )
    assert lint_yaml(in_title) == ()


def test_a_host_gauge_bound_to_a_box() -> None:
    text = spoiled(
        ("text: CPU usage normal (< 50%)", "text: CPU usage normal (< 50%), when: {gauge: cpu, is: ok}")
    )
    found = only(lint_yaml(text), "host-gauge-bound")
    assert (found.severity, found.item) == ("error", "exec.cpu")
    assert lint_yaml(text.replace("source: {host: cpu}", "source: {host: cpu}, host: app-1")) == ()


def test_a_gauge_of_a_host_gauge_is_one_too() -> None:
    text = spoiled(("source: {gauge: latency}", "source: {gauge: cpu}"))
    assert only(lint_yaml(text), "host-gauge-bound").item == "rb.slower"


def test_a_host_gauge_beside_the_boxes_is_no_finding() -> None:
    assert "host: cpu" in SOUND
    assert lint_yaml(SOUND) == ()


def test_limits_that_nothing_can_measure_are_one_line_of_information() -> None:
    text = spoiled((CRITERION, '{id: ok.u1, text: "User satisfaction > 4.0/5"}, {id: ok.u2, text: NPS > 30}'))
    found = only(lint_yaml(text), "limit-unmeasurable")
    assert (found.severity, found.item) == ("info", "ok.u1")
    assert found.message.startswith("2 limits")


@pytest.mark.parametrize(
    "text", ["Test coverage > 80%", "Disk < 80%", "Requests > 100/s", "Users online > 50"]
)
def test_limits_that_something_can_measure(text: str) -> None:
    assert lint_yaml(spoiled((CRITERION, f'{{id: ok.x, text: "{text}"}}'))) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CPU usage normal", {"cpu"}), ("Response times", {"response"}), ("API latency (p95)", {"api", "response", "p95"}),
        ("RAM", {"memory"}), ("Database queries", {"database", "query"}), ("the", set()), ("内存占用", {"内存占用"}),
        ("Availability", {"uptime"}), ("5xx rate", {"error"}), ("95th percentile", {"p95"}),
    ],
)  # fmt: skip
def test_what_a_limit_measures(text: str, words: set[str]) -> None:
    assert words_of(text) == words


def test_values_are_compared_in_one_unit() -> None:
    one, other = limit_in_text("Latency < 500ms"), limit_in_text("Response time < 0.5 seconds")
    assert one is not None
    assert other is not None
    assert quantity_of(one) == quantity_of(other)
