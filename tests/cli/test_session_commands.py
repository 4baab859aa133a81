"""The commands on a session: status, tick, note, close, verify, recover, sessions, print."""

from __future__ import annotations

import json
import os
import re
import shlex
import sqlite3
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.cli.shelf import checked_name
from deploytui.journal import codec
from deploytui.journal.draft_store import Begun, DraftFile, drafts_path
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook, HoldBegan
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import open_store
from deploytui.plan.load import load_plan
from tests.cli.conftest import NOW, PLAN, Box
from tests.journal.sample import open_samples


def head_of(path: Path) -> tuple[int, str]:
    store = open_store(path, writable=False, clock=FrozenClock(NOW))
    try:
        return store.head()
    finally:
        store.close()


# -- status --------------------------------------------------------------------------------------------


def test_status_has_every_promised_field(box: Box) -> None:
    path = box.session("s")
    box.run("tick", "s", "pre.backup")
    found = box.run("status", "s", "--json").data
    assert set(found) >= {
        "session", "file", "plan", "mode", "state", "now", "go_live", "driver", "stage", "phase", "window",
        "roll_back_by", "roll_back_by_last", "counts", "items", "gauges", "alarms", "last_seq", "head",
    }  # fmt: skip
    assert found["session"] == "s"
    assert found["file"] == str(path)
    assert found["now"] == "2026-11-24T00:05:00Z"
    assert found["go_live"] == "2026-11-24T02:05:00Z"
    assert found["counts"]["done"] == 1
    assert found["counts"]["total"] == 4
    assert found["driver"] is None
    assert found["items"][0] == {
        "id": "pre.backup", "text": "Back up the database", "state": "done", "by": "ana", "for": None, "via": None,
        "at": "2026-11-24T00:05:00Z", "reason": None, "evidence": None,
        "unplanned": False,
    }  # fmt: skip
    assert (found["last_seq"], found["head"]) == head_of(path)


def test_status_of_the_only_live_session_needs_no_name(box: Box) -> None:
    box.session("old")
    box.run("close", "old", "--outcome", "done")
    box.session("new")
    assert box.run("status", "--json").data["session"] == "new"


def test_status_of_none_or_of_many_is_exit_2(box: Box) -> None:
    assert "no live session" in box.run("status").err
    box.session("one")
    box.session("two")
    found = box.run("status")
    assert found.code == 2
    assert "one, two" in found.err or "two, one" in found.err


def test_status_says_who_drives_and_that_a_dead_program_does_not(box: Box) -> None:
    path = box.session("s")
    store = open_store(path, writable=True, clock=box.clock)
    store.take_lease(this_process("KIM"), store.lease(), Draft(DriverTook("", ""), by="KIM"))
    store.close()
    assert box.run("status", "s", "--json").data["driver"] == {
        "name": "KIM", "since": "2026-11-24T00:05:00Z", "alive": True,
    }  # fmt: skip
    db = sqlite3.connect(path)
    db.execute("UPDATE lease SET pid_start = 1")
    db.commit()
    db.close()
    assert box.run("status", "s", "--json").data["driver"]["alive"] is False
    assert "gone" in box.run("status", "s").out


def test_status_masks_what_a_shared_screen_must_not_show(box: Box) -> None:
    box.session("s")
    box.run("tick", "s", "pre.backup")
    box.run("note", "s", "ask kim@example.com on db-1.internal")
    found = box.run("status", "s").out
    assert "+49 30 1234567" not in found
    assert "kim@example.com" not in found
    assert "db-1.internal" not in found
    assert "Call Kim at" in found


@pytest.mark.parametrize(
    "named", ["salessync-2026", "salessync-20261124-0010", "salessync-20261124-0010.deploytui"]
)
def test_a_session_is_named_by_its_beginning(box: Box, named: str) -> None:
    box.session("salessync-20261124-0010")
    box.session("web-20261124-0010")
    assert box.run("status", named, "--json").data["session"] == "salessync-20261124-0010"


def test_a_session_is_named_by_its_file(box: Box) -> None:
    path = box.session("s")
    for named in (str(path), os.path.relpath(path, box.root)):
        assert box.run("status", named, "--json").data["session"] == "s"


def test_a_copy_is_called_by_its_file_and_not_by_what_it_was_copied_from(box: Box) -> None:
    box.session("s")
    assert box.run("recover", "s", "copy", "--as", "ANA").code == 0
    assert "another NEW" in box.run("recover", "s", "copy", "--as", "ANA").err
    listed = box.run("sessions", "--json").data["sessions"]
    assert sorted(row["session"] for row in listed) == ["copy", "s"]
    assert box.run("status", "copy", "--json").data["session"] == "copy"
    assert box.run("report", "copy").out.count("**Session:** copy") == 1
    assert box.run("close", "copy", "--outcome", "done", "--as", "ANA").out.startswith("closed copy: done")
    assert box.run("status", "--json").data["session"] == "s"


def test_a_whole_name_is_no_beginning_of_another(box: Box) -> None:
    box.session("s")
    box.session("s-2")
    assert box.run("status", "s", "--json").data["session"] == "s"
    found = box.run("status", "s-")
    assert found.code == 0


def test_an_ambiguous_beginning_is_listed_and_a_typing_mistake_corrected(box: Box) -> None:
    box.session("salessync-a")
    box.session("salessync-b")
    found = box.run("status", "sales")
    assert found.code == 2
    assert "salessync-a, salessync-b" in found.err
    assert "salessync-a" in box.run("status", "salesync-a").err


# -- store ---------------------------------------------------------------------------------------------


def test_store_is_a_folder_or_one_file_by_option_or_environment(box: Box) -> None:
    path = box.session("s")
    elsewhere = box.root / "elsewhere"
    elsewhere.mkdir(0o700)
    moved = path.rename(elsewhere / path.name)
    assert box.run("status").code == 2
    assert box.run("status", "--store", str(elsewhere)).code == 0
    assert box.run("status", "--store", str(moved)).code == 0
    box.env["DEPLOYTUI_STORE"] = "elsewhere"
    assert box.run("status").code == 0


def test_a_database_url_is_refused_without_showing_its_password(box: Box) -> None:
    found = box.run("sessions", "--store", "postgresql://ana:hunter2@db/deploy")
    assert found.code == 2
    assert "hunter2" not in found.err
    assert "this version" in found.err


# -- tick ----------------------------------------------------------------------------------------------


def test_tick_says_what_it_did_and_is_done_once(box: Box) -> None:
    path = box.session("s")
    found = box.run("tick", "s", "pre.b", "--as", "CI", "--evidence", "job 7")
    assert (found.code, found.out) == (0, "pre.backup done\n")
    seq, _ = head_of(path)
    again = box.run("tick", "s", "pre.backup")
    assert (again.code, head_of(path)[0]) == (0, seq)
    assert "already" in again.out
    item = box.run("status", "s", "--json").data["items"][0]
    assert (item["by"], item["evidence"]) == ("CI", "job 7")


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["--skip", "--reason", "not tonight"], "skipped"),
        (["--fail", "--reason", "timeout"], "failed"),
        (["--fail"], "failed"),
    ],
)
def test_skip_and_fail_are_also_idempotent(box: Box, words: list[str], state: str) -> None:
    path = box.session("s")
    assert box.run("tick", "s", "pre.backup", *words).out == f"pre.backup {state}\n"
    seq, _ = head_of(path)
    assert box.run("tick", "s", "pre.backup", *words).code == 0
    assert head_of(path)[0] == seq
    assert box.run("tick", "s", "pre.backup", "--undo").out == "pre.backup open\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["s", "pre.backup", "--skip"], 3),
        (["s", "pre.backup", "--skip", "--fail"], 2),
        (["s", "pre.backup", "--reason", "x"], 2),
        (["s", "pre.backup", "--undo", "--evidence", "x"], 2),
        (["s", "pre"], 2),
        (["s", "nope"], 2),
        (["nope", "pre.backup"], 2),
        (["s"], 2),
    ],
)
def test_what_tick_refuses(box: Box, words: list[str], code: int) -> None:
    path = box.session("s")
    before = head_of(path)
    found = box.run("tick", *words)
    assert found.code == code
    assert found.err.startswith("error: ")
    assert head_of(path) == before


def test_an_ambiguous_item_is_listed(box: Box) -> None:
    box.session("s")
    found = box.run("tick", "s", "exec.")
    assert "exec.1, exec.2" in found.err


def test_a_closed_session_takes_notes_only(box: Box) -> None:
    box.session("s")
    assert (
        box.run("close", "s", "--outcome", "abandoned").out
        == "closed s: abandoned, 0 of 4 done, 4 left open\n"
    )
    assert box.run("tick", "s", "pre.backup").code == 3
    assert box.run("note", "s", "afterwards").code == 0
    assert box.run("status", "s", "--json").data["state"] == "closed"


def test_a_note_may_belong_to_an_item(box: Box) -> None:
    box.session("s")
    assert box.run("note", "s", "took 4 min", "--item", "pre.b").code == 0
    assert box.run("note", "s", "x", "--item", "nope").code == 2
    assert box.run("note", "s", "  ").code == 3


def test_a_tick_while_a_driver_is_attached(box: Box) -> None:
    path = box.session("s")
    driver = open_store(path, writable=True, clock=box.clock)
    event = driver.take_lease(this_process("ANA"), driver.lease(), Draft(DriverTook("", ""), by="ANA"))
    assert box.run("tick", "s", "pre.backup", "--as", "CI").code == 0
    assert [foreign.by for foreign in driver.events(event.seq)] == ["CI"]
    assert driver.beat(event.epoch)
    driver.close()


# -- verify and recover --------------------------------------------------------------------------------


def test_verify_prints_the_head_and_compares_it(box: Box) -> None:
    path = box.session("s")
    seq, head = head_of(path)
    found = box.run("verify", "s")
    assert (found.code, found.out) == (0, f"sound: {seq} events, head {head}\n")
    assert box.run("verify", "s", "--expect", head).code == 0
    assert box.run("verify", "s", "--expect", head[:12].upper()).code == 0
    box.run("note", "s", "one more")
    for expected in (head, head[:12], head_of(path)[1][:8], ""):
        assert box.run("verify", "s", "--expect", expected).code == 4


def break_event(path: Path, seq: int) -> None:
    """Change who did it, and put the guard back as it was."""
    db = sqlite3.connect(path)
    guard = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'event_update'").fetchone()[0]
    db.execute("DROP TRIGGER event_update")
    db.execute("UPDATE event SET body = replace(body, 'ana', 'bob') WHERE seq = ?", (seq,))
    db.execute(guard)
    db.commit()
    db.close()


def test_a_changed_event_is_named_and_the_sound_part_recovered(box: Box) -> None:
    path = box.session("s")
    box.run("tick", "s", "pre.backup")
    box.run("note", "s", "later")
    seq, _ = head_of(path)
    break_event(path, seq - 1)
    damaged = path.read_bytes()
    found = box.run("verify", "s")
    assert found.code == 4
    assert f"event {seq - 1}" in found.err
    found = box.run("recover", "s", "s-saved")
    assert found.code == 0, found.err
    assert f"recovered {seq - 2} events" in found.out
    assert path.read_bytes() == damaged
    assert box.run("verify", "s-saved").code == 0
    assert box.run("recover", "s", "s-saved").code == 2
    assert box.run("recover", "s", "no/../..").code == 2


@pytest.mark.parametrize("missing", ["seq > 0", "seq = 1"])
def test_a_session_without_its_beginning_is_not_sound_to_any_command(box: Box, missing: str) -> None:
    path = box.session("s")
    db = sqlite3.connect(path)
    (guard,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'event_delete'").fetchone()
    db.execute("DROP TRIGGER event_delete")
    db.execute(f"DELETE FROM event WHERE {missing}")
    db.execute(guard)
    db.commit()
    db.close()
    before = path.read_bytes()
    for words in (
        ("verify", "s"),
        ("tick", "s", "pre.backup"),
        ("note", "s", "text"),
        ("status", "s"),
        ("report", "s"),
        ("close", "s", "--outcome", "done"),
        ("watch", "s"),
        ("resume", "s"),
        ("recover", "s", "s-saved"),
    ):
        found = box.run(*words)
        assert (found.code, found.out) == (4, ""), words
        assert "event 1: missing" in found.err or "nothing that can be recovered" in found.err, found.err
    assert "event 1: missing" in box.run("sessions").err
    assert path.read_bytes() == before
    assert not (box.state / "s-saved.deploytui").exists()


def test_the_past_of_the_gauges_is_recovered_with_the_session(box: Box) -> None:
    box.session("s")
    path = box.state / "s.samples"
    store = open_store(box.state / "s.deploytui", writable=False, clock=box.clock)
    open_samples(path, store.header, writable=True).close()
    store.close()
    assert "past was copied too" in box.run("recover", "s", "whole").out
    store = open_store(box.state / "whole.deploytui", writable=False, clock=box.clock)
    open_samples(box.state / "whole.samples", store.header, writable=False).close()
    store.close()
    path.write_bytes(b"no database")
    found = box.run("recover", "s", "other")
    assert (found.code, "could not be copied" in found.out) == (0, True)
    assert not (box.state / "other.samples").exists()


def test_a_folder_with_spaces_and_signs_and_the_longest_name(box: Box) -> None:
    folder = box.root / "a ü 日本 'q' %41?#x"
    folder.mkdir(mode=0o700)
    name = "x" * 80
    box.session("s")
    said = box.run("recover", str(box.state / "s.deploytui"), f"{folder}/{name}.deploytui")
    assert said.code == 0, said.err
    assert box.run("verify", name, "--store", str(folder)).code == 0
    assert name in box.run("sessions", "--store", str(folder)).out
    break_event(folder / f"{name}.deploytui", head_of(folder / f"{name}.deploytui")[0])
    hint = re.search(r"`deploytui (recover .* NEW)`", box.run("verify", name, "--store", str(folder)).err)
    assert hint is not None
    words = shlex.split(hint[1])  # what is offered can be pasted into a shell
    assert box.run(*words[:-1], "saved", "--store", str(folder)).code == 0
    assert box.run("verify", "saved", "--store", str(folder)).code == 0


def test_the_ending_of_the_file_is_no_part_of_a_new_name(box: Box) -> None:
    box.session("s")
    assert box.run("recover", "s", "copy.deploytui").code == 0
    assert (box.state / "copy.deploytui").exists()
    assert box.run("recover", "s", "y" * 81).code == 2
    assert checked_name("s.deploytui") == "s"


def test_half_typed_texts_are_recovered_with_the_session(box: Box) -> None:
    path = box.session("s")
    store = open_store(path, writable=False, clock=box.clock)
    begun = [Begun("note", "the disk of db-2 is", "ana", 3)]
    DraftFile(drafts_path(path), store.header).save(begun)
    store.close()
    assert "half-typed texts were copied too: 1" in box.run("recover", "s", "whole").out
    copy = box.state / "whole.deploytui"
    assert DraftFile(drafts_path(copy), store.header).load() == begun
    drafts_path(path).write_bytes(b"no texts")
    found = box.run("recover", "s", "other")
    assert (found.code, "could not be copied: their file is damaged" in found.out) == (0, True)
    drafts_path(path).unlink()
    assert "half-typed" not in box.run("recover", "s", "none").out
    assert not drafts_path(box.state / "none.deploytui").exists()


def test_a_history_that_was_written_anew_is_sound_and_not_the_expected_one(box: Box) -> None:
    path = box.session("s")
    box.run("note", "s", "what was said")
    seq, head = head_of(path)
    db = sqlite3.connect(path)
    guard = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'event_update'").fetchone()[0]
    db.execute("DROP TRIGGER event_update")
    prev, body = db.execute("SELECT prev, body FROM event WHERE seq = ?", (seq,)).fetchone()
    body = body.replace("what was said", "what never was")
    new = codec.link(prev, body.encode())
    db.execute("UPDATE event SET body = ?, hash = ? WHERE seq = ?", (body, new, seq))
    db.execute(guard)
    db.commit()
    db.close()
    assert box.run("verify", "s").code == 0  # a chain alone proves no author
    found = box.run("verify", "s", "--expect", head[:12])
    assert found.code == 4


# -- sessions ------------------------------------------------------------------------------------------


def test_a_held_session_says_so_in_the_list_too(box: Box) -> None:
    path = box.session("s")
    store = open_store(path, writable=True, clock=box.clock)
    hold = Draft(HoldBegan("waiting for the DBA", ""), by="ANA")
    store.append(store.head()[0], lambda new: [hold], None)
    store.close()
    assert box.run("status", "s", "--json").data["state"] == "held"
    assert [row["state"] for row in box.run("sessions", "--json").data["sessions"]] == ["held"]
    assert "  held " in box.run("sessions").out


def test_sessions_lists_the_live_ones_first_and_names_what_is_not_sound(box: Box) -> None:
    box.session("closed")
    box.run("close", "closed", "--outcome", "done")
    box.session("older")
    box.clock.advance(60)
    box.session("newer")
    (box.state / "text.deploytui").write_text("no database at all, but long enough to look like something")
    (box.state / "folder.deploytui").mkdir()
    os.mkfifo(box.state / "pipe.deploytui")
    (box.state / "link.deploytui").symlink_to("/dev/zero")
    (box.state / "empty.deploytui").touch()
    found = box.run("sessions")
    assert found.code == 0
    assert [line.split()[0] for line in found.out.splitlines()] == ["SESSION", "newer", "older", "closed"]
    for name in ("text", "folder", "pipe", "link", "empty"):
        assert f"{name}.deploytui: found" in found.err
    data = box.run("sessions", "--json").data
    assert [row["session"] for row in data["sessions"]] == ["newer", "older", "closed"]
    assert len(data["unsound"]) == 5
    assert set(data["sessions"][0]) >= {
        "session", "file", "title", "mode", "state", "driver", "counts", "last_event",
    }  # fmt: skip
    assert data["sessions"][0]["last_event"] == {
        "seq": 3,
        "at": "2026-11-24T00:06:00Z",
        "kind": "driver.took",
    }


def test_no_sessions_is_no_error(box: Box) -> None:
    found = box.run("sessions")
    assert found.code == 0
    assert "no sessions in" in found.out
    assert box.run("sessions", "--json").data == {"sessions": [], "unsound": []}


@pytest.mark.parametrize("command", ["status", "verify", "print"])
@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text("no database at all, but long enough to look like something"),
        lambda path: path.mkdir(),
        os.mkfifo,
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: path.touch(),
        lambda path: sqlite3.connect(path).execute("CREATE TABLE other(x)").connection.close(),
    ],
    ids=["text", "folder", "fifo", "symlink", "empty", "other database"],
)
def test_what_is_no_session_is_exit_4(box: Box, command: str, make: object) -> None:
    box.state.mkdir(0o700)
    make(box.state / "x.deploytui")  # type: ignore[operator]
    found = box.run(command, "x.deploytui")
    assert found.code == 4, found.err
    assert found.err.count("\n") == 1


def test_files_are_private(box: Box) -> None:
    path = box.session("s")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


# -- print ---------------------------------------------------------------------------------------------


def test_print_a_checklist_or_a_session(box: Box) -> None:
    box.session("s", plan=PLAN.replace("title: Ship it", "title: As it was"))
    assert box.run("print", "ship.yaml").out.startswith("# Ship it\n")
    assert box.run("print", "s").out.startswith("# As it was\n")
    assert box.run("print", "nope").code == 2


def test_print_masks_unless_it_is_told_not_to(box: Box) -> None:
    assert "1234567" not in box.run("print", "ship.yaml").out
    assert "1234567" in box.run("print", "ship.yaml", "--unmask").out


@pytest.mark.parametrize("flags", [(), ("--unmask",)])
def test_a_print_read_again_is_the_checklist_as_it_was_shown(box: Box, flags: tuple[str, ...]) -> None:
    (box.root / "again.md").write_text(box.run("print", "ship.yaml", *flags).out)
    again, own = (load_plan(box.root / name) for name in ("again.md", "ship.yaml"))
    assert again.repairs == ()
    assert [item.id for item in again.plan.all_items()] == [item.id for item in own.plan.all_items()]
    is_same = [item.text for item in again.plan.all_items()] == [item.text for item in own.plan.all_items()]
    assert is_same is bool(flags)
    assert any("masked when it was printed" in one.as_ for one in again.warnings) is not is_same


def test_times_in_json_are_utc_seconds(box: Box) -> None:
    box.clock.advance(timedelta(seconds=1).total_seconds())
    box.session("s")
    assert json.loads(box.run("status", "s", "--json").out)["now"] == "2026-11-24T00:05:01Z"


def test_a_locked_and_a_newer_session_are_exit_5(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    path = box.session("s")
    monkeypatch.setattr("deploytui.journal.connection.BUSY_MS", 20)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    found = box.run("tick", "s", "pre.backup")
    assert found.code == 5
    assert "locked" in found.err
    other.execute("ROLLBACK")
    assert box.run("tick", "s", "pre.backup").code == 0
    other.execute("PRAGMA user_version = 99")
    other.close()
    found = box.run("tick", "s", "pre.call")
    assert found.code == 5
    assert "newer" in found.err or "format 99" in found.err
