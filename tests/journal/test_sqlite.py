"""The session file: how it is made, what is refused in words, and what an unlucky save leaves behind."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.base.errors import DeploytuiError, UnsoundSession, UnusableSession, UsageError
from deploytui.journal import schema
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import create, open_store
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.store import StoreBusy, Unconfirmed
from tests.journal.sample import ANA, AT, HEADER, OPENING, PLAN, checked, new_session

CLOCK = FrozenClock(AT)
is_root = os.geteuid() == 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    return folder / "s.deploytui"


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def error_of(path: Path, *, writable: bool = True) -> DeploytuiError:
    with pytest.raises(DeploytuiError) as caught:
        open_store(path, writable=writable, clock=CLOCK)
    return caught.value


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


# -- making ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_files_are_0600_in_a_0700_folder_under_every_umask(
    tmp_path: Path, umask: Callable[[int], int], mask: int
) -> None:
    umask(mask)
    path = tmp_path / "new" / "s.deploytui"
    modes: list[int] = []
    store = create(path, HEADER, PLAN, clock=CLOCK, holder=ANA, opening=OPENING)

    def look(new: object) -> list[object]:
        store._db.execute("UPDATE lease SET beat=beat+1")
        modes.extend(stat.S_IMODE(found.stat().st_mode) for found in path.parent.iterdir())
        return []

    store.append(1, look, 1)  # type: ignore[arg-type]
    store.close()
    assert modes == [0o600, 0o600]  # the file and its journal, in the middle of a save
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_settings_are_those_that_survive_a_power_cut(path: Path) -> None:
    store = new_session(path)
    pragmas = (
        "journal_mode",
        "synchronous",
        "trusted_schema",
        "mmap_size",
        "cell_size_check",
        "busy_timeout",
    )
    found = {name: store._db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas}
    assert found == {
        "journal_mode": "delete",
        "synchronous": 3,
        "trusted_schema": 0,
        "mmap_size": 0,
        "cell_size_check": 1,
        "busy_timeout": 2000,
    }


def test_a_name_that_is_taken_is_refused_and_left_alone(path: Path) -> None:
    new_session(path).close()
    before = path.read_bytes()
    with pytest.raises(UsageError, match="a session of that name"):
        new_session(path)
    assert path.read_bytes() == before


def test_a_prepared_link_is_never_followed(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    path.symlink_to(victim)
    with pytest.raises(UsageError):
        new_session(path)
    assert not victim.exists()


def test_an_opening_that_fails_leaves_nothing(path: Path) -> None:
    with pytest.raises(TypeError):
        create(path, HEADER, PLAN, clock=CLOCK, holder=ANA, opening=[checked(1.5)])  # type: ignore[arg-type]
    assert list(path.parent.iterdir()) == []


def test_a_plan_that_is_not_the_headers_is_a_defect(path: Path) -> None:
    with pytest.raises(ValueError, match="not the plan's"):
        create(path, HEADER, PLAN + b"#", clock=CLOCK, holder=ANA, opening=OPENING)
    assert not path.exists()


def test_names_that_mean_something_in_an_address_are_only_names(tmp_path: Path) -> None:
    folder = tmp_path / "50% off?mode=memory#x"
    store = new_session(folder / "a?b%20#c.deploytui")
    store.close()
    assert [found.name for found in folder.iterdir()] == ["a?b%20#c.deploytui"]
    assert open_store(folder / "a?b%20#c.deploytui", writable=True, clock=CLOCK).head()[0] == 1


# -- what is no sound session ------------------------------------------------------------------------------


def test_a_missing_file_is_a_wrong_name(path: Path) -> None:
    assert error_of(path).exit_code == 2
    assert error_of(path / "deeper").exit_code == 2


def _folder(path: Path) -> None:
    path.mkdir()


def _link(path: Path) -> None:
    new_session(path.with_name("real")).close()
    path.symlink_to(path.with_name("real"))


def _two_names(path: Path) -> None:
    new_session(path).close()
    os.link(path, path.with_name("other"))


def _socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # socket paths are short
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(before)


def _text(path: Path) -> None:
    path.write_text("title: no database\n" * 500)


def _empty(path: Path) -> None:
    path.touch()


def _other_program(path: Path) -> None:
    raw(path).executescript("CREATE TABLE t(x); PRAGMA application_id=252006675;")


def _half(path: Path) -> None:
    new_session(path, events=200).close()
    os.truncate(path, path.stat().st_size // 2)


def _format_zero(path: Path) -> None:
    new_session(path).close()
    raw(path).execute("PRAGMA user_version=0")


NOT_SOUND: list[tuple[Callable[[Path], None], str]] = [
    (_folder, "a folder"),
    (_link, "a symbolic link"),
    (_two_names, "2 names"),
    (os.mkfifo, "a pipe"),
    (_socket, "a socket"),
    (_text, "a file that is no database"),
    (_empty, "an empty file"),
    (_other_program, "a database of another program"),
    (_half, "a damaged session file"),
    (_format_zero, "format 0"),
]


@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize(("make", "words"), NOT_SOUND)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_stands_there_is_named_and_left_alone(
    path: Path, make: Callable[[Path], None], words: str, writable: bool
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else None
    error = error_of(path, writable=writable)
    assert isinstance(error, UnsoundSession)
    assert error.exit_code == 4
    assert words in str(error)
    assert str(path) in str(error)
    assert before is None or path.read_bytes() == before


def test_a_device_is_refused_before_it_is_read() -> None:
    assert "a device" in str(error_of(Path("/dev/zero"), writable=False))


def rewrite(path: Path, *statements: str) -> None:
    """Change a session file behind its guards, and put the guards back so that only the content differs."""
    db = raw(path)
    for name in ("event_insert", "event_update", "event_delete"):
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    for statement in schema.TABLES:
        if statement.startswith("CREATE TRIGGER"):
            db.execute(statement)
    db.close()


TAMPERED = [
    ("UPDATE event SET body=replace(body, 'item-3', 'item-4') WHERE seq=5", "event 5: its hash does not fit"),
    ("UPDATE event SET epoch=2 WHERE seq=5", "event 5: its columns differ from its text"),
    ("UPDATE event SET id='x' WHERE seq=5", "event 5: its columns differ from its text"),
    ("UPDATE event SET prev=zeroblob(32) WHERE seq=5", "event 5: its hash does not fit"),
    ("UPDATE event SET hash=zeroblob(32) WHERE seq=5", "event 5: its hash does not fit"),
    ("DELETE FROM event WHERE seq=5", "event 5: missing, the next is 6"),
    ("DELETE FROM event WHERE seq=1", "event 1: missing, the next is 2"),
    ("DELETE FROM event", "event 1: missing, there are no events"),
    ("UPDATE event SET seq=99 WHERE seq=9", "event 9: missing, the next is 10"),
    ("UPDATE event SET body='{}' WHERE seq=7", "event 7: its hash does not fit"),
    (
        "UPDATE meta SET v=CAST(replace(v, 'SalesSync', 'Salessync') AS BLOB) WHERE k='header'",
        "event 1: its hash",
    ),
    ("UPDATE meta SET v=x'00' WHERE k='header'", "a header that cannot be read"),
    ("DELETE FROM meta WHERE k='header'", "a header that cannot be read"),
    ("UPDATE meta SET v=CAST(v||x'0a' AS BLOB) WHERE k='plan'", "a checklist that was changed"),
    ("DELETE FROM meta WHERE k='plan'", "a checklist that was changed"),
    ("DROP TRIGGER event_delete", "tables or triggers that were changed"),
    ("CREATE TRIGGER z AFTER INSERT ON event BEGIN UPDATE lease SET epoch=9; END", "tables or triggers"),
    ("CREATE VIEW v AS SELECT 1", "tables or triggers that were changed"),
]


@pytest.mark.parametrize(("statement", "words"), TAMPERED)
def test_tampering_is_refused_with_the_first_bad_event(path: Path, statement: str, words: str) -> None:
    new_session(path, events=20).close()
    if "TRIGGER" in statement or "VIEW" in statement:
        raw(path).execute(statement)
    else:
        rewrite(path, statement)
    error = error_of(path)
    assert error.exit_code == 4
    assert words in str(error)
    can_help = not words.startswith("event 1:")
    hint = f"deploytui recover {path} NEW" if can_help else "a backup of it: `recover` has nothing to copy"
    assert hint in str(error)


def test_an_untouched_file_with_its_guards_put_back_is_sound(path: Path) -> None:
    new_session(path, events=20).close()
    rewrite(path)
    assert open_store(path, writable=True, clock=CLOCK).head()[0] == 21


def test_the_first_bad_event_is_named_even_before_the_tail(path: Path) -> None:
    new_session(path, events=1200).close()
    rewrite(path, "UPDATE event SET epoch=7 WHERE seq IN (3, 1150)")
    assert "event 3:" in str(error_of(path))


def test_a_long_journal_without_its_beginning_is_not_opened(path: Path) -> None:
    new_session(path, events=1200).close()
    rewrite(path, "DELETE FROM event WHERE seq=1")
    assert "event 1: missing" in str(error_of(path))


def test_what_does_not_begin_with_the_opening_of_a_session_is_not_sound(path: Path) -> None:
    create(path, HEADER, PLAN, clock=CLOCK, holder=ANA, opening=[checked("a"), *OPENING]).close()
    error = error_of(path)
    assert "event 1: it does not open a session" in str(error)
    assert "`recover` has nothing to copy" in str(error)


def test_a_journal_that_is_emptied_while_it_is_open_is_not_called_sound(path: Path) -> None:
    new_session(path, events=3).close()
    store = open_store(path, writable=False, clock=CLOCK)
    rewrite(path, "DELETE FROM event")
    verdict = verify(store)
    assert str(verdict.broken) == "event 1: missing, there are no events"


def test_damage_before_the_tail_is_found_by_the_full_check(path: Path) -> None:
    new_session(path, events=1200).close()
    rewrite(path, "UPDATE event SET epoch=7 WHERE seq=3")
    verdict = verify(open_store(path, writable=False, clock=CLOCK))
    assert verdict.broken is not None
    assert (verdict.events, verdict.broken.seq) == (2, 3)


def test_sql_can_neither_change_nor_drop_nor_replace_an_event(path: Path) -> None:
    new_session(path, events=3).close()
    db = raw(path)
    for statement in (
        "UPDATE event SET body='x'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT 2, id, 1, 'x', prev, hash FROM event WHERE seq=2",
        "INSERT OR REPLACE INTO event SELECT 5, id, 1, 'x', prev, hash FROM event WHERE seq=2",
        "INSERT INTO event SELECT 9, 'new', 1, 'x', prev, hash FROM event WHERE seq=2",
        "INSERT INTO event VALUES('a','b','c','d','e','f')",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(statement)
    db.close()
    assert open_store(path, writable=True, clock=CLOCK).head()[0] == 4


# -- what is sound, but cannot be used as asked ------------------------------------------------------------


def _newer(path: Path, min_reader: int) -> None:
    new_session(path).close()
    db = raw(path)
    db.execute("UPDATE meta SET v=CAST('0.9.0' AS BLOB) WHERE k='program'")
    db.execute("UPDATE meta SET v=CAST(? AS BLOB) WHERE k='min_reader'", (str(min_reader),))
    db.execute("CREATE TABLE later(x)")
    db.execute(f"PRAGMA user_version={schema.VERSION + 1}")
    db.close()


def test_a_newer_file_names_the_version_to_install_and_can_be_looked_at(path: Path) -> None:
    _newer(path, min_reader=1)
    error = error_of(path)
    assert error.exit_code == 5
    assert '"0.9.0"' in str(error)
    store = open_store(path, writable=False, clock=CLOCK)
    assert store.is_read_only
    assert store.head()[0] == 1


def test_a_newer_file_may_say_that_this_program_would_misread_it(path: Path) -> None:
    _newer(path, min_reader=2)
    for writable in (True, False):
        error = error_of(path, writable=writable)
        assert error.exit_code == 5
        assert '"0.9.0"' in str(error)


def test_the_history_is_dated_and_its_last_entry_is_the_version() -> None:
    assert [version for version, _, _ in schema.HISTORY] == list(range(1, schema.VERSION + 1))
    assert [day for _, day, _ in schema.HISTORY] == sorted(day for _, day, _ in schema.HISTORY)


def test_a_locked_file_says_so_and_works_again_afterwards(path: Path) -> None:
    store = new_session(path)
    store._db.execute("PRAGMA busy_timeout=20")
    other = raw(path)
    other.execute("BEGIN EXCLUSIVE")
    for work in (
        lambda: store.append(1, lambda new: [checked("a")], 1),
        lambda: store.events(),
        lambda: store.beat(1),
        lambda: store.head(),
    ):
        with pytest.raises(StoreBusy, match="locked by another process"):
            work()
    other.execute("ROLLBACK")
    assert store.append(1, lambda new: [checked("a")], 1).own[0].seq == 2


def _moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))


def _copied_over(path: Path) -> None:
    shutil.copy(path, path.with_name("copy"))
    path.rename(path.with_name("elsewhere"))
    path.with_name("copy").rename(path)


def _a_folder_instead(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.mkdir()


@pytest.mark.parametrize("lose", [_moved, _copied_over, _a_folder_instead])
def test_what_is_written_to_a_file_that_lost_its_name_is_not_saved(
    path: Path, lose: Callable[[Path], None]
) -> None:
    store = new_session(path)
    lose(path)
    for work in (lambda: store.append(1, lambda new: [checked("a")], 1), lambda: store.beat(1)):
        with pytest.raises(UnusableSession, match="moved, replaced or deleted"):
            work()
    assert [event.seq for event in store.events()] == [1]  # it can still be looked at
    if path.is_dir():
        path.rmdir()
    path.with_name("elsewhere").replace(path)
    assert store.append(1, lambda new: [checked("a")], 1).own[0].seq == 2
    store.close()
    assert verify(open_store(path, writable=False, clock=CLOCK)).events == 2


def test_a_folder_that_turned_read_only_says_so_and_works_again(path: Path) -> None:
    store = new_session(path)
    shade = ["mount", "--bind", "-o", "ro", str(path.parent), str(path.parent)]
    if not is_root or shutil.which("mount") is None or subprocess.run(shade, capture_output=True).returncode:
        pytest.skip("mounting is not permitted")
    try:
        for work in (lambda: store.append(1, lambda new: [checked("a")], 1), lambda: store.beat(1)):
            with pytest.raises(UnusableSession, match="cannot be opened"):
                work()
        assert [event.seq for event in store.events()] == [1]
    finally:
        subprocess.run(["umount", str(path.parent)], check=True)
    assert store.append(1, lambda new: [checked("a")], 1).own[0].seq == 2


def test_a_reader_in_the_middle_of_reading_delays_a_save_and_loses_nothing(path: Path) -> None:
    store = new_session(path)
    store._db.execute("PRAGMA busy_timeout=20")
    reader = raw(path)
    cursor = reader.execute("SELECT k, v FROM meta")
    cursor.fetchone()
    with pytest.raises(StoreBusy):
        store.append(1, lambda new: [checked("a")], 1)
    assert store.events(1) == []  # the lock that kept new readers out is gone as well
    cursor.fetchall()
    assert store.append(1, lambda new: [checked("a")], 1).own[0].seq == 2


def test_a_follower_holds_no_lock(path: Path) -> None:
    store = new_session(path, events=500)
    store._db.execute("PRAGMA busy_timeout=0")
    follower = open_store(path, writable=False, clock=CLOCK)
    for after in range(20):
        follower.events(after)
        follower.has_changed()
        follower.lease()
        follower.head()
        follower.snapshot()
        store.append(0, lambda new: [checked("x")], 1)


def test_a_follower_can_change_nothing(path: Path) -> None:
    new_session(path)
    follower = open_store(path, writable=False, clock=CLOCK)
    assert follower.is_read_only
    for work in (
        lambda: follower.append(1, lambda new: [checked("a")], None),
        lambda: follower.beat(1),
        lambda: follower.save_snapshot(1, b"x"),
    ):
        with pytest.raises(UnusableSession, match="read-only"):
            work()
    assert follower.head()[0] == 1


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_others_may_change_is_no_place_to_drive(path: Path, mode: int) -> None:
    new_session(path).close()
    path.parent.chmod(mode)
    error = error_of(path)
    assert error.exit_code == 5
    assert "chmod go-w" in str(error)
    with pytest.raises(UnusableSession):
        new_session(path.with_name("another"))
    assert open_store(path, writable=False, clock=CLOCK).head()[0] == 1
    path.parent.chmod(mode | stat.S_ISVTX)
    assert open_store(path, writable=True, clock=CLOCK).head()[0] == 1


AS_NOBODY = """
import sys
from pathlib import Path
from deploytui.base.clock import SystemClock
from deploytui.base.errors import DeploytuiError
from deploytui.journal.sqlite import open_store
for writable in (True, False):
    try:
        store = open_store(Path(sys.argv[1]), writable=writable, clock=SystemClock())
        print("opened", store.is_read_only, store.head()[0])
    except DeploytuiError as error:
        print(error.exit_code, error)
"""


NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c")


def as_nobody(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    env = {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part), "PATH": os.environ["PATH"]}
    return subprocess.run([*NOBODY, code, *words], capture_output=True, text=True, env=env, check=False)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that another user can reach, as pytest's own cannot be."""
    if not is_root or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv")
    if as_nobody("import deploytui.journal.sqlite").returncode != 0:
        pytest.skip("this checkout cannot be read by another user")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize(
    ("mode", "owner", "expected"),
    [
        (0o644, 0, ["5 ", "opened True 1"]),
        (0o666, 0, ["5 ", "opened True 1"]),
        (0o600, 0, ["5 ", "5 "]),
        (0o400, 65534, ["5 ", "opened True 1"]),
        (0o600, 65534, ["opened False 1", "opened True 1"]),
    ],
)
def test_rights_decide_who_may_drive_and_who_may_look(
    shared_folder: Path, mode: int, owner: int, expected: list[str]
) -> None:
    folder = shared_folder / "state"
    folder.mkdir()
    os.chown(folder, owner, owner)
    folder.chmod(0o755)
    path = folder / "s.deploytui"
    new_session(path).close()
    os.chown(path, owner, owner)
    path.chmod(mode)
    done = as_nobody(AS_NOBODY, str(path))
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done.stderr
    assert [line[: len(start)] for line, start in zip(lines, expected, strict=True)] == expected


def test_the_right_to_write_is_proved_by_a_real_write(path: Path) -> None:
    new_session(path).close()
    counter = path.read_bytes()[24:28]
    open_store(path, writable=False, clock=CLOCK).close()
    assert path.read_bytes()[24:28] == counter
    store = open_store(path, writable=True, clock=CLOCK)
    lease = store.lease()
    store.close()
    assert path.read_bytes()[24:28] != counter
    assert open_store(path, writable=True, clock=CLOCK).lease() == lease  # and it is no sign of life


# -- a save that its driver did not live to finish ---------------------------------------------------------


def hot(path: Path) -> None:
    """Leave the file as a driver that died in the middle of a commit: changed pages, and the journal to undo them."""
    store = new_session(path, events=30)
    size = path.stat().st_size
    store._db.execute("PRAGMA cache_size=1")
    store._db.execute("BEGIN IMMEDIATE")
    store._db.execute("CREATE TABLE spill(x)")
    store._db.execute(
        "INSERT INTO spill WITH n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 3000) SELECT i FROM n"
    )
    journal = path.with_name(path.name + "-journal")
    copies = path.with_name("copy"), path.with_name("copy-journal")
    # cp, not shutil: opening the file in this process would drop SQLite's locks
    for source, target in zip((path, journal), copies, strict=True):
        subprocess.run(["cp", str(source), str(target)], check=True)
    store._db.execute("ROLLBACK")
    store.close()
    path.unlink()
    for source, target in zip(copies, (path, journal), strict=True):
        source.rename(target)
    assert path.stat().st_size > size


@pytest.mark.parametrize("writable", [True, False])
def test_an_unfinished_save_is_undone_on_opening(path: Path, writable: bool) -> None:
    hot(path)
    store = open_store(path, writable=writable, clock=CLOCK)
    assert store.head()[0] == 31
    assert verify(store).broken is None
    assert not path.with_name(path.name + "-journal").exists()


def _of_another(journal: Path) -> None:
    os.chown(journal, 65534, 65534)


def _a_link(journal: Path) -> None:
    journal.rename(journal.with_name("planted"))
    journal.symlink_to("planted")


def _a_second_name(journal: Path) -> None:
    os.link(journal, journal.with_name("planted"))


@pytest.mark.parametrize("plant", [_of_another, _a_link, _a_second_name])
def test_a_journal_that_somebody_planted_is_never_played_back(
    path: Path, plant: Callable[[Path], None]
) -> None:
    if plant is _of_another and not is_root:
        pytest.skip("needs root")
    hot(path)
    before = path.read_bytes()
    plant(path.with_name(path.name + "-journal"))
    for writable in (True, False):
        error = error_of(path, writable=writable)
        assert (error.exit_code, "owner did not write" in str(error)) == (5, True)
    assert path.read_bytes() == before


def test_a_follower_of_another_user_is_told_to_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hot(path)
    monkeypatch.setattr("deploytui.journal.connection.may_write", lambda path: False)
    error = error_of(path, writable=False)
    assert error.exit_code == 5
    assert "did not live to finish" in str(error)


# -- a commit that fails -----------------------------------------------------------------------------------


class FailingCommit:
    """A connection whose COMMIT fails: before or after it was done, `times` times; then it works again."""

    def __init__(self, db: sqlite3.Connection, *, is_done: bool, times: int) -> None:
        self._db = db
        self._is_done = is_done
        self._times = times

    def __getattr__(self, name: str) -> object:
        return getattr(self._db, name)

    def execute(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        if sql == "COMMIT" and self._times > 0:
            self._times -= 1
            if self._is_done:
                self._db.execute("COMMIT")
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_DIR_FSYNC
            raise error
        return self._db.execute(sql, values)


def _failing(store: SqliteStore, *, is_done: bool, times: int) -> SqliteStore:
    store._db = FailingCommit(store._db, is_done=is_done, times=times)  # type: ignore[assignment]
    return store


def test_a_commit_that_was_not_done_is_not_saved(path: Path) -> None:
    store = _failing(new_session(path), is_done=False, times=1)
    with pytest.raises(UnusableSession, match="the disk reported an error") as caught:
        store.append(1, lambda new: [checked("a")], 1)
    assert not isinstance(caught.value, Unconfirmed)
    assert store.events(1) == []
    assert store.append(1, lambda new: [checked("a")], 1).foreign == ()


def test_a_commit_that_was_done_and_proved_by_another_is_saved(path: Path) -> None:
    store = _failing(new_session(path), is_done=True, times=1)
    appended = store.append(1, lambda new: [checked("a")], 1)
    assert store.events(1) == list(appended.own)


def test_a_commit_that_was_done_and_cannot_be_proved_is_uncertain_and_comes_back(path: Path) -> None:
    store = _failing(new_session(path), is_done=True, times=2)
    store.has_changed()
    with pytest.raises(Unconfirmed, match="not certain"):
        store.append(1, lambda new: [checked("a")], 1)
    assert store.has_changed()
    appended = store.append(1, lambda new: [], 1)
    assert [event.item for event in appended.foreign] == ["a"]


def test_what_is_uncertain_is_not_read_before_the_disk_has_taken_another_save(path: Path) -> None:
    store = _failing(new_session(path), is_done=True, times=5)
    store.has_changed()
    with pytest.raises(Unconfirmed) as caught:
        store.append(1, lambda new: [checked("a")], 1)
    for look in (store.has_changed, lambda: store.append(1, lambda new: [], 1), lambda: store.beat(1)):
        with pytest.raises(UnusableSession, match="the disk reported an error"):
            look()
    assert store.beat(1)  # that one has reached it
    assert store.has_changed()
    assert not store.has_changed()
    assert {event.id for event in store.events(1)} == caught.value.events


# -- one library, one connection, any one thread -----------------------------------------------------------


def test_a_store_is_made_on_one_thread_and_used_on_another(path: Path) -> None:
    store = new_session(path)
    seen: list[int] = []
    thread = threading.Thread(
        target=lambda: seen.append(store.append(1, lambda new: [checked("a")], 1).own[0].seq)
    )
    thread.start()
    thread.join()
    assert seen == [2]


def test_looking_at_a_file_never_opens_it_beside_sqlite(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing any other descriptor of the file would drop the locks SQLite holds on it in this process."""
    new_session(path).close()
    opened: list[str] = []

    def hook(event: str, values: tuple[object, ...]) -> None:
        if event == "open" and path.name in str(values[0]):
            opened.append(str(values[0]))

    sys.addaudithook(hook)
    store = open_store(path, writable=True, clock=CLOCK)
    store.append(1, lambda new: [checked("a")], 1)
    verify(store)
    open_store(path, writable=False, clock=CLOCK).events()
    assert opened == []
    path.read_bytes()
    assert opened == [str(path)]  # the hook does see such an opening
