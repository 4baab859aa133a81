"""The real dashboard under the same faults as the small app: ends, input, sizes, hostile text, hasty keys."""

from __future__ import annotations

import codecs
import random
import re
import signal
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.dashboard_run import DashboardRun
from tests.faults.guarded_run import times
from tests.faults.hostile import HOSTILE
from tests.faults.long.test_terminal_input import EXTREMES, PAYLOADS, noise

WRITABLE = tuple(text for text in HOSTILE if "\ud800" not in text)
SAID = ("\x1b]0;evil title\x07", "\u202etxt.exe\u202c", "\x1b[31mred\x1b[0m")
SGR = re.compile(rb"\x1b\[([0-9;]*)m")

ENDS: dict[str, tuple[Callable[[DashboardRun], None], int, tuple[signal.Signals, ...]]] = {
    "SIGTERM": (lambda run: run.signal(signal.SIGTERM), 143, ()),
    "SIGHUP": (lambda run: run.signal(signal.SIGHUP), 129, ()),
    "SIGINT": (lambda run: run.signal(signal.SIGINT), 130, ()),
    "terminal closed": (DashboardRun.hang_up, 129, ()),
    "terminal closed, SIGHUP ignored": (DashboardRun.hang_up, 129, (signal.SIGHUP,)),
}


@pytest.mark.parametrize("name", ENDS)
def test_every_end_gives_the_terminal_and_the_lease_back(
    name: str, tmp_path: Path, counted: Callable[[str], None]
) -> None:
    act, code, ignore = ENDS[name]
    count = times(2, 50)
    for number in range(count):
        folder = tmp_path / str(number)
        folder.mkdir()
        with DashboardRun(folder, ignore=ignore) as run:
            run.send(" ")
            run.wait_for("1 of 30")
            act(run)
            started_s = time.monotonic()
            assert run.wait() == code
            assert time.monotonic() - started_s < 2.5
            if run.master_is_open():
                assert run.is_restored()
                assert run.modes_left() == []
                assert "Traceback" not in run.printed_after()
            status = run.status()
            assert status["driver"] is None
            assert isinstance(status["counts"], dict)
            assert status["counts"]["done"] == 1
            run.script("verify", run.name)
    counted(f"dashboard, {name}: {count} ends, {count} terminals and leases given back, {count} ticks kept")


def test_leaving_by_key_asks_and_is_clean(tmp_path: Path) -> None:
    with DashboardRun(tmp_path) as run:
        run.send(b"\x11")
        run.wait_for("esc")
        assert run.process.poll() is None
        run.send("\x1b")
        run.signal(signal.SIGTERM)
        assert run.wait() == 143
        assert run.is_restored()


def test_named_payloads_and_noise_neither_end_it_nor_write(
    tmp_path: Path, counted: Callable[[str], None]
) -> None:
    random_ = random.Random(7)
    with DashboardRun(tmp_path) as run:
        for name, payload in PAYLOADS.items():
            run.send(payload)
            run.pump(0.02)
            assert run.process.poll() is None, name
        count = times(100, 2000)
        for number in range(count):
            run.send(noise(random_))
            run.pump(0)
            assert run.process.poll() is None, number
        run.settle()
        run.send("\x1b")
        run.wait_for("Night")
        assert run.threads() < 12
        run.script("verify", run.name)
        run.signal(signal.SIGTERM)
        assert run.wait() == 143
        assert run.is_restored()
        assert run.modes_left() == []
        assert not list(run.state.glob("crash-*"))
    counted(f"dashboard: {len(PAYLOADS)} named and {count} random inputs, 0 ended it")


def test_twenty_spaces_in_300_ms_tick_one_item(tmp_path: Path) -> None:
    with DashboardRun(tmp_path) as run:
        run.type_slowly(" " * 20, 0.015)
        run.wait_for("1 of 30")
        run.settle()
        assert "1 of 30" in run.text


@pytest.mark.parametrize("text", ["kubectl get pods", "sudo systemctl restart x\r", "git status\r"])
def test_what_was_meant_for_another_window_is_named_and_does_nothing(text: str, tmp_path: Path) -> None:
    with DashboardRun(tmp_path) as run:
        run.send(" ")
        run.wait_for("1 of 30")
        run.settle(1.1)
        before = run.seq()
        run.type_slowly(text)
        run.wait_for("looked like typing: ")
        run.settle(1.1)
        assert run.seq() == before


def test_slow_keys_of_the_same_text_do_act(tmp_path: Path) -> None:
    """The control: the keys that were ignored above are keys."""
    with DashboardRun(tmp_path) as run:
        run.send(" ")
        run.wait_for("1 of 30")
        run.settle(1.1)
        before = run.seq()
        run.send("u")
        run.wait_for("0 of 30")
        assert run.seq() > before


@pytest.mark.parametrize(
    "paste", [b"\x1b[200~y\nyyy\x1b[201~", b"\x1b[200~ \x1b[201~", b" " * 12, b"ssssssssss\r"]
)
def test_a_paste_writes_no_event(paste: bytes, tmp_path: Path) -> None:
    with DashboardRun(tmp_path) as run:
        before = run.seq()
        run.send(paste)
        run.settle(0.6)
        run.send("j")
        run.settle(0.6)
        assert run.seq() == before


def test_sizes_of_any_kind(tmp_path: Path) -> None:
    random_ = random.Random(3)
    with DashboardRun(tmp_path) as run:
        for _ in range(times(60, 2000)):
            run.resize_quietly(*random_.choice(EXTREMES))
            run.pump(0.005)
            run.resize_quietly(*random_.choices(range(1, 250), k=2))
            run.pump(0.005)
        run.resize(39, 11)
        run.wait_for("small")
        before = run.seq()
        run.send(" ")
        run.settle(0.6)
        assert run.seq() == before
        run.resize(120, 40)
        run.wait_for("Checklist")
        run.settle(1.1)
        run.send(" ")
        run.wait_for("1 of 30")
        assert run.rss_mb() < 250


def test_stop_and_continue(tmp_path: Path) -> None:
    with DashboardRun(tmp_path) as run:
        run.send(" ")
        run.wait_for("1 of 30")
        run.settle(1.1)  # what is started behind the first frame is there now
        threads = run.threads()
        for _ in range(times(5, 50)):
            run.signal(signal.SIGSTOP)
            run.wait_for(lambda _: run.is_stopped())
            run.signal(signal.SIGCONT)
            run.signal(signal.SIGCONT)
        run.settle()
        run.send(" ")
        run.wait_for("2 of 30")
        assert run.threads() <= threads
        run.signal(signal.SIGTERM)
        assert run.wait() == 143
        assert run.modes_left() == []


def unsafe(raw: bytes) -> list[str]:
    """Characters of content that no terminal should get, once what the program itself writes is taken out; the last
    sequence may have been read only in part."""
    ours = rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\](?:2|22);[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]|[\r\n]"
    whole = re.sub(rb"\x1b(?:\[[0-?]*[ -/]*)?$", b"", re.sub(ours, b"", raw))
    text = codecs.getincrementaldecoder("utf-8")().decode(whole)
    return [char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


def test_a_hostile_plan_is_drawn_and_nothing_of_it_acts(
    tmp_path: Path, counted: Callable[[str], None]
) -> None:
    with DashboardRun(tmp_path, texts=WRITABLE, title="[@click=app.quit]\x1b]0;evil\x07") as run:
        run.wait_for("[@click=app.quit]")
        for key in ("\r", "\x1b", ":", "\x1b", "?", "\x1b"):
            run.send(key)
            run.settle(0.4)
        for _ in range(len(WRITABLE)):
            run.send("j")
            run.pump(0.02)
        for row in range(1, 40, 2):
            for column in range(1, 120, 7):
                run.send(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
        run.settle()
        assert run.process.poll() is None
        assert unsafe(bytes(run.raw)) == []
        for sequence in (b"\x1b]0;", b"\x1b]52;", b"\x1b]8;", b"\x1b[2J\x1b[H\x1b"):
            assert sequence not in bytes(run.raw)
        assert "evil" not in run.title or "␛]0;evil␇" in run.title
        assert run.seq() == 3  # opened, entered, driving: no click ticks
        for text in (WRITABLE[0], *SAID):  # what others say reaches the same screen
            run.script("note", "s", text, "--as", text)
        run.wait_for("[31mred")
        run.settle()
        assert run.process.poll() is None
        assert unsafe(bytes(run.raw)) == []
        assert run.seq() == 4 + len(SAID)
        run.signal(signal.SIGTERM)
        assert run.wait() == 143
        assert unsafe(bytes(run.raw)) == []
        assert not bytes(run.raw).endswith(b"\x1b")
        assert unsafe(run.printed_after().encode()) == []
    counted(f"dashboard: a plan of {len(WRITABLE)} hostile texts, 0 raw, 0 acted")


def test_the_look_for_unsafe_characters_can_fail() -> None:
    assert unsafe(b"\x1b[31mok\x1b[0m \x1b]2;title\x1b\\") == []
    for text in ("\x1b]0;evil\x07", "a\x9b31m", "b\u202ec", "d\x08", "e\u200bf"):
        assert unsafe(text.encode()) != []


@pytest.mark.parametrize(
    ("env", "flags", "has_color"),
    [
        ({"NO_COLOR": "1"}, (), False),
        ({}, ("--color", "never"), False),
        ({"NO_COLOR": "1"}, ("--color", "always"), True),
        ({"NO_COLOR": ""}, (), True),
        ({"TERM": "xterm", "COLORTERM": ""}, (), True),
    ],
)
def test_no_color_means_none_at_all(
    env: dict[str, str], flags: tuple[str, ...], has_color: bool, tmp_path: Path
) -> None:
    with DashboardRun(tmp_path, env=env, flags=flags) as run:
        run.wait_for("Checklist")
        run.settle()
        codes = {code for match in SGR.findall(bytes(run.raw)) for code in match.split(b";")}
        colors = {
            code for code in codes if code.isdigit() and (30 <= int(code) <= 49 or 90 <= int(code) <= 107)
        }
        assert bool(colors) is has_color
        assert b"7" in codes  # the bars keep their shape by reverse video
        if env.get("TERM") == "xterm":
            assert b"38" not in colors


def test_ascii_means_ascii(tmp_path: Path) -> None:
    with DashboardRun(tmp_path, flags=("--ascii",)) as run:
        run.wait_for("Checklist")
        for key in (" ", "f", "\x1b", "?", "\x1b", ":", "\x1b"):
            run.send(key)
            run.settle(0.5)
        assert run.process.poll() is None
        assert bytes(run.raw).isascii()


def test_without_the_flag_it_is_not(tmp_path: Path) -> None:
    with DashboardRun(tmp_path) as run:
        run.wait_for("Checklist")
        assert not bytes(run.raw).isascii()
