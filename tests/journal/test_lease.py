"""Dead, alive or unknown: what this machine can say of a holder, and when silence counts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from deploytui.journal.lease import BeatWatch, boot_id, holder_is_dead, this_process
from deploytui.journal.store import Holder, Lease

HERE = "app-1"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def proc(folder: Path, boot: str = "b-1", pids: str = "pid:[1]", **stats: str) -> Path:
    """A /proc with these processes: `p42="S 7"` is process 42 in state S, started at 7."""
    (folder / "sys/kernel/random").mkdir(parents=True)
    (folder / "sys/kernel/random/boot_id").write_text(boot + "\n")
    (folder / "self/ns").mkdir(parents=True)
    (folder / "self/ns/pid").symlink_to(pids)
    for name, text in stats.items():
        state, start = text.split()
        (folder / name[1:]).mkdir()
        (folder / name[1:] / "stat").write_text(f"{name[1:]} (a) b) c) {state} {'0 ' * 18}{start} 0 0\n")
    return folder


HOLDER = Holder("ANA", HERE, 42, 7, "b-1 pid:[1]")


@pytest.mark.parametrize(
    ("stats", "expected"),
    [
        ({"p42": "S 7"}, False),
        ({"p42": "T 7"}, False),  # stopped is not dead
        ({}, True),
        ({"p42": "Z 7"}, True),
        ({"p42": "S 8"}, True),  # another process has its number now
    ],
)
def test_a_holder_of_this_boot(tmp_path: Path, stats: dict[str, str], expected: bool) -> None:
    assert holder_is_dead(HOLDER, HERE, proc(tmp_path, **stats)) is expected


def test_a_holder_before_the_last_boot_is_dead(tmp_path: Path) -> None:
    assert holder_is_dead(HOLDER, HERE, proc(tmp_path, boot="b-2", p42="S 7")) is True


def test_nobody_can_tell_of_another_host_or_container(tmp_path: Path) -> None:
    here = proc(tmp_path, pids="pid:[2]")
    assert holder_is_dead(HOLDER, "app-2", here) is None
    assert holder_is_dead(HOLDER, HERE, here) is None


def test_a_stat_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    here = proc(tmp_path)
    (here / "42").mkdir()
    (here / "42/stat").write_text("42 (a) S 1")
    assert holder_is_dead(HOLDER, HERE, here) is None


def test_without_proc_only_a_missing_process_is_known_dead(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    gone = replace(HOLDER, pid=int(done.stdout), boot_id="")
    assert holder_is_dead(gone, HERE, tmp_path) is True
    assert holder_is_dead(replace(gone, pid=os.getpid()), HERE, tmp_path) is None
    assert holder_is_dead(replace(gone, pid=2**70), HERE, tmp_path) is None


@linux
def test_this_process_lives_and_a_child_that_ended_does_not() -> None:
    me = this_process("ANA")
    assert (me.name, me.pid) == ("ANA", os.getpid())
    assert me.pid_start > 0
    assert me.boot_id == boot_id() != ""
    assert holder_is_dead(me) is False
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    stat = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    holder = replace(me, pid=child.pid, pid_start=int(stat[19]))
    assert holder_is_dead(holder) is False
    child.communicate(b"\n")
    assert holder_is_dead(holder) is True


def test_silence_counts_from_the_last_change_that_was_seen() -> None:
    lease = Lease(1, HOLDER, 5)
    watch = BeatWatch(lease, 100.0)
    assert watch.silent_s(lease, 119.0) == 19.0
    assert watch.silent_s(replace(lease, beat=6), 130.0) == 0.0
    assert watch.silent_s(replace(lease, beat=6), 131.0) == 1.0
    assert watch.silent_s(replace(lease, epoch=2, beat=6), 190.0) == 0.0
