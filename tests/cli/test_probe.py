"""`probe`: every gauge once, in words and as JSON, and exit 1 when one is in breach."""

from __future__ import annotations

from tests.cli.conftest import Box

GAUGES = """
variables: {{app_url: {{ask: base URL}}}}
gauges:
  one: {{title: Queue, target: app, unit: jobs, source: {{scripted: ["{value}"]}}, ok: "< 5", breach: "> 50"}}
  two: {{title: Silent, source: {{scripted: ["error: connection refused"]}}, ok: "< 5"}}
  three: {{title: Health, source: {{http: "${{app_url}}/health", measure: up}}, ok: "= 1"}}
  four: {{title: Slower, unit: "%", source: {{gauge: one}}, relative: baseline, breach: "> 50"}}
  five: {{title: Pending, source: {{command: [echo, "3"], read: number}}, ok: "< 5"}}
"""


def with_gauges(box: Box, value: str = "2") -> None:
    box.checklist.write_text(box.checklist.read_text() + GAUGES.format(value=value))


def test_every_gauge_with_its_level_and_why(box: Box) -> None:
    with_gauges(box)
    found = box.run("probe", "ship.yaml")
    assert (found.code, found.err) == (0, "")
    assert found.out.splitlines() == [
        "ok       Queue    2 jobs, ok is < 5  [app]",
        "no data  Silent   connection refused",
        "no data  Health   app_url is not set (--set app_url=…)",
        "no data  Slower   no baseline captured (B)",
        "no data  Pending  not trusted yet (--trust)",
    ]


def test_commands_are_read_where_they_are_trusted(box: Box) -> None:
    with_gauges(box)
    assert "ok       Pending  3, ok is < 5" in box.run("probe", "ship.yaml", "--trust").out


def test_a_breach_is_exit_1_and_the_same_in_json(box: Box) -> None:
    with_gauges(box, "99")
    found = box.run("probe", "ship.yaml", "--json")
    assert found.code == 1
    assert [gauge["id"] for gauge in found.data["gauges"]] == ["one", "two", "three", "four", "five"]
    assert found.data["gauges"][0] == {
        "id": "one",
        "title": "Queue",
        "target": "app",
        "value": 99,
        "unit": "jobs",
        "level": "breach",
        "why": "99 jobs, breach is > 50",
        "age_s": 0,
        "in_level_s": 0,
        "settling": None,
    }
    assert found.data["gauges"][1]["value"] is None


def test_one_look_says_that_a_good_value_has_not_held_yet(box: Box) -> None:
    with_gauges(box)
    text = box.checklist.read_text().replace('ok: "< 5", breach', 'ok: {limit: "< 5", for: 1m}, breach')
    box.checklist.write_text(text)
    first = box.run("probe", "ship.yaml").out.splitlines()[0]
    assert first == "settling Queue    2 jobs, ok is < 5, ok for 0 s of 1 min  [app]"
    one = box.run("probe", "ship.yaml", "--json").data["gauges"][0]
    assert (one["level"], one["settling"]) == ("watch", "0 s of 1 min")


def test_no_data_is_no_breach_and_a_wrong_name_is_exit_2(box: Box) -> None:
    with_gauges(box, "error: down")
    assert box.run("probe", "ship.yaml").code == 0
    assert box.run("probe", "nope.yaml").code == 2
    assert box.run("probe", "ship.yaml", "--set", "x=1").code == 2


def test_a_checklist_without_gauges(box: Box) -> None:
    assert box.run("probe", "ship.yaml").out == "this checklist has no gauges\n"
    assert box.run("probe", "ship.yaml", "--json").data == {"gauges": []}
