"""The report: told from the journal alone, complete, and with nothing in it that a reader's program would run."""

from __future__ import annotations

import json

from markdown_it import MarkdownIt

from deploytui.base.mask import Mask, NoMask
from deploytui.report.night import Night, night
from deploytui.report.night_markdown import night_markdown
from deploytui.session.act import (
    AcceptFinding,
    AddNote,
    By,
    CaptureBaseline,
    CheckItem,
    CloseSession,
    FailItem,
    HoldWork,
    InsertItem,
    MakePromise,
    MoveEdge,
    ResumeWork,
    SettlePromise,
    SkipItem,
    StartItem,
    UndoLast,
)
from tests.session.fake import ANA, Driven, opened

HOSTILE = (
    "![x](http://e.example/a.png) <script>alert(1)</script> [l](javascript:x) "
    "| a | `b` http://e.example <b@e.example>"
)


def found_of(session: Driven) -> Night:
    return night(session, session.store.head())


def told(text: str = "waiting for the DBA") -> Driven:
    session, clock = opened()
    session.perform(StartItem("exec.1"), ANA)
    clock.advance(125)
    session.perform(CheckItem("exec.1", evidence=text), ANA)
    session.perform(HoldWork(text, 300), ANA)
    clock.advance(420)
    session.perform(ResumeWork(), ANA)
    session.perform(FailItem("val.1", text), ANA)
    session.perform(SkipItem("val.2", text), ANA)
    session.perform(MakePromise(text, 600), ANA)
    session.perform(SettlePromise(session.state.promises[0].seq, False), ANA)
    session.perform(MoveEdge("exec.end", 1800, text), ANA)
    session.perform(AddNote(f"first line\n{text}", "val.1"), ANA)
    clock.advance(3 * 3600)
    session.perform(CheckItem("exec.2"), ANA)
    session.perform(CloseSession("done-with-exceptions"), ANA)
    return session


def test_what_nobody_planned_has_a_section_of_its_own_and_is_in_no_other_number() -> None:
    session, clock = opened()
    session.perform(InsertItem("exec.1", "Restart | the cache"), By("ANA", "Kim", "phone"))
    session.perform(StartItem("unplanned.1"), ANA)
    clock.advance(60)
    session.perform(CheckItem("unplanned.1"), ANA)
    session.perform(InsertItem("exec.1", "A mistake"), ANA)
    session.perform(UndoLast(), ANA)
    found = found_of(session)
    text = night_markdown(found, NoMask())
    assert "## Unplanned, counted apart" in text
    assert "| Restart \\| the cache | 01 Step 1 | ANA, said Kim | 2025-11-22T02:00:00Z | done |" in text
    assert "| A mistake | 01 Step 1 | ANA | 2025-11-22T02:01:00Z | taken out again |" in text
    assert "0 of 14 done · unplanned 1 of 1" in text
    assert "to paste into the plan" not in text
    payload = found
    phase = next(phase for phase in payload["phases"] if phase["id"] == "exec")
    assert (phase["counts"]["total"], phase["unplanned"]["done"]) == (14, 1)
    assert [(made["text"], made["for"], made["via"], made["state"]) for made in payload["unplanned"]] == [
        ("Restart | the cache", "Kim", "phone", "done"),
        ("A mistake", None, None, "taken out again"),
    ]


def test_an_accepted_finding_is_in_it_with_the_line_for_the_plan() -> None:
    session, _ = opened()
    act = AcceptFinding("two-limits", "exec.1", "CPU 50 | and 60", 'old "machines"', "2026-12-31")
    session.perform(act, By("ANA", "Kim"))
    found = found_of(session)
    text = night_markdown(found, NoMask())
    assert (
        '| two-limits | CPU 50 \\| and 60 | Kim | old "machines" | 2026-12-31 | 2025-11-22T02:00:00Z |'
        in text
    )
    start = text.index("```yaml\naccept:")
    pasted = text[start + 8 : text.index("```", start + 3)]
    assert pasted.splitlines()[1] == (
        '  - {code: "two-limits", item: "exec.1", by: "Kim", why: "old \\"machines\\"", until: "2026-12-31"}'
    )
    assert found["findings_accepted"] == [
        {"code": "two-limits", "item": "exec.1", "message": "CPU 50 | and 60", "by": "Kim",
         "why": 'old "machines"', "until": "2026-12-31", "at": "2025-11-22T02:00:00Z"}
    ]  # fmt: skip
    assert "Findings accepted" not in night_markdown(found_of(opened()[0]), NoMask())


def test_everything_of_the_night_is_in_it() -> None:
    text = night_markdown(found_of(told()), NoMask())
    for part in (
        "done-with-exceptions",
        "failed: Response times \\< 500ms: waiting for the DBA",
        "skipped: No errors in logs: waiting for the DBA",
        "| 2025-11-22T02:02:05Z | 2025-11-22T02:09:05Z | waiting for the DBA | 2 min over |",
        "the end of Deployment Execution | +30 min | waiting for the DBA | ANA |",
        "broken |",
        "exec.1: 3m",
        "first line",
        "40 min over",
    ):
        assert part in text, part


def test_what_was_entered_says_how_early_and_what_was_left_behind() -> None:
    session, clock = opened()
    clock.advance(42 * 60)
    session.perform(CheckItem("post.1"), ANA)
    text = night_markdown(found_of(session), NoMask())
    early = (
        "| 2025-11-22T02:42:00Z | Post-Deployment | ANA | 78 min early | 14 open in Deployment Execution |"
    )
    assert early in text
    assert "**Earlier phases:** Infrastructure (not in this session)" in text
    first, last = found_of(session)["entered"]
    assert (first["phase"], first["left"], first["early_s"]) == ("Deployment Execution", None, 0)
    assert (last["left"], last["early_s"]) == ("Deployment Execution", 78 * 60)
    assert last["counts"] == {"done": 0, "open": 14, "failed": 0}


def test_planned_and_actual_are_kept_apart() -> None:
    payload = found_of(told())
    execution = next(phase for phase in payload["phases"] if phase["id"] == "exec")
    assert execution["planned"] == {"start": "2025-11-22T02:00:00Z", "end": "2025-11-22T04:00:00Z"}
    assert execution["actual"] == {"start": "2025-11-22T02:00:00Z", "end": "2025-11-22T05:09:05Z"}
    assert execution["overrun_s"] == 39 * 60 + 5  # against the end that was agreed, 04:30
    assert payload["holds"][0]["longer_than_announced_s"] == 120
    assert payload["durations_s"]["exec.1"] == 180
    assert json.loads(json.dumps(payload)) == payload


def test_set_aside_phases_are_not_in_it() -> None:
    assert "infra" not in [phase["id"] for phase in found_of(told())["phases"]]


def test_a_reader_finds_no_link_image_or_tag_that_came_from_content() -> None:
    text = night_markdown(found_of(told(HOSTILE)), NoMask())
    for html in (False, True):
        tokens = MarkdownIt("commonmark", {"html": html}).enable("table").parse(text)
        inner = [child for token in tokens for child in token.children or []]
        bad = {"link_open", "image", "html_inline", "html_block"}
        assert not [token.type for token in [*tokens, *inner] if token.type in bad]


def test_the_check_above_finds_what_is_not_escaped() -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(HOSTILE)
    assert "image" in {child.type for token in tokens for child in token.children or []}


def test_a_rehearsal_says_so_first() -> None:
    session = told()
    found = found_of(session)
    assert night_markdown(found, NoMask()).startswith("# SalesSync\n")
    assert night_markdown({**found, "mode": "rehearsal"}, NoMask()).startswith("# REHEARSAL: SalesSync\n")


def test_every_baseline_is_told_also_the_one_that_was_replaced() -> None:
    session, clock = opened(entered="pre")
    session.perform(CaptureBaseline("latency", 212.5, 3.25, 60), ANA)
    clock.advance(60)
    session.perform(CaptureBaseline("latency", 230.0, 4.0, 12, "cold | `cache`"), By("KIM"))
    found = found_of(session)["baselines"]
    assert [(one["value"], one["samples"], one["by"], one["reason"]) for one in found] == [
        (212.5, 60, "ANA", None), (230.0, 12, "KIM", "cold | `cache`"),
    ]  # fmt: skip
    text = night_markdown(found_of(session), NoMask())
    assert "| latency | 212.5 | 3.25 | 60 |" in text
    assert "only 12" in text
    assert "## Baselines" not in night_markdown(found_of(told()), NoMask())


def test_the_item_of_a_note_is_masked_for_people_and_stays_an_address_in_json() -> None:
    found = found_of(told())
    assert " on val.1" in night_markdown(found, NoMask())
    assert "val.1" not in night_markdown(found, Mask(["val.1"])).partition("## Notes")[2].partition("##")[0]
    assert [one["item"] for one in found["notes"]] == ["val.1"]
