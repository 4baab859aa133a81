"""Whatever comes in on the terminal drops the input, never the app; nothing that was pasted is a key.

CI tries 200 random byte strings and a 1 MB paste, a soak (DEPLOYTUI_SOAK=1) 2,000 and 5 MB.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.terminal import TimedOut
from tests.faults.guarded_run import IS_SOAK, Run, times

# Each of these has ended, stopped or silenced a terminal program somewhere.
PAYLOADS = {
    "code point beyond Unicode": b"\x1b[1114112u",
    "code point with a thousand digits": b"\x1b[" + b"9" * 1000 + b"u",
    "number too long to convert": b"\x1b[<" + b"9" * 6000 + b";1;1M",
    "surrogate as a key": b"\x1b[55296u",
    "text beyond Unicode": b"\x1b[97;;1114112:99999999999u",
    "invalid UTF-8": b"\xff\xfe\xc3\x28\xf0\x28\x8c\x28",
    "UTF-8 cut in the middle": b"\xe2\x82",
    "overlong UTF-8": b"\xc0\xaf\xe0\x80\xaf",
    "NUL": b"\x00" * 100,
    "lone escape": b"\x1b",
    "escapes": b"\x1b" * 500,
    "unfinished CSI": b"\x1b[",
    "unfinished OSC": b"\x1b]52;c;" + b"A" * 3000,
    "unfinished DCS": b"\x1bP" + b"x" * 3000,
    "old mouse report": b"\x1b[M\xff\xff\xff",
    "mouse far outside": b"\x1b[<0;99999;99999M\x1b[<0;99999;99999m",
    "mouse before the beginning": b"\x1b[<0;-5;-5M\x1b[<35;0;0M",
    "forged size": b"\x1b[48;60000;60000;1;1t",
    "forged size of nothing": b"\x1b[48;0;0;0;0t\x1b[<35;3;3M",
    "forged mode report": b"\x1b[?2048;1$y\x1b[?2026;9$y",
    "forged position": b"\x1b[999;999R",
    "paste that never ends": b"\x1b[200~lost",
    "paste that never began": b"\x1b[201~",
    "paste inside a paste": b"\x1b[200~a\x1b[200~b\x1b[201~c\x1b[201~",
    "focus storm": b"\x1b[I\x1b[O" * 300,
    "every byte": bytes(range(3, 256)).replace(b"\x11", b""),
}


def test_named_payloads_leave_it_alive(tmp_path: Path, counted: Callable[[str], None]) -> None:
    with Run(tmp_path, env={"GUARDED_KEYS": "harmless"}) as run:
        for name, payload in PAYLOADS.items():
            run.send(payload)
            assert run.is_alive(), name
        assert run.threads() == 3
        assert run.quit() == 0
        assert run.is_restored()
        assert run.modes_left() == []
        assert run.crash_files() == []
    counted(f"{len(PAYLOADS)} named inputs, 0 ended the app")


@pytest.mark.parametrize("name", ["code point beyond Unicode", "invalid UTF-8"])
def test_textual_alone_ends(name: str, tmp_path: Path) -> None:
    with Run(tmp_path, is_guarded=False) as run:
        run.send(PAYLOADS[name])
        run.wait()


NUMBERS = (0, 1, 27, 97, 255, 1114112, 2**70)


def noise(random_: random.Random) -> bytes:
    """Up to 4 KiB (64 in a soak) of bytes, some of it like sequences; without the key that leaves."""
    pieces: list[bytes] = []
    for _ in range(random_.randrange(1, 12)):
        kind = random_.random()
        if kind < 0.4:
            pieces.append(random_.randbytes(random_.randrange(1, 300)))
        elif kind < 0.8:
            numbers = ";".join(
                str(random_.choice((0, 1, 27, 97, 255, 1114112, 2**70))) for _ in range(random_.randrange(5))
            )
            intro = random_.choice(("\x1b[", "\x1b[?", "\x1b[<", "\x1bO", "\x1b]", "\x1bP"))
            pieces.append(f"{intro}{numbers}{random_.choice('uMmRtyABZ~c$')}".encode())
        else:
            pieces.append(random_.choice(list(PAYLOADS.values())))
    if random_.random() < 0.02:
        pieces.append(random_.randbytes(65_536 if IS_SOAK else 8_192))
    return b"".join(pieces).replace(b"\x11", b"").replace(b"113", b"1")


def test_random_bytes_leave_it_alive(tmp_path: Path, counted: Callable[[str], None]) -> None:
    random_ = random.Random(20251122)
    count = times(200, 2000)
    with Run(tmp_path, env={"GUARDED_KEYS": "harmless"}) as run:
        for number in range(count):
            run.send(noise(random_))
            assert run.process.poll() is None, number
        assert run.is_alive()
        assert run.threads() == 3
        assert run.rss_mb() < 100
        assert run.quit() == 0
        assert run.is_restored()
    counted(f"{count} random inputs, 0 ended the app")


RAIN = b"\x1b[A\x1b[B" * 15_000
SLOW = {"GUARDED_KEY_S": "0.0002"}  # a key takes longer than its reading does, on every machine


def test_a_rain_of_keys_takes_neither_the_memory_nor_the_clock(tmp_path: Path) -> None:
    with Run(tmp_path, env=SLOW) as run:
        run.send(RAIN)
        assert beats_of_a_second(run) > 10
        assert run.is_alive()
        assert run.rss_mb() < 80


def test_the_same_rain_takes_both_from_textual_alone(tmp_path: Path) -> None:
    with Run(tmp_path, is_guarded=False, env=SLOW) as run:
        run.send(RAIN)
        assert beats_of_a_second(run) < 5
        assert run.rss_mb() > 80


def beats_of_a_second(run: Run) -> int:
    before = run.beats()
    run.settle(1)
    return run.beats() - before


@pytest.mark.parametrize(
    "payload",
    [
        b"\x1b[200~y\nyyy\x1b[201~",
        b"\x1b[200~ \x1b[201~",
        b"   \r   \r   \r",
        b"XTWE    qqqq\x1b[B\x1b[B",
        b" " * 5000,
    ],
    ids=["bracketed", "one bracketed space", "lines", "keys that would end it", "longer than a read"],
)
def test_a_paste_is_never_a_key(payload: bytes, tmp_path: Path) -> None:
    with Run(tmp_path) as run:
        run.send(payload)
        run.wait_for_word("paste")
        run.press("j")
        assert {word for word in run.words() if word.startswith(("key", "tick"))} == {"key j"}
        assert run.quit() == 0


def test_the_same_paste_ticks_on_textual_alone(tmp_path: Path) -> None:
    with Run(tmp_path, is_guarded=False) as run:
        run.send(b"   \r   \r   \r")
        run.wait_for(lambda _: run.words().count("tick") == 9)


def test_a_paste_goes_into_a_field_as_text(tmp_path: Path) -> None:
    with Run(tmp_path) as run:
        run.press("\t", "tab")
        run.send("a long text without brackets")
        run.wait_for("a long text without brackets")
        run.send("\x1b[200~, and with\x1b[201~")
        run.wait_for("without brackets, and with")


def test_a_huge_paste_is_swallowed(tmp_path: Path) -> None:
    size = 5_000_000 if IS_SOAK else 1_000_000
    with Run(tmp_path) as run:
        started_s = time.monotonic()
        run.send(b"\x1b[200~" + b"rm -rf /\n" * (size // 9) + b"\x1b[201~")
        run.wait_for_word("paste", 60)
        assert run.is_alive()
        assert time.monotonic() - started_s < (25 if IS_SOAK else 10)
        assert run.rss_mb() < 200
        assert run.words()[0] == "paste 65536"
        run.send(b"x" * (size // 5))
        assert run.is_alive()
        assert {word.split()[0] for word in run.words()} == {"paste", "tick", "key"}
        assert {word for word in run.words() if word.startswith("key")} == {"key space"}


EXTREMES = ((1, 1), (300, 600), (20, 5), (80, 24), (1, 200), (500, 1), (0, 0), (65_535, 65_535), (40, 12))


def test_resize_storm(tmp_path: Path) -> None:
    random_ = random.Random(1)
    with Run(tmp_path) as run:
        for number in range(times(200, 2000)):
            run.resize_quietly(
                *(random_.choice(EXTREMES) if number % 10 == 0 else random_.choices(range(1, 220), k=2))
            )
            run.pump(0)
        run.resize(80, 24)
        assert run.is_alive()
        for cols, rows in EXTREMES:
            beats = run.beats()
            run.resize_quietly(cols, rows)
            run.wait_for(lambda _, before=beats: run.beats() > before)
        run.resize(80, 24)
        assert run.is_alive()
        assert run.rss_mb() < 200
        assert run.quit() == 0


def widest(run: Run) -> int:
    return max(len(line.rstrip()) for line in run.text.splitlines())


def test_the_environment_freezes_the_size_of_textual_alone(tmp_path: Path) -> None:
    for is_guarded in (True, False):
        with Run(tmp_path, is_guarded=is_guarded, env={"COLUMNS": "60", "LINES": "20"}) as run:
            run.resize(100, 30)
            if is_guarded:
                run.wait_for(lambda _: widest(run) == 100)
            else:
                run.settle(0.5)
                assert widest(run) == 60


def test_stop_and_continue_cycles(tmp_path: Path) -> None:
    with Run(tmp_path) as run:
        for _ in range(times(10, 50)):
            run.signal(signal.SIGSTOP)
            run.wait_for(lambda _: run.is_stopped())
            run.signal(signal.SIGCONT)
            run.signal(signal.SIGCONT)
        for _ in range(times(10, 50)):
            run.send("Z")
            run.wait_for(lambda _: run.is_stopped())
            assert run.is_restored()
            run.signal(signal.SIGCONT)
            run.wait_for(lambda _: run.is_raw())
            assert run.is_alive()
        assert run.threads() == 3
        assert run.quit() == 0
        assert run.is_restored()
        assert run.modes_left() == []


def test_a_shell_that_changed_the_terminal_while_we_were_stopped_is_put_right(tmp_path: Path) -> None:
    with Run(tmp_path) as run:
        assert run.is_alive()
        run.signal(signal.SIGSTOP)
        run.wait_for(lambda _: run.is_stopped())
        run.cook()
        assert not run.is_raw()
        run.screen.erase_in_display(2)  # and what it wrote over the screen
        run.signal(signal.SIGCONT)
        run.wait_for(lambda _: run.is_raw())
        run.wait_for("ticked 1")
        assert run.is_alive()
        run.quit()
        assert run.is_restored()


def test_stray_continues_ruin_textual_alone(tmp_path: Path) -> None:
    with Run(tmp_path, is_guarded=False) as run:
        run.wait_for(lambda _: run.beats() > 2)
        for _ in range(3):
            run.signal(signal.SIGCONT)
            before = run.beats()
            run.wait_for(lambda _, before=before: run.beats() > before + 2)
        run.send(b"\x11")
        assert run.threads() > 3 or not ends_restored(run)


def ends_restored(run: Run) -> bool:
    try:
        run.wait(3)
    except TimedOut:
        return False
    return run.is_restored()
