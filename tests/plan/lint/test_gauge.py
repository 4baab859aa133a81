"""Samples that never come together, and secrets that stand in the file: said without saying them again."""

from __future__ import annotations

import pytest

from deploytui.metrics.board import Level
from deploytui.metrics.collector import Collector
from tests.metrics.make import band, gauge, sample
from tests.plan.lint.sample import SOUND, codes, line_of, lint_yaml, only, spoiled
from tests.plan.sample import read

SECRET = "sEntinel5f2"
NAMES = ", ".join(f"{name}: {{ask: it}}" for name in ("app_url", "login", "password", "pw", "token", "user"))
DECLARED = ("gauges:\n", f"variables: {{{NAMES}}}\ngauges:\n")


def asking(url: str) -> tuple[str, str]:
    return '"https://app.example/health", measure: up', f'"{url}", measure: up'


def test_a_limit_that_wants_more_answers_than_its_window_has() -> None:
    text = spoiled(("    every: 2s\n", "    every: 5s\n"))
    found = only(lint_yaml(text), "samples-unreachable")
    assert (found.item, found.line, found.severity) == (
        "errors",
        line_of(text, "title: Error rate"),
        "warning",
    )
    assert found.message == (
        "the gauge errors is breach only after 100 answers within 5m, and asks every 5s: 60 is the most there can be,"
        " so it never is"
    )
    assert found.proposal == "samples: 60 or fewer; or every: 3s, over: 8m20s in errors"


@pytest.mark.parametrize(
    ("every_s", "over_s", "samples", "is_reached"),
    [(5, 300, 60, True), (5, 300, 61, False), (7, 60, 9, True), (7, 60, 10, False), (60, 60, 1, True), (60, 60, 2, False)],
)  # fmt: skip
def test_what_is_said_to_be_the_most_is_what_the_desk_can_have(
    every_s: int, over_s: int, samples: int, is_reached: bool
) -> None:
    text = spoiled(
        ("    every: 2s\n", f"    every: {every_s}s\n"),
        ("over: 5m", f"over: {over_s}s"),
        ("samples: 100", f"samples: {samples}"),
    )
    assert ("samples-unreachable" not in codes(lint_yaml(text))) is is_reached
    spec = next(spec for spec in read(text).gauges if spec.id == "errors")
    desk, most = Collector([spec]), 0
    for turn in range(200):
        desk.take("errors", sample(turn * every_s, 1.0))
        most = max(most, desk.board(turn * every_s).readings[0].total or 0)
    assert (most >= samples) is is_reached


def test_a_gauge_that_looks_at_another_has_the_window_of_that_one() -> None:
    text = spoiled(
        (
            "  cpu: {",
            '  few: {title: Few, source: {gauge: latency}, unit: ms, ok: {limit: "< 1", samples: 13}}\n  cpu: {',
        )
    )
    assert only(lint_yaml(text), "samples-unreachable").proposal.endswith("over: 1m5s in latency")


def test_answers_that_no_window_limits_are_reached_some_time() -> None:
    desk = Collector([gauge(band("< 5", samples=100))])
    for turn in range(100):
        desk.take("g", sample(5 * turn, 1.0))
    assert desk.board(495).readings[0].level is Level.OK
    for old, new in (
        ('measure: up}\n    ok: "= 1"', 'measure: up}\n    ok: {limit: "= 1", samples: 1000}'),
        ('breach: {limit: "> 50", for: 5m}', 'breach: {limit: "> 50", for: 5m, samples: 1000}'),
    ):
        assert "samples-unreachable" not in codes(lint_yaml(spoiled((old, new))))


@pytest.mark.parametrize(
    "url",
    [
        f"https://ana:{SECRET}@app.example/health", f"https://${{user}}:{SECRET}@app.example/", f"https://{SECRET}@app.example/",
        f"https://app.example/health?token={SECRET}", f"https://app.example/?a=1&API_KEY={SECRET}",
        f"https://app.example/?x-auth-token={SECRET}",
    ],
)  # fmt: skip
def test_a_secret_in_an_address_is_found_and_not_repeated(url: str) -> None:
    text = spoiled(DECLARED, asking(url))
    found = only(lint_yaml(text), "literal-secret")
    assert (found.item, found.severity) == ("down", "error")
    assert SECRET not in f"{found.message} {found.proposal}"


@pytest.mark.parametrize(
    "url",
    [
        "https://app.example/health", "https://${login}@app.example/", "https://ana:${password}@app.example/",
        "https://app.example/?token=${token}", "https://app.example/?page=2&monkey=7", "${app_url}/?key=", "https://app.example/a@b",
    ],
)  # fmt: skip
def test_an_address_without_a_secret(url: str) -> None:
    assert "literal-secret" not in codes(lint_yaml(spoiled(DECLARED, asking(url))))


@pytest.mark.parametrize(
    ("command", "is_found"),
    [
        (f"[curl, -H, 'Authorization: Bearer {SECRET}']", True), (f"[curl, -H, 'X-Api-Key: {SECRET}']", True),
        (f"[db, --password={SECRET}]", True), (f"[db, --db-password, {SECRET}]", True), (f"[curl, 'http://a:{SECRET}@h/']", True),
        ("[curl, -H, 'Authorization: Bearer ${token}']", False), ("[db, --password-file, /run/secret]", False),
        ("[db, '--password=${pw}']", False), ("[db, --password, '${pw}']", False), ("[ssh, -key, a, make, token]", False),
        ("[db, --token, --verbose]", False), ("[sort, --key, '2']", False),
    ],
)  # fmt: skip
def test_secrets_in_commands(command: str, is_found: bool) -> None:
    gauge_text = f'  own: {{title: Own, source: {{command: {command}}}, ok: "= 0"}}\n  cpu: {{'
    assert ("literal-secret" in codes(lint_yaml(spoiled(DECLARED, ("  cpu: {", gauge_text))))) is is_found
    step = ("text: Stop the application,", f"text: Stop the application, run: {{command: {command}}},")
    found = [one for one in lint_yaml(spoiled(DECLARED, step)) if one.code == "literal-secret"]
    assert [one.item for one in found] == ["exec.stop"] * is_found


def test_a_secret_proxy_login_and_a_secret_variable_with_its_value() -> None:
    proxied = ("measure: up}", f"measure: up, proxy: 'http://ana:{SECRET}@p:1'}}")
    assert only(lint_yaml(spoiled(proxied)), "literal-secret").item == "down"
    variable = ("gauges:\n", f"variables: {{pw: {{value: {SECRET}, secret: true}}}}\ngauges:\n")
    found = only(lint_yaml(spoiled(variable)), "literal-secret")
    assert "the variable pw is secret" in found.message
    assert SECRET not in found.message


def test_the_sound_night_has_neither() -> None:
    assert lint_yaml(SOUND) == ()
