"""From nodes to a plan: each part of the format, and every mistake with its place and what to do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.base.errors import InvalidChecklist
from deploytui.plan.build import build_plan
from deploytui.plan.key import STAGES
from deploytui.plan.model import (
    Acceptance,
    Band,
    Command,
    Condition,
    Contact,
    Gate,
    Limit,
    Mark,
    Note,
    PlannedStop,
    SignoffRole,
    Variable,
)
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.part.context import Context, Ids, References, Report
from deploytui.plan.part.item import build_items
from deploytui.plan.source import HttpSource, TlsSource
from deploytui.plan.word import ID_PATTERN
from tests.plan.sample import FULL, only_group, only_item, problems, read, told, with_items, with_line

PLAN = read(FULL)
ITEMS = {item.id: item for _, phase in PLAN.phases() for group in phase.groups for item in group.items}
GAUGES = {gauge.id: gauge for gauge in PLAN.gauges}


def test_reads_what_a_plan_is_about() -> None:
    assert (PLAN.title, PLAN.zone, PLAN.go_live) == ("SalesSync", "Europe/Berlin", None)
    assert PLAN.facts == (("version", "4.2.0"), ("environment", "production"))
    assert PLAN.mask == ("db-1.internal",)
    assert PLAN.skip_reasons == ("not in this release", "not applicable tonight")
    assert PLAN.variables == (
        Variable("app_url", ask="base URL of the application", line=6),
        Variable("db_token", env="SALESSYNC_TOKEN", is_secret=True, line=7),
        Variable("region", value="eu-1", line=8),
    )


def test_reads_stages_phases_and_groups() -> None:
    assert [[phase.id for phase in stage.phases] for stage in PLAN.stages] == [
        ["infra", "pre"],
        ["exec"],
        ["day1"],
    ]
    infra, pre = PLAN.stages[0].phases
    assert infra.window is not None
    assert (infra.window.start.offset_s, infra.window.end.offset_s) == (-18 * 86400, -13 * 86400)
    assert pre.owner == "Ana"
    assert infra.groups[0].owner == "DevOps Lead"
    steps = PLAN.stages[1].phases[0].groups[0]
    assert steps.is_ordered
    assert all(item.is_ordered for item in steps.items)
    assert not any(item.is_ordered for item in ITEMS["exec.5"].items)


def test_reads_items() -> None:
    assert ITEMS["prep.deployment-team-assembled"].text == "Deployment team assembled"
    backup = ITEMS["pre.backup"]
    assert (backup.owner, backup.marks, backup.needs_evidence) == ("DBA", (Mark.BACKUP,), True)
    assert ITEMS["pre.ann"].announce == "Until {window_end}"
    assert ITEMS["pre.ann"].link == "https://status.example"
    assert ITEMS["pre.go"].gate == Gate("before", ("errors", "pre.backup"), 1200)
    assert (ITEMS["exec.1"].optional, ITEMS["exec.1"].duration_s) == ("if upgrading", 300)
    assert ITEMS["exec.3"].needs == ("pre.backup",)
    assert ITEMS["exec.3"].run == Command(("make", "migrate"), 900)
    assert ITEMS["exec.3"].when == Condition("pending")
    assert ITEMS["exec.8"].when == Condition("latency", "ok", 60, "self")
    assert ITEMS["exec.8"].note == "ask Ana first"
    assert ITEMS["exec.8"].limit == Limit("<", 500, "ms", "Response times")
    assert (edge := ITEMS["exec.5"].not_before) is not None
    assert edge.offset_s == 600
    assert ITEMS["day1.mon"].every_s == 7200
    assert [inner.id for inner in ITEMS["exec.5"].items] == ["exec.5.node-one", "exec.5.node-two"]


def test_reads_gauges() -> None:
    errors = GAUGES["errors"]
    assert (errors.title, errors.target, errors.unit, errors.every_s, errors.timeout_s) == (
        "Error rate",
        "app",
        "%",
        5,
        3,
    )
    assert errors.ok == Band(Limit("<", 0.1, "%"), for_s=60)
    assert errors.breach == Band(Limit(">", 5, "%"), for_s=300, samples=100)
    assert errors.source == HttpSource("${app_url}/health", "error_rate", 300, line=11)
    assert GAUGES["latency"].ok == Band(Limit("<", 500, "ms"), times=3)
    assert (GAUGES["slower"].looks_at, GAUGES["slower"].is_relative) == ("latency", True)
    assert (GAUGES["cpu"].source.measure, GAUGES["cpu"].host) == ("cpu", "app-1")
    certs = GAUGES["certs"].source
    assert certs == TlsSource("app.example:443", line=certs.line)
    assert GAUGES["queries"].source.token_env == "PROM_TOKEN"
    assert GAUGES["pending"].source.command == ("ssh", "db1", "migrate", "--pending")
    assert getattr(GAUGES["played"].source, "values", None) == ("1", "2", "none")


@pytest.mark.parametrize(
    ("text", "redirects"),
    [
        ("", ()),
        (", redirects: none", "none"),
        (", redirects: [sso.example, '::1']", ("sso.example", "::1")),
    ],
)
def test_reads_where_redirects_may_lead(text: str, redirects: object) -> None:
    gauge = f"gauges: {{web: {{title: Web, source: {{http: 'http://a/', measure: up{text}}}}}}}\n"
    source = read(with_items("- x", gauge)).gauges[0].source
    assert source == HttpSource("http://a/", "up", redirects=redirects, line=source.line)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["some", "[a/b]", "['http://a']", "{a: b}"])
def test_redirects_are_none_or_hosts(text: str) -> None:
    gauge = (
        f"gauges: {{web: {{title: Web, source: {{http: 'http://a/', measure: up, redirects: {text}}}}}}}\n"
    )
    assert [problem.key for problem in problems(with_items("- x", gauge))] == ["redirects"]


@pytest.mark.parametrize("proxy", ["http://proxy.example:3128", "http://${login}@proxy:3128", "${proxy}"])
def test_reads_the_proxy_to_ask_through(proxy: str) -> None:
    gauge = (
        f"gauges: {{web: {{title: Web, source: {{prometheus: 'http://a/', query: up, proxy: '{proxy}'}}}}}}\n"
    )
    assert read(with_items("- x", gauge)).gauges[0].source.proxy == proxy


@pytest.mark.parametrize(
    "source",
    ["http: 'http://a/', measure: up, proxy: 'socks5://p:1'", "http: 'http://a/', measure: up, proxy: p:1",
     "tcp: 'a:1', proxy: 'http://p:1'"],
)  # fmt: skip
def test_only_web_sources_go_through_a_proxy_and_it_speaks_http(source: str) -> None:
    gauge = f"gauges: {{web: {{title: Web, source: {{{source}}}}}}}\n"
    assert [problem.key for problem in problems(with_items("- x", gauge))] == ["proxy"]


def test_reads_the_planned_stop_as_one_or_as_a_list() -> None:
    stop = PlannedStop("exec.1", "exec.5", 1500, 240, ("app",))
    assert PLAN.planned_stops == (stop,)
    listed = FULL.replace("planned_stop: {", "planned_stop: [{").replace(
        "targets: [app]}", "targets: [app]}]"
    )
    assert read(listed).planned_stops == (stop,)


def test_reads_the_rollback_and_the_criteria() -> None:
    rollback = PLAN.rollback
    assert (rollback.limit_s, rollback.sum_s, rollback.window, rollback.restore) == (
        1800,
        1200,
        "exec",
        "backup",
    )
    assert [item.id for item in rollback.triggers] == ["rollback.data-loss-occurring", "rb.errors"]
    assert [(stage.id, stage.title, stage.budget_s) for stage in rollback.stages] == [
        ("rb1", "Decision", 300),
        ("rb2", "Execution", 900),
    ]
    assert rollback.stages[1].items[0].decide
    assert (PLAN.criteria[0].kind, PLAN.criteria[0].items[0].when) == ("technical", Condition("errors"))


def test_reads_people_notes_and_acceptances() -> None:
    assert PLAN.contacts == (
        Contact("Deployment Team", "DBA", phone="+1 555 0100", line=PLAN.contacts[0].line,
                places=("name", "phone", "email")),
    )  # fmt: skip
    assert [(role.when, role.role, role.name) for role in PLAN.signoffs] == [
        ("before", "Technical Lead", None), ("before", "CTO", "Kim"), ("after", "Support Manager", None),
    ]  # fmt: skip
    assert isinstance(PLAN.signoffs[0], SignoffRole)
    line = PLAN.notes[0].line
    assert PLAN.notes == (
        Note("known-issue", "Missing tenant header accepted", line, "Low", "after go-live"),
    )
    assert PLAN.accept[0] == Acceptance(
        "no-traffic-item", "ANA", "first install", until="2026-12-31", line=PLAN.accept[0].line
    )


@pytest.mark.parametrize(
    "text", ["[Phone]", "____", "TBD", "tbd", "{{phone}}", "...", "?", "", "<phone>", "-"]
)
def test_a_placeholder_is_nothing(text: str) -> None:
    plan = read(with_line(f'contacts: [{{team: A, role: B, phone: "{text}"}}]'))
    assert plan.contacts[0].phone is None


@pytest.mark.parametrize(
    "text", ["+49 30 1234", "Ana [on call]", "ana@example.com", "<ana@example.com>", "x"]
)
def test_what_is_filled_in_is_kept(text: str) -> None:
    assert read(with_line(f'contacts: [{{team: A, role: B, phone: "{text}"}}]')).contacts[0].phone == text


def test_a_plan_that_states_its_go_live_keeps_its_windows_as_offsets() -> None:
    text = FULL.replace("zone: Europe/Berlin", "go_live: 2025-11-22T02:00Z").replace(
        "window: T-2h .. T\n", "window: 2025-11-22T00:00Z .. 2025-11-22T02:00Z\n"
    )
    plan = read(text)
    assert plan.go_live == datetime(2025, 11, 22, 2, tzinfo=UTC)
    window = plan.stages[0].phases[1].window
    assert window is not None
    assert (window.start.offset_s, window.start.at, window.end.offset_s) == (-7200, None, 0)


# Ids


def test_derived_ids_come_from_the_path_and_repeats_are_numbered() -> None:
    group = only_group(
        read(
            with_items("- Check logs\n- Check logs\n- {text: Check logs, items: [Check logs]}\n- Ä ß\n- 日本")
        )
    )
    assert [item.id for item in group.items] == [
        "work.check-logs", "work.check-logs-2", "work.check-logs-3", "work.a", "work.item",
    ]  # fmt: skip
    assert group.items[2].items[0].id == "work.check-logs-3.check-logs"


def test_a_derived_id_never_takes_the_name_of_a_given_one() -> None:
    group = only_group(
        read(
            with_items(
                "- Check logs\n- Check logs\n- {id: work.check-logs, text: other}\n- {id: work.check-logs-3, text: x}"
            )
        )
    )
    assert [item.id for item in group.items] == [
        "work.check-logs-2",
        "work.check-logs-4",
        "work.check-logs",
        "work.check-logs-3",
    ]


def test_derived_ids_stay_within_eighty_characters() -> None:
    text = with_items("- " + "word " * 60 + "\n- " + "word " * 60).replace("id: work", f"id: {'g' * 80}")
    first, second = only_group(read(text)).items
    assert (len(first.id), len(second.id)) == (80, 80)
    assert first.id != second.id
    assert first.id.endswith("word-word")


def test_phases_and_groups_without_ids_get_theirs_from_their_titles() -> None:
    text = with_items("- one").replace("      id: night\n", "").replace("          id: work\n", "")
    phase = read(text).stages[1].phases[0]
    assert (phase.id, phase.groups[0].id, phase.groups[0].items[0].id) == (
        "night",
        "night.work",
        "night.work.one",
    )


@pytest.mark.parametrize(
    "items",
    ["- {id: a, text: x}\n- {id: a, text: y}", "- {id: night, text: x}", "- {id: work, text: x}",
     "- {id: a, text: x, items: [{id: a, text: y}]}"],
)  # fmt: skip
def test_an_id_stands_once_in_the_plan(items: str) -> None:
    (problem,) = problems(with_items(items))
    assert "again: it stands in line" in problem.found


def test_gauges_share_the_ids_of_the_plan() -> None:
    gauge = "gauges: {a: {title: A, source: {host: cpu}}}\n"
    assert "again" in told(with_items("- {id: a, text: x}", gauge))


@pytest.mark.parametrize("bad", ["A", "-a", "a b", "ä", "a" * 81, "''", ".a", "a/b"])
def test_an_id_has_a_narrow_form(bad: str) -> None:
    (problem,) = problems(with_items(f"- {{id: {bad}, text: x}}"))
    assert problem.key == "id"


@given(
    st.lists(st.text(min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=12),
    st.text(max_size=100),
)
def test_derived_ids_are_valid_and_unique_for_any_texts(texts: list[str], title: str) -> None:
    leaf = Sequence(
        [Mapping([(Scalar("text", 2), Scalar(text, 2))], 2) for text in texts for _ in range(2)], 2
    )
    group = Mapping([(Scalar("group", 1), Scalar(title.strip() or "x", 1)), (Scalar("items", 1), leaf)])
    phase = Mapping([(Scalar("phase", 1), Scalar("Night", 1)), (Scalar("groups", 1), Sequence([group], 1))])
    stages: list[tuple[Scalar, Node]] = [
        (Scalar(name, 1), Sequence([phase] if name == "execution" else [], 1)) for name in STAGES
    ]
    plan = build_plan(
        Mapping(
            [
                (Scalar("deploytui", 1), Scalar("1", 1)),
                (Scalar("title", 1), Scalar("t", 1)),
                (Scalar("stages", 1), Mapping(stages)),
            ]
        ),
        "x.yaml",
    )
    ids = [item.id for item in only_group(plan).items]
    assert len(ids) == len(set(ids)) == 2 * len(texts)
    assert all(re.fullmatch(ID_PATTERN, name) for name in [*ids, only_group(plan).id])


def test_items_nested_without_end_are_refused_by_their_line() -> None:
    """Nodes may come from a reader that does not bound them itself."""
    node = Mapping([(Scalar("text", 99), Scalar("x", 99))], 99)
    for line in range(98, 0, -1):
        node = Mapping(
            [(Scalar("text", line), Scalar("x", line)), (Scalar("items", line), Sequence([node], line))], line
        )
    report = Report("x.yaml")
    build_items(Context(report, Ids(report, node), References(report)), [node], "a")
    with pytest.raises(InvalidChecklist, match=r"x\.yaml:17:1: items: found items nested deeper than 16"):
        report.close()


# References


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        (FULL.replace("needs: [pre.backup]", "needs: [pre.bakcup]"), "needs", "pre.backup"),
        (FULL.replace("gauge: pending", "gauge: pendin"), "gauge", "pending"),
        (FULL.replace("relies_on: [errors,", "relies_on: [eror,"), "relies_on", "errors"),
        (FULL.replace("from: exec.1", "from: exce.1"), "from", "exec.1"),
        (FULL.replace("to: exec.5", "to: exec.55"), "to", "exec.5"),
        (FULL.replace("window: exec", "window: exek"), "window", "exec"),
        (FULL.replace("source: {gauge: latency}", "source: {gauge: latenzy}"), "gauge", "latency"),
        (FULL.replace("targets: [app]", "targets: [ap]"), "targets", "app"),
        (FULL.replace("by: ANA", "by: ANA, item: exec.33"), "item", "exec.3"),
        (
            FULL.replace(
                '{http: "${app_url}/health", measure: p95', '{http: "${ap_url}/health", measure: p95'
            ),
            "source",
            "app_url",
        ),
    ],
)
def test_a_reference_to_nothing_names_the_nearest(text: str, key: str, near: str) -> None:
    (problem,) = problems(text)
    assert (problem.key, problem.try_) == (key, near)
    assert problem.line is not None


# Everything at once


def test_every_problem_is_told_in_the_order_of_the_file() -> None:
    text = with_items(
        """
        - {text: one, ownr: DBA}
        - {id: A, text: two}
        - {text: three, duration: soon}
        - {text: four, needs: [nothing]}
        - {text: five, text: six}
        """,
        "titel: x\nzone: Europe/Berln\n",
    )
    found = problems(text)
    assert [problem.line for problem in found] == sorted(problem.line or 0 for problem in found)
    assert [problem.try_ for problem in found if problem.try_] == ["title", "Europe/Berlin", "owner", "a"]
    assert len(found) == 7
    assert all(problem.file == "plan.yaml" and problem.line and problem.col for problem in found)


def test_a_long_list_of_problems_is_cut_and_counted() -> None:
    found = problems(with_items("\n".join(f"- {{text: x, k{n}: y}}" for n in range(500))))
    assert len(found) == 201
    assert found[-1].found == "and 300 more problems"


def test_a_problem_reads_like_a_sentence() -> None:
    assert told(with_items("- {text: one, duraton: 5m}")) == (
        'plan.yaml:13:27: items: found "duraton", expected a key of an item: id, text, optional, owner, note, link, '
        "evidence, needs, duration, not_before, every, when, run, announce, gate, marks, decide, items; try duration"
    )


# Bounds, each at its edge and one past it


def test_the_bound_on_the_number_of_items() -> None:
    assert len(only_group(read(with_items("- x\n" * 100_000))).items) == 100_000
    (problem,) = problems(with_items("- x\n" * 100_001))
    assert problem.found == "more than 100,000 items"
    assert problem.line == 12 + 100_001


@pytest.mark.parametrize(
    ("form", "most"),
    [("- {{text: {}}}", 2_000), ("- {{text: x, owner: {}}}", 2_000), ("- {{text: x, note: {}}}", 16_000),
     ("- {{text: x, announce: {}}}", 16_000), ("- {{text: x, run: {{command: [{}]}}}}", 8_000)],
)  # fmt: skip
def test_the_bounds_on_texts(form: str, most: int) -> None:
    read(with_items(form.format("a" * most)))
    (problem,) = problems(with_items(form.format("a" * (most + 1))))
    assert problem.line == 13
    assert f"at most {most:,}" in str(problem)


def test_texts_are_cleaned_where_they_enter() -> None:
    item = only_item('- text: "a\\e[31mb\\u202ec"\n  note: "one\\ntwo\\a"')
    assert item.text == "a\u241b[31mb\ufffdc"
    assert item.note == "one\ntwo\u2407"


def test_a_command_that_would_not_show_is_refused() -> None:
    (problem,) = problems(with_items('- {text: x, run: {command: [rm, "a\\u202eb"]}}'))
    assert problem.expected == "printable text"
    item = only_item('- {text: x, run: {command: [sh, -c, "one\\ntwo"]}}')
    assert item.run is not None
    assert item.run.argv == ("sh", "-c", "one\ntwo")


def test_all_items_are_those_of_every_part_each_before_what_is_below_it() -> None:
    tail = """
        rollback:
          triggers: [trigger]
          stages: [{stage: Back, items: [{text: step, items: [substep]}]}]
        criteria: [{title: Good, kind: technical, items: [criterion]}]
    """
    plan = read(with_items("[{text: a, items: [{text: b, items: [c]}, d]}, e]", dedent(tail).lstrip()))
    stages = ["a", "b", "c", "d", "e"]
    assert [item.text for item in plan.stage_items()] == stages
    assert [item.text for item in plan.all_items()] == [*stages, "trigger", "step", "substep", "criterion"]
