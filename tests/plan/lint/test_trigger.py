"""Triggers without a duration, triggers that fire in the planned stop, and the grey zone between two limits."""

from __future__ import annotations

import pytest

from tests.plan.lint.sample import SOUND, codes, line_of, lint_yaml, only, spoiled

UNBOUND = ('text: "Error rate > 5%", when: {gauge: errors, is: breach}', 'text: "Error rate > 5%"')
DOWN = 'text: "System unavailable > 15 minutes", when: {gauge: down, is: breach}'
STOP = "planned_stop: {from: exec.stop, to: exec.start, max: 25m, targets: [app]}\n"


def trigger(text: str) -> str:
    """The sound night with one more trigger, bound to nothing."""
    return SOUND.replace("  triggers:\n", f'  triggers:\n    - {{id: rb.more, text: "{text}"}}\n')


def test_a_trigger_without_duration_or_sample_size() -> None:
    text = spoiled(UNBOUND)
    found = only(lint_yaml(text), "trigger-vague")
    assert (found.item, found.line) == ("rb.errors", line_of(text, "id: rb.errors"))


@pytest.mark.parametrize("breach", ['"> 5"', '{limit: "> 5"}'])
def test_a_gauge_that_fires_at_the_first_sample_is_as_vague(breach: str) -> None:
    text = spoiled(('breach: {limit: "> 5", for: 5m, samples: 100}', f"breach: {breach}"))
    assert only(lint_yaml(text), "trigger-vague").item == "rb.errors"


@pytest.mark.parametrize("more", ["for: 5m", "samples: 100", "times: 3"])
def test_either_of_duration_samples_and_times_is_enough(more: str) -> None:
    assert lint_yaml(spoiled(("for: 5m, samples: 100", more))) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Queue longer than it was", "Data loss occurring", "Memory > 90% for 5 minutes", "Queue > 1000 for 10 min",
        "Orders failed > 20 in 5 minutes", "Checkout errors > 50 per minute", "Timeouts > 3 consecutive checks",
        "Service down > 5 min", "Job late > 2 hours", "Logins failed > 10% of 200 requests",
        "Fehlerrate > 5 % für 10 Minuten", "Taux d'erreur > 5 % pendant 10 minutes", "Errores > 5 % durante 2 horas",
        "Ошибки > 5 % в течение 10 минут", "エラー率 > 5% が10分間", "错误率 > 5% 持续 10 分钟",
    ],
)  # fmt: skip
def test_what_is_not_vague(text: str) -> None:
    assert "trigger-vague" not in codes(lint_yaml(trigger(text)))


@pytest.mark.parametrize(
    "text",
    ["Memory > 90%", "Response time > 2s", "p95 latency > 800ms", "Queue > 1000", "Throughput < 20 MB/s"],
)
def test_what_is_vague(text: str) -> None:
    assert "trigger-vague" in codes(lint_yaml(trigger(text)))


def test_an_availability_trigger_that_would_fire_in_the_stop() -> None:
    text = spoiled((STOP, ""))
    found = only(lint_yaml(text), "trigger-in-stop")
    assert (found.item, found.line) == ("rb.down", line_of(text, "id: rb.down"))
    assert "fire after 15 min" in found.message
    assert "planned_stop: {from: exec.stop, to: exec.start, max: 30m, targets: [app]}" in found.proposal


def test_max_is_bounded_by_the_rollback_where_the_steps_have_no_durations() -> None:
    text = spoiled((STOP, ""), ("marks: [stops], duration: 5m", "marks: [stops]"))
    assert "max: 1h25m" in only(lint_yaml(text), "trigger-in-stop").proposal


def test_a_stop_planned_shorter_than_the_trigger_is_no_finding() -> None:
    text = spoiled((STOP, ""), ("marks: [backup], duration: 10m", "marks: [backup], duration: 1m"),
                   ("needs: [pre.base], duration: 10m", "needs: [pre.base], duration: 1m"))  # fmt: skip
    assert lint_yaml(text) == ()


def test_a_stop_that_rests_another_target_does_not_help() -> None:
    text = spoiled(
        ("targets: [app]", "targets: [db]"),
        ("title: Degradation\n    target: app", "title: Degradation\n    target: db"),
    )
    assert only(lint_yaml(text), "trigger-in-stop").item == "rb.down"


def test_a_trigger_ticked_by_hand_rests_in_any_planned_stop() -> None:
    assert lint_yaml(spoiled((DOWN, 'text: "System unavailable > 15 minutes"'))) == ()
    text = spoiled((DOWN, 'text: "System unavailable > 15 minutes"'), (STOP, ""))
    assert only(lint_yaml(text), "trigger-in-stop").item == "rb.down"


def test_nothing_stops_nothing_fires() -> None:
    text = spoiled((STOP, ""), ("Stop the application, marks: [stops]", "Drain the first instance"))
    assert "trigger-in-stop" not in codes(lint_yaml(text))


def test_a_wide_band_between_good_and_bad() -> None:
    text = spoiled(('ok: "< 1"', 'ok: "< 0.1"'), ("text: Error rate < 1%", "text: Error rate < 0.1%"))
    found = only(lint_yaml(text), "error-band-wide")
    assert (found.item, found.line) == ("rb.errors", line_of(text, "id: rb.errors"))
    assert f"< 0.1 % (line {line_of(text, 'id: exec.errors')}) and > 5 %" in found.message


def test_gauges_alone_can_have_a_wide_band() -> None:
    text = spoiled(('ok: "< 1"', 'ok: "< 0.1"'),
                   ("            - {id: exec.errors, text: Error rate < 1%, when: {gauge: errors, is: ok}, duration: 1m}\n", ""),
                   ('    - {id: rb.errors, text: "Error rate > 5%", when: {gauge: errors, is: breach}}\n', ""))  # fmt: skip
    assert only(lint_yaml(text), "error-band-wide").item == "errors"


def test_a_step_in_between_narrows_the_band() -> None:
    text = spoiled(('ok: "< 1"', 'ok: "< 0.1"'), ("text: Error rate < 1%", "text: Error rate < 0.1%"))
    text = text.replace(
        "  triggers:\n", '  triggers:\n    - {text: "Error rate > 1% for 10 minutes over 500 requests"}\n'
    )
    assert "error-band-wide" not in codes(lint_yaml(text))


def test_a_wide_band_of_something_else_is_no_finding() -> None:
    assert lint_yaml(trigger("Disk usage > 95% for 5 minutes").replace("CPU usage normal (< 50%)", "Disk usage < 5%")
                     .replace("text: CPU < 50%", "text: fine")) == ()  # fmt: skip


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Availability < 99% for 5 minutes", "after 5 min"), ("Service unreachable", "at once"),
        ("Health checks failing for 10 minutes", "after 10 min"), ("Downtime > 20 minutes", "after 20 min"),
    ],
)  # fmt: skip
def test_every_way_to_speak_of_an_outage(text: str, after: str) -> None:
    plan = spoiled((STOP, ""), (DOWN, f'text: "{text}"'))
    assert f"fire {after}, " in only(lint_yaml(plan), "trigger-in-stop").message


@pytest.mark.parametrize(
    "text",
    [
        "Conversions down by 20% for 1 hour",
        "Orders are lost",
        "Uptime reports look odd",
        "Queue > 500 for 20 min",
    ],
)
def test_what_is_no_outage(text: str) -> None:
    assert "trigger-in-stop" not in codes(lint_yaml(spoiled((STOP, ""), (DOWN, f'text: "{text}"'))))
