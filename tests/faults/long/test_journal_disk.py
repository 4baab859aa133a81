"""A disk that fails or is full: every failure is said, nothing that was called saved is lost, and it works again after.

The errors are injected at every system call of a few acts, once and from there on; and a real small disk is filled.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploytui.base.clock import SystemClock
from deploytui.base.errors import UnusableSession
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import create, open_store
from deploytui.journal.sqlite_store import SqliteStore
from tests.faults.conftest import SOAK, fill
from tests.faults.journal_writer import late_for
from tests.faults.judge import Judgement, judge, run_writer
from tests.faults.long.test_journal_kill import judged_points
from tests.journal.sample import ANA, HEADER, OPENING, PLAN, checked, new_session

ACTS = 12 if SOAK else 2
CALLS = ("pwrite64", "fdatasync", "fsync", "unlink", "openat", "pread64", "fcntl")
ERRORS = {"EIO": CALLS, "ENOSPC": ("pwrite64", "fdatasync", "fsync", "openat")}
CLOCK = SystemClock()


def struck_at_every_call(
    folder: Path, strace: str, seed: Path, variant: str, error: str, calls: tuple[str, ...]
) -> tuple[int, Judgement]:
    """Once at each call, then from each call on; `seed` as in `journal_writer.points`."""
    total, points = Judgement(), 0
    for call in calls:
        late, last = late_for(call, ACTS), 10_000
        for often in ("once", "always"):
            place = folder / f"{error}-{call}-{often}"
            place.mkdir()
            when = f"{late}" if often == "once" else f"{late}+"
            inject = f"inject={call}:error={error}:when={when}"
            traced = (strace, "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", f"trace={call}")
            words = ("points", often, call, late, place, seed, variant, ACTS, last)
            outcomes = judged_points(place, run_writer(*words, before=(*traced, "-e", inject)))
            if often == "once":
                assert outcomes[max(outcomes)].acked == ACTS, f"{call}: not every call was reached"
            last = len(outcomes) - (often == "once")  # the last one got through unharmed
            points += last
            for outcome in outcomes.values():
                total.add(outcome)
                if often == "once" and variant == "sound":  # the act after the failed one works again
                    assert outcome.said["NOT"] + outcome.said["MAYBE"] <= 1, (call, outcome)
            if last == 0:  # SQLite is built to use another call
                break
    return points, total


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_at_every_system_call(
    tmp_path: Path, strace: str, error: str, counted: Callable[[str], None]
) -> None:
    seed = tmp_path / "seed.deploytui"
    new_session(seed, events=3).close()
    points, outcome = struck_at_every_call(tmp_path, strace, seed, "sound", error, ERRORS[error])
    said = outcome.said
    counted(
        f"{error} at every system call, once and for good: {points} points, {outcome.acked} acknowledged, "
        f"{len(outcome.lost)} lost; {said['NOT']} not saved, "
        f"{said['MAYBE']} not certain, {said['CLOSED']} not opened"
    )
    assert outcome.is_clean, outcome
    assert said["NOT"] > points / 4
    assert points > 20 * ACTS


def test_an_error_that_is_swallowed_is_caught(
    tmp_path: Path, strace: str, counted: Callable[[str], None]
) -> None:
    seed = tmp_path / "seed.deploytui"
    new_session(seed, events=3).close()
    points, outcome = struck_at_every_call(tmp_path, strace, seed, "swallow", "EIO", ("fdatasync",))
    counted(f"  control, an error taken for a success: {len(outcome.lost)} lost at {points} points")
    assert outcome.lost


# -- a real disk, really full ------------------------------------------------------------------------------


def tick(store: SqliteStore, name: str) -> str:
    """One line as a writer process says it."""
    try:
        store.append(store.head()[0], lambda new: [checked(name)], 1)
    except UnusableSession as error:
        return f"NOT {name} {error.problems[0].found}"
    return f"ACK {name}"


def test_a_full_disk_says_so_and_goes_on_when_there_is_space(
    small_disk: Path, counted: Callable[[str], None]
) -> None:
    path = small_disk / "s" / "s.deploytui"
    store = create(path, HEADER, PLAN, clock=CLOCK, holder=ANA, opening=OPENING)
    lines = [tick(store, f"before-{number}") for number in range(20)]
    filler = fill(small_disk)
    full = [tick(store, f"full-{number}") for number in range(200)]
    with pytest.raises(UnusableSession, match="disk full|disk reported"):
        create(path.with_name("another"), HEADER, PLAN, clock=CLOCK, holder=ANA, opening=OPENING)
    assert not path.with_name("another").exists()
    assert len(store.events()) == 21  # it can still be looked at
    filler.unlink()
    after = [tick(store, f"after-{number}") for number in range(20)]
    store.close()
    outcome = judge(path, lines + full + after)
    counted(f"a real full disk: 200 appends refused as {sorted({line.split(' ', 2)[2] for line in full})}, "
            f"{outcome.acked} acknowledged before and after, {len(outcome.lost)} lost")  # fmt: skip
    assert [line for line in full if not line.endswith(" disk full")] == []
    assert [line for line in lines + after if not line.startswith("ACK")] == []
    assert outcome.is_clean, outcome


def test_a_full_disk_catches_a_store_that_does_not_look(
    small_disk: Path, counted: Callable[[str], None]
) -> None:
    path = small_disk / "s" / "s.deploytui"
    store = create(path, HEADER, PLAN, clock=CLOCK, holder=ANA, opening=OPENING)
    filler = fill(small_disk)
    lines = [tick(store, f"{number}").replace("NOT", "ACK") for number in range(20)]
    filler.unlink()
    store.close()
    outcome = judge(path, lines)
    counted(f"  control, an error taken for a success: {len(outcome.lost)} of {outcome.acked} lost")
    assert outcome.lost


def test_a_disk_that_turns_read_only(small_disk: Path, counted: Callable[[str], None]) -> None:
    path = small_disk / "s" / "s.deploytui"
    create(path, HEADER, PLAN, clock=CLOCK, holder=ANA, opening=OPENING).close()
    rounds, lines = 50, list[str]()
    for number in range(rounds):
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        with pytest.raises(UnusableSession, match="read-only"):
            open_store(path, writable=True, clock=CLOCK)
        follower = open_store(path, writable=False, clock=CLOCK)
        assert verify(follower).events == number + 1
        follower.close()
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
        store = open_store(path, writable=True, clock=CLOCK)
        lines.append(tick(store, f"{number}"))
        store.close()
    outcome = judge(path, lines)
    counted(f"a read-only disk: {rounds} times refused to drive and shown, {outcome.acked} acknowledged between, "
            f"{len(outcome.lost)} lost")  # fmt: skip
    assert outcome.is_clean
    assert outcome.acked == rounds
    assert os.statvfs(path).f_flag & os.ST_RDONLY == 0
