"""No output shows what it should mask, however that is escaped; and what a program works with is whole."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from deploytui.base.mask import DOT, Mask
from deploytui.cli.console import Console
from deploytui.cli.opened import opened
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import open_store
from deploytui.session.act import By
from deploytui.session.joined import Joined
from tests.cli.conftest import PLAN, Box
from tests.planted import IN_ENV, LISTED, Secrets, acts, forms, hits, plan_text, planter, secrets


def with_session(box: Box, planted: Secrets, name: str) -> None:
    """A checklist and a session of it, full of secrets; its driver is still there."""
    plant = planter(planted)
    box.env["SHIP_KEY"] = IN_ENV
    text = plan_text(plant)
    box.checklist.write_text(text)
    box.session(name, plan=text, by="ANA")
    console = Console(env=box.env, clock=box.clock)
    with opened(console, box.state / f"{name}.deploytui", writable=True) as session:
        session.take_lease(this_process(plant()))
        for act, by in acts(plant):
            session.perform(act, by)


COMMANDS = (
    ("check", "ship.yaml"), ("check", "ship.yaml", "--json"), ("print", "ship.yaml"), ("print", "s"), ("status", "s"),
    ("status", "s", "--json"), ("report", "s"), ("report", "s", "--format", "json"), ("sessions",), ("sessions", "--json"),
    ("probe", "ship.yaml"), ("probe", "ship.yaml", "--json"), ("verify", "s"), ("note", "s", "again", "--as", "ANA"),
)  # fmt: skip


def outputs(box: Box, commands: tuple[tuple[str, ...], ...] = COMMANDS) -> dict[str, str]:
    found = {}
    for words in commands:
        result = box.run(*words)
        assert result.code in (0, 1), result.err
        found[" ".join(words)] = result.out + result.err
    out = box.root / "night.md"
    out.unlink(missing_ok=True)
    assert box.run("report", "s", "-o", "night.md").code == 0
    return {**found, "report -o": out.read_text()}


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.generate,),  # a random secret has no simpler one
)
@given(secrets())
def test_no_output_shows_a_secret_of_any_kind_from_any_field(box: Box, planted: Secrets) -> None:
    (box.state / "s.deploytui").unlink(missing_ok=True)
    with_session(box, planted, "s")
    assert {name: found for name, text in outputs(box).items() if (found := hits(text, planted))} == {}


SAMPLE = [(f"see {text} now", core) for text, core in (
    ("kim@example.com", "kim@example.com"), ("https://u:pw12345@h/x", "pw12345"), ("redis://:pw12345@h:6379", "pw12345"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912E7710c838347Ae178B4a"),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyjWDarjtT1zdp7dc"), (LISTED, LISTED), (IN_ENV, IN_ENV),
    ("0171 5551234 / 0171 5559876", "0171 5559876"), ("tel:+49 30 1234567", "30 1234567"), ("0171 5550000: Kim", "0171 5550000"),
)]  # fmt: skip


def test_the_control_without_a_mask_every_output_shows_some(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mask, "apply", lambda self, text: (text, 0))
    with_session(box, SAMPLE, "s")
    assert [name for name, text in outputs(box).items() if not hits(text, SAMPLE)] == [
        "verify s",
        "note s again --as ANA",
    ]


@settings(max_examples=30, deadline=None)
@given(secrets())
def test_the_control_the_look_finds_a_secret_in_every_form(planted: Secrets) -> None:
    for one in planted:
        for form in forms(one[1]):
            assert one[1] in hits(f'{{"text": "it is {form}, or so"}}', planted)


@pytest.mark.parametrize("words", COMMANDS[:12], ids=" ".join)
def test_each_sample_is_masked_in_each_output_and_shown_where_that_is_asked_for(
    box: Box, words: tuple[str, ...]
) -> None:
    with_session(box, SAMPLE, "s")
    box.run("note", "s", " ".join(text for text, _ in SAMPLE), "--as", "ANA")
    box.run("note", "s", "only _emphasis_ and 4.2.0", "--as", "ANA")
    assert hits(box.run(*words).out, SAMPLE) == []
    assert hits(box.run(*words, "--unmask").out, SAMPLE) != []


def test_a_note_is_masked_before_it_is_escaped(box: Box) -> None:
    """What the default report printed as `kim\\@example.com` and `https\\://u\\:pw12345\\@h/x`."""
    box.session("s", plan=PLAN.replace("[db-1.internal]", "[db_1.internal]"))
    box.run("note", "s", "kim@example.com at https://u:pw12345@h/x on db_1.internal, db-1", "--as", "ANA")
    assert f"ANA: {DOT * 15} at https\\://{DOT * 9}\\@h/x on {DOT * 13}, db-1" in box.run("report", "s").out


def test_a_doctor_and_an_import_say_nothing_either(box: Box) -> None:
    with_session(box, SAMPLE, "s")
    doctor = box.run("doctor", "ship.yaml")
    assert "gauge" in doctor.out
    assert hits(doctor.out, SAMPLE) == []
    assert hits(box.run("doctor", "ship.yaml", "--unmask").out, SAMPLE) != []
    text = box.run("print", "ship.yaml", "--unmask").out
    (box.root / "plan.md").write_text(text)
    found = box.run("import", "plan.md", "-o", "new.yaml")
    assert found.code == 0
    own = {LISTED, IN_ENV}  # Markdown has no list and no secret variables
    assert set(hits(found.out + found.err, SAMPLE)) <= own
    assert {core for _, core in SAMPLE} <= set(hits((box.root / "new.yaml").read_text(), SAMPLE))


def test_contacts_in_json_are_masked_whole(box: Box) -> None:
    box.checklist.write_text(
        PLAN + "contacts: [{team: DB, role: DBA, name: Kim, phone: '4711', email: kim at shop}]\n"
    )
    (contact,) = box.run("check", "ship.yaml", "--json").data["contacts"]
    assert contact == {"team": "DB", "role": "DBA", "name": "Kim", "phone": DOT * 4, "email": DOT * 11}
    assert box.run("check", "ship.yaml", "--json", "--unmask").data["contacts"][0]["phone"] == "4711"
    assert f"| DBA | Kim | {DOT * 4} |" in box.run("print", "ship.yaml").out


def test_a_password_among_the_facts_is_known_by_its_name(box: Box) -> None:
    box.checklist.write_text(PLAN.replace("mask:", "facts: {password: hunter, change: CHG-1042}\nmask:"))
    text = box.run("print", "ship.yaml").out
    assert f"- **password:** {DOT * 6}" in text
    assert "- **change:** CHG-1042" in text


def test_an_item_whose_text_holds_a_phone_can_be_ticked_by_its_id(box: Box) -> None:
    """An id is an address: it stays as it is derived, so that sessions of any version find their items."""
    box.session(
        "s", plan=PLAN.replace("{id: pre.backup, text: Back up the database}", "Call Kim at 0171 5551234")
    )
    first = box.run("status", "s", "--json").data["items"][0]
    assert (first["id"], first["text"]) == ("checks.call-kim-at-0171-5551234", f"Call Kim at {DOT * 12}")
    assert box.run("tick", "s", first["id"], "--as", "ANA").code == 0
    assert box.run("status", "s", "--json").data["items"][0]["state"] == "done"


def test_no_mask_touches_what_a_program_works_with(box: Box) -> None:
    """A list that holds every sign there is in a hash, an id, an instant or a word of ours."""
    hidden = [
        *"0123456789abcdef",
        "pre",
        "exec",
        "running",
        "live",
        "open",
        "done",
        "ok",
        "s.deploytui",
        "driver",
        "error",
    ]
    plan = PLAN.replace("[db-1.internal]", json.dumps(hidden))
    box.checklist.write_text(plan)
    box.session("s", plan=plan)
    box.run("tick", "s", "pre.backup", "--as", "ANA")
    whole = box.run("status", "s", "--json", "--unmask").data
    shown = box.run("status", "s", "--json").data
    assert shown["items"][0]["text"] != whole["items"][0]["text"] == "Back up the database"
    for key in (
        "session",
        "file",
        "mode",
        "state",
        "now",
        "go_live",
        "stage",
        "phase",
        "window",
        "counts",
        "last_seq",
        "head",
    ):
        assert shown[key] == whole[key], key
    assert shown["plan"]["sha256"] == whole["plan"]["sha256"]
    keys = ("id", "state", "at")
    assert [[one[key] for key in keys] for one in shown["items"]] == [
        [one[key] for key in keys] for one in whole["items"]
    ]
    head = whole["head"]
    assert box.run("verify", "s", "--expect", head).out == f"sound: 4 events, head {head}\n"
    for words in (("status", "s"), ("report", "s")):
        assert f"head {head[:12]}" in " ".join(box.run(*words).out.split()), words
    assert box.run("report", "s", "--format", "json").data["head"] == head
    assert f"sha256 {whole['plan']['sha256'][:12]}" in box.run("check", "ship.yaml").out
    (row,) = box.run("sessions", "--json").data["sessions"]
    assert (row["session"], row["state"], row["last_event"]["kind"]) == ("s", "running", "item.checked")
    checked, plain = (
        box.run("check", "ship.yaml", "--json").data,
        box.run("check", "ship.yaml", "--json", "--unmask").data,
    )
    assert checked["stages"][0]["phases"][0]["id"] == "pre"
    assert [(one["code"], one["severity"]) for one in checked["findings"]] == [
        (one["code"], one["severity"]) for one in plain["findings"]
    ]


def test_the_dashboard_hides_what_the_plan_lists_and_every_secret_it_was_given(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def show(console: Console, joined: Joined, by: By, *rest: object, **more: object) -> int:
        console.say("db-1.internal from-env given-pin")
        if joined.session.is_driving:
            joined.writer.leave(by)
        return 0

    monkeypatch.setattr("deploytui.cli.compose.show", show)
    box.checklist.write_text(
        PLAN + "variables: {key: {secret: true, env: KEY}, pin: {secret: true, ask: PIN}}\n"
    )
    box.env["KEY"] = "from-env"
    name, given = ("--as", "ANA"), ("--set", "pin=given-pin")
    started = box.run(
        "run", "ship.yaml", "--go-live", "2026-11-24T02:00Z", "--session", "s", *name, *given, typed=""
    )
    dots = f"{DOT * 13} {DOT * 8} {DOT * 9}"
    resumed, watched = box.run("resume", "s", *name, *given, typed=""), box.run("watch", "s", typed="")
    assert [each.code for each in (started, resumed, watched)] == [0, 0, 0]
    assert dots in started.out
    assert dots in resumed.out
    assert f"{DOT * 13} {DOT * 8} given-pin" in watched.out


def test_each_session_of_a_list_is_masked_by_its_own_checklist(box: Box) -> None:
    for name, title in (("a", "acme"), ("b", "zeta")):
        box.session(name, plan=PLAN.replace("db-1.internal", title), by=f"{title} {title}")
        store = open_store(box.state / f"{name}.deploytui", writable=True, clock=box.clock)
        store.take_lease(this_process(f"Kim of {title}"), store.lease(), Draft(DriverTook("", ""), by=title))
        store.close()
    for words in (("sessions",), ("sessions", "--json")):
        out = box.run(*words).out
        assert "acme" not in out
        assert "zeta" not in out
        assert "Kim of acme" in box.run(*words, "--unmask").out


def test_a_masked_print_can_be_read_again_and_its_yaml_holds_no_secret(box: Box) -> None:
    hidden = ["up", "backup", "before", "pre", "UTC", "KEY", "number", "Kim"]
    box.checklist.write_text(
        PLAN.replace("[db-1.internal]", json.dumps(hidden))
        + "variables: {pin: {value: x7, secret: true}, two: {env: KEY, secret: true}}\n"
        "gauges: {one: {title: One, source: {http: 'https://u:pw12345@h/${two}', measure: up}, ok: '= 1'}}\n"
        "rollback: {window: pre, restore: backup, triggers: [Ask Kim]}\n"
        "signoffs: {before: [{role: CTO, name: Kim}]}\n"
    )
    text = box.run("print", "ship.yaml").out
    assert [secret for secret in ("x7", "pw12345", "Ask Kim", "name: Kim") if secret in text] == []
    (box.root / "plan.md").write_text(text)
    assert box.run("check", "plan.md").code == 0
    assert "measure: up" in box.run("import", "plan.md").out
