"""The gauges' past in its file: what was kept comes back, it stays bounded, and damage costs the past and no more."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock, SystemClock
from deploytui.journal import recorder as recorder_module
from deploytui.journal import sample_store
from deploytui.journal.recorder import Recorder
from deploytui.journal.sample_store import (
    MOST_ROWS,
    SampleFile,
    SamplesLost,
    copy_samples,
    kept_s,
    samples_path,
)
from deploytui.journal.store import Header
from deploytui.metrics.history import HOUR, TIERS, Bucket, Cell
from tests.journal.sample import open_samples

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
NOW_S = AT.timestamp()
HEADER = Header("night", "Night", "plan", "", "00", "live", AT, "0")


def bucket(seconds_ago: int, low: float | None = 1.0, high: float | None = None, gauge: str = "g") -> Bucket:
    return Bucket(10, int(NOW_S - seconds_ago) // 10, gauge, low, low if high is None else high)


def filled(folder: Path) -> Path:
    path = folder / "night.samples"
    store = open_samples(path, HEADER, writable=True)
    store.write([bucket(ago, float(ago)) for ago in range(0, 3600, 10)], NOW_S)
    store.close()
    return path


# -- the file ------------------------------------------------------------------------------------------


def test_it_stands_beside_the_session_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    assert samples_path(tmp_path / "night.deploytui") == tmp_path / "night.samples"
    previous = os.umask(0)
    try:
        path = filled(tmp_path)
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["night.samples"]


def test_it_is_synced_less_than_a_session(tmp_path: Path) -> None:
    store = open_samples(tmp_path / "night.samples", HEADER, writable=True)
    assert store._db is not None
    assert store._db.execute("PRAGMA synchronous").fetchone() == (1,)
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    store.close()


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    store = open_samples(filled(tmp_path), HEADER, writable=False)
    assert sorted(store.read(NOW_S)) == sorted(bucket(ago, float(ago)) for ago in range(0, 3600, 10))
    assert len(store.read(NOW_S + 1800)) == 181
    store.close()


def test_a_step_that_is_there_already_becomes_both(tmp_path: Path) -> None:
    store = open_samples(tmp_path / "night.samples", HEADER, writable=True)
    for low, high in ((None, None), (5.0, 7.0), (6.0, 9.0), (None, None), (2.0, 3.0)):
        store.write([Bucket(10, int(NOW_S) // 10, "g", low, high)], NOW_S)
    assert store.read(NOW_S) == [Bucket(10, int(NOW_S) // 10, "g", 2.0, 9.0)]
    store.close()


@pytest.mark.parametrize("gauges", [1, 20, 500])
def test_a_file_never_outgrows_its_bound(gauges: int) -> None:
    rows = gauges * sum(seconds // step_s for step_s, seconds in kept_s(gauges).items())
    assert rows <= MOST_ROWS
    if gauges <= 20:
        assert kept_s(gauges) == {tier.step_s: tier.kept_s for tier in TIERS}


def test_a_week_of_twenty_gauges_stays_under_its_bound_by_what_a_row_takes(tmp_path: Path) -> None:
    """Two hours are written and counted in bytes a row; the week's rows are what is kept of it."""
    path = tmp_path / "night.samples"
    store = open_samples(path, HEADER, writable=True)
    rows = 0
    for ago in range(7200, 0, -10):
        store.write([bucket(ago, ago / 7, ago * 1.5, f"gauge-{number}") for number in range(20)], NOW_S)
        rows += 20
    store.close()
    per_row = path.stat().st_size / rows
    week = 20 * sum(min(7 * 86400, tier.kept_s) // tier.step_s for tier in TIERS)
    assert per_row * week < 100e6 / 2
    assert per_row * MOST_ROWS < 100e6


def test_what_is_too_old_or_lies_far_ahead_is_let_go(tmp_path: Path) -> None:
    store = open_samples(tmp_path / "night.samples", HEADER, writable=True)
    store.write([bucket(2 * 86400), bucket(86000), bucket(0), bucket(-3 * 86400)], NOW_S)
    left = store._db.execute("SELECT number FROM step ORDER BY number").fetchall()
    assert left == [(bucket(86000).number,), (bucket(0).number,)]
    store.close()


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\x00" * 100)


def _flip(path: Path) -> None:
    body = bytearray(path.read_bytes())
    for at in range(4096, len(body), 97):
        body[at] ^= 0xFF
    path.write_bytes(bytes(body))


DAMAGES: list[Callable[[Path], object]] = [
    _truncate,
    _overwrite,
    _flip,
    lambda path: path.write_bytes(b""),
    lambda path: path.write_text("not a database"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_told_and_never_believed(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    path = filled(tmp_path)
    damage(path)
    found: list[Bucket | bool] = []
    try:
        store = open_samples(path, HEADER, writable=True)
        found += store.read(NOW_S)  # what can still be read is of the right shape
        store.close()
    except SamplesLost as lost:
        found.append(lost.is_damaged)
    assert all(one is True or (isinstance(one, Bucket) and isinstance(one.low, float)) for one in found)


def test_the_past_of_another_session_of_that_name_is_not_taken(tmp_path: Path) -> None:
    path = filled(tmp_path)
    other = Header("night", "Night", "plan", "", "00", "live", AT + timedelta(days=1), "0")
    with pytest.raises(SamplesLost, match="another session") as caught:
        open_samples(path, other, writable=True)
    assert caught.value.is_damaged


@pytest.mark.parametrize("kind", ["folder", "fifo", "link", "two names"])
def test_what_is_no_file_of_ours_is_left_alone(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "night.samples"
    other = tmp_path / "other"
    other.write_text("x")
    match kind:
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "link":
            path.symlink_to(other)
        case _:
            os.link(other, path)
    with pytest.raises(SamplesLost) as caught:
        open_samples(path, HEADER, writable=True)
    assert not caught.value.is_damaged
    assert other.read_text() == "x"


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("PRAGMA user_version=2", "its file is of another program or version"),
        ("PRAGMA application_id=7", "its file is of another program or version"),
        (
            "CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM step; END",
            "the tables of its file were changed",
        ),
    ],
)
def test_a_file_of_another_format_is_of_no_use(tmp_path: Path, sql: str, why: str) -> None:
    path = filled(tmp_path)
    with sqlite3.connect(path) as db:
        db.execute(sql)
    db.close()
    for writable in (True, False):
        with pytest.raises(SamplesLost) as caught:
            open_samples(path, HEADER, writable=writable)
        assert (str(caught.value), caught.value.is_damaged) == (why, True)


def test_a_file_that_could_not_be_made_whole_is_not_left_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "night.samples"
    with monkeypatch.context() as patched:
        patched.setattr(sample_store, "TABLES", (*sample_store.TABLES, "no SQL"))
        with pytest.raises(SamplesLost):
            open_samples(path, HEADER, writable=True)
    assert list(tmp_path.iterdir()) == []
    open_samples(path, HEADER, writable=True).close()


def test_a_copy_has_all_of_it(tmp_path: Path) -> None:
    path, new = filled(tmp_path), tmp_path / "new.samples"
    assert copy_samples(path, new)
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    store = open_samples(new, HEADER, writable=False)
    assert len(store.read(NOW_S)) == 360
    store.close()
    assert not copy_samples(tmp_path / "nothing.samples", tmp_path / "other.samples")
    _overwrite(path)
    assert not copy_samples(path, tmp_path / "third.samples")
    assert not (tmp_path / "third.samples").exists()


# -- the thread ----------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "FLUSH_S", 0.02)
    monkeypatch.setattr(recorder_module, "RETRY_S", 0.02)


class LeanFile(SampleFile):
    """A disk that takes nothing for as long as it is full."""

    is_full = False

    def connect(self, *, writable: bool, make: bool = True) -> bool:
        if make and self.is_full:
            raise SamplesLost("disk full")
        return super().connect(writable=writable, make=make)

    def set_aside(self) -> str:
        assert not self.is_full, "a full disk is no damage"
        return super().set_aside()


class Night:
    """A recorder over a real file, and a clock that is told."""

    def __init__(self, path: Path, *, is_driving: bool = True) -> None:
        self.clock = FrozenClock(AT)
        self.is_driving = is_driving
        self.file = LeanFile(path, HEADER)
        self.recorder = Recorder(self.file, self.clock, SystemClock(), lambda: self.is_driving)
        self.recorder.history.know("g", 10)
        self.said: list[str] = []

    def say(self, value: float | None, seconds: float = 10) -> None:
        self.clock.advance(seconds)
        self.recorder.history.add("g", self.clock.now(), value)
        self.recorder.keep()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():
                self.listen()
                await asyncio.sleep(0.01)

    def listen(self) -> Sequence[str]:
        while word := self.recorder.remark():
            self.said.append(word)
        return self.said

    def cells(self) -> list[Cell | None]:
        return [cell for cell in self.recorder.history.trace("g", HOUR, self.clock.now(), 360) if cell]


def steps(path: Path) -> int:
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return int(db.execute("SELECT count(*) FROM step WHERE step_s=10").fetchone()[0])
    finally:
        db.close()


async def test_a_gauge_comes_back_with_its_past_and_the_gap(tmp_path: Path) -> None:
    path = tmp_path / "night.samples"
    first = Night(path)
    first.recorder.start()
    for value in (1.0, 2.0, 3.0):
        first.say(value)
    await first.recorder.stop()
    second = Night(path)
    second.clock.advance(300)
    second.recorder.start()
    await second.until(lambda: len(second.cells()) >= 3)
    second.say(9.0)
    trace = second.recorder.history.trace("g", HOUR, second.clock.now(), 360)
    assert [cell.high if cell else None for cell in trace[-32:]][:6] == [None, 1.0, 2.0, 3.0, 3.0, None]
    assert trace[-1] == Cell(9, 9)
    assert None in trace[-20:-1]
    await second.recorder.stop()
    assert steps(path) == 4
    assert first.listen() == second.listen() == []


async def test_where_nothing_was_measured_no_file_is_made(tmp_path: Path) -> None:
    night = Night(tmp_path / "night.samples")
    night.recorder.start()
    await night.recorder.stop()
    assert list(tmp_path.iterdir()) == []


async def test_a_follower_reads_and_never_writes(tmp_path: Path) -> None:
    path = filled(tmp_path)
    path.chmod(0o400)
    tmp_path.chmod(0o500)
    before = path.stat()
    night = Night(path, is_driving=False)
    night.recorder.start()
    await night.until(lambda: len(night.cells()) >= 360)
    for _ in range(5):
        night.say(7.0)
    await night.recorder.stop()
    tmp_path.chmod(0o700)
    assert (path.stat().st_mtime_ns, path.stat().st_size) == (before.st_mtime_ns, before.st_size)
    assert [entry.name for entry in tmp_path.iterdir()] == ["night.samples"]
    assert night.listen() == []


async def test_who_no_longer_drives_no_longer_writes(tmp_path: Path) -> None:
    path = tmp_path / "night.samples"
    night = Night(path)
    night.recorder.start()
    night.say(1.0)
    night.say(1.0)
    await night.until(lambda: path.exists() and steps(path) == 1)
    night.is_driving = False
    for _ in range(5):
        night.say(1.0)
    await night.recorder.stop()
    assert steps(path) == 1


@pytest.mark.parametrize("damage", DAMAGES[:2] + DAMAGES[3:])
async def test_a_damaged_past_is_put_away_and_said(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    path = filled(tmp_path)
    damage(path)
    night = Night(path)
    night.recorder.start()
    await night.until(lambda: bool(night.said))
    assert "begins anew" in night.said[0]
    assert "night.samples.old" in night.said[0]
    night.say(1.0)
    night.say(2.0)
    await night.recorder.stop()
    assert steps(path) == 2
    assert (tmp_path / "night.samples.old").exists()


@pytest.mark.parametrize("damage", [_truncate, _overwrite, Path.unlink])
async def test_damage_while_it_runs_is_said_and_it_goes_on(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    path = tmp_path / "night.samples"
    night = Night(path)
    night.recorder.start()
    for _ in range(3):
        night.say(1.0)
    await night.until(lambda: path.exists() and steps(path) == 2)
    damage(path)
    night.say(2.0)
    await night.until(lambda: bool(night.said))
    night.say(3.0)
    await night.recorder.stop()
    assert "begins anew" in night.said[0]
    assert steps(path) >= 2


async def test_a_folder_in_its_place_while_it_runs_is_put_away_whole_and_said(tmp_path: Path) -> None:
    path = tmp_path / "night.samples"
    night = Night(path)
    night.recorder.start()
    for _ in range(3):
        night.say(1.0)
    await night.until(lambda: path.exists() and steps(path) == 2)
    path.unlink()
    path.mkdir()
    (path / "theirs").write_text("theirs")
    night.say(2.0)
    await night.until(lambda: bool(night.said))
    night.say(3.0)
    await night.recorder.stop()
    assert "begins anew" in night.said[0]
    assert (tmp_path / "night.samples.old" / "theirs").read_text() == "theirs"
    assert steps(path) >= 2


async def test_a_full_disk_is_said_once_and_nothing_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "night.samples"
    night = Night(path)
    night.file.is_full = True
    night.recorder.start()
    for _ in range(4):
        night.say(1.0)
    await night.until(lambda: bool(night.said))
    await asyncio.sleep(0.1)
    assert night.listen() == [
        "gauge history is not saved: disk full; the session itself is not touched by that"
    ]
    night.file.is_full = False
    await night.until(lambda: len(night.said) == 2)
    assert night.said[1] == "gauge history is saved again"
    await night.recorder.stop()
    assert steps(path) == 4


async def test_a_real_full_disk(tmp_path: Path) -> None:
    """SQLite's own bound on pages stands for the disk: it fails in the middle of a save as a full one does."""
    store = open_samples(tmp_path / "night.samples", HEADER, writable=True)
    store._db.execute("PRAGMA max_page_count=12")
    with pytest.raises(SamplesLost, match="disk full") as caught:
        store.write([bucket(ago) for ago in range(0, 86400, 10)], NOW_S)
    assert not caught.value.is_damaged
    store.write([bucket(0)], NOW_S)
    assert len(store.read(NOW_S)) == 1
    store.close()


async def test_a_defect_of_ours_is_said_and_ends_nothing(tmp_path: Path) -> None:
    night = Night(tmp_path / "night.samples")
    night.file.connect = lambda **_: 1 / 0  # type: ignore[method-assign,assignment]
    night.recorder.start()
    night.say(1.0)
    night.say(1.0)
    await night.until(lambda: bool(night.said))
    assert "a defect of ours: ZeroDivisionError" in night.said[0]
    await night.recorder.stop()


def test_one_row_of_a_wrong_type_takes_nothing_of_the_others(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with sqlite3.connect(path) as db:
        (sound,) = db.execute("SELECT sql FROM sqlite_schema WHERE name='step'").fetchone()
        for schema, damage in (
            (
                sound.replace("STRICT, ", "").replace(" STRICT", ""),
                "UPDATE step SET low='bad' WHERE low=100.0",
            ),
            (sound, "SELECT 1"),
        ):
            db.execute("PRAGMA writable_schema=ON")
            db.execute("UPDATE sqlite_schema SET sql=? WHERE name='step'", (schema,))
            db.execute("PRAGMA writable_schema=RESET")
            db.execute(damage)
    db.close()
    store = open_samples(path, HEADER, writable=False)
    read = store.read(NOW_S)
    store.close()
    assert len(read) == 359
    assert not [one for one in read if one.low == 100.0]
