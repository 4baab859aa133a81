"""The crash file: private, complete, and without anything that could be a secret."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from deploytui.base.crash import describe, place_of, redact, write_crash

AT = datetime(2025, 11, 22, 2, 42, 7, tzinfo=UTC)
SENTINEL = "sEntinel-9f8e7d6c5b4a"


def raised(error: BaseException) -> BaseException:
    secret_local = SENTINEL
    try:
        raise error
    except BaseException as caught:
        assert secret_local
        return caught


# Every way a secret may stand in an exception's text.
SOURCES = {
    "URL user": f"GET https://deploy:{SENTINEL}@host/x failed",
    "URL query": f"GET https://host/x?sig={SENTINEL}&a=1 failed",
    "DSN": f"connection to postgres://u:{SENTINEL}@db:5432/x lost",
    "header": f"bad header Authorization: Bearer {SENTINEL}",
    "assignment": f"token={SENTINEL}",
    "colon": f"password: {SENTINEL}",
    "command line": f"command failed: deploy --token {SENTINEL} --now",
    "quoted": f"invalid literal for int(): '{SENTINEL}'",
    "double quoted": f'unknown key "{SENTINEL}"',
    "bare": f"unexpected answer {SENTINEL} from probe",
    "environment value": "the value abcd/efgh+ijkl is wrong",
    "environment value in a URL": "cannot open h/abcd%2Fefgh%2Bijkl/x",
    "environment value in base64": "answer YWFhYWFhYWE",
}


@pytest.mark.parametrize("source", SOURCES)
def test_no_secret_of_any_source_is_in_the_file(source: str, tmp_path: Path) -> None:
    env = {"MY_TOKEN": "abcd/efgh+ijkl", "DB_PASSWORD": SENTINEL, "AN_KEY": "aaaaaaaa", "HOME": "/root"}
    inner = raised(ValueError(SOURCES[source]))
    outer = RuntimeError(SOURCES[source])
    outer.__cause__ = inner
    path = write_crash(raised(outer), tmp_path, AT, env)
    assert path is not None
    text = path.read_text()
    for secret in (SENTINEL, quote(SENTINEL), "abcd/efgh+ijkl", "abcd%2Fefgh%2Bijkl", "YWFhYWFhYW"):
        assert secret not in text
    assert "ValueError" in text
    assert "RuntimeError" in text


def test_the_check_for_secrets_can_fail() -> None:
    assert SENTINEL in str(raised(ValueError(SOURCES["URL user"])))


def test_without_the_environment_the_shapes_alone_still_hide_what_has_one() -> None:
    for name in ("URL user", "URL query", "header", "assignment", "quoted", "bare"):
        assert SENTINEL not in redact(SOURCES[name])


def test_what_helps_to_find_the_defect_stays_readable(tmp_path: Path) -> None:
    text = describe(raised(KeyError("unknown phase of the plan")), AT, {}, about="the dashboard")
    assert "2025-11-22T02:42:07Z, the dashboard" in text
    assert "test_crash.py" in text
    assert " in raised" in text
    assert redact("list index out of range") == "list index out of range"


def test_the_file_is_private_and_new_each_time(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "deploytui"
    before = os.umask(0)
    try:
        one = write_crash(raised(ValueError("x")), folder, AT, {})
        two = write_crash(raised(ValueError("x")), folder, AT, {})
    finally:
        os.umask(before)
    assert one is not None
    assert two is not None
    assert one != two
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_laid_in_the_way_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    name = f"crash-{AT:%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    (tmp_path / name).symlink_to(victim)
    path = write_crash(raised(ValueError("x")), tmp_path, AT, {})
    assert path is not None
    assert path.name != name
    assert not victim.exists()


def test_a_folder_that_cannot_be_written_is_no_second_crash(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert write_crash(raised(ValueError("x")), tmp_path / "file", AT, {}) is None


def test_odd_exceptions_are_described_too() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    text = describe(raised(ExceptionGroup("two \x1b[31m", [Mute(), OSError(5, "gone")])), AT, {})
    assert "its text cannot be made" in text
    assert "OSError" in text
    assert "\x1b" not in text
    loop = raised(ValueError("a"))
    loop.__cause__ = loop
    assert describe(loop, AT, {}).count("ValueError") == 1


def test_the_place_is_the_innermost_frame_of_ours() -> None:
    with pytest.raises(ValueError) as caught:
        describe(ValueError("x"), "no instant", {})  # type: ignore[arg-type]
    assert place_of(caught.value).startswith("crash.py:")
    assert place_of(ValueError("never raised")) == "an unknown place"
