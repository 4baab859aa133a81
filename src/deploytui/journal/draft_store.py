"""Texts that were begun and not sent, in a small file beside the session's. They are no part of the journal: nothing
there waits for them, and losing them loses no event."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import astuple

from deploytui.base.errors import words
from deploytui.base.paths import DRAFTS_SUFFIX, SESSION_SUFFIX
from deploytui.base.text import clean_line
from deploytui.base.units import iso
from deploytui.journal.event import Event
from deploytui.journal.store import Header

VERSION = 1
MOST_BYTES = 1 << 20
MOST_KEPT = 50  # the newest


class DraftsLost(Exception):
    """The texts cannot be read or kept; the text says why."""


class Begun(Struct, frozen=True):
    """What was typed into one dialog. `by` is who typed it, `seq` the last event that was known then."""

    key: str
    text: str
    by: str
    seq: int


class _Page(Struct, frozen=True):
    """The whole file."""

    deploytui_drafts: int
    session: str
    texts: list[Begun]


def drafts_path(session: Path) -> Path:
    """Where a session's begun texts are kept: beside the session's own file."""
    return session.with_name(session.name.removesuffix(SESSION_SUFFIX) + DRAFTS_SUFFIX)


def unsent(texts: Iterable[Begun], events: Sequence[Event]) -> list[Begun]:
    """Those that no later event holds: a kill between a save and the next look at the file leaves both."""
    return [
        one
        for one in texts
        if not any(event.seq > one.seq and one.text in astuple(event.fact) for event in events)
    ]


class DraftFile:
    """The file of one session. It is replaced as a whole, and not synced: it must not compete with a save."""

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._owner = f"{header.session} {iso(header.created_at)}"

    def load(self) -> list[Begun]:
        """What is kept; nothing where there is no file, or one of an earlier session of this name."""
        try:
            raw = _read(self._path)
            page = msgspec.json.decode(raw, type=_Page) if raw is not None else None
        except OSError as error:
            raise DraftsLost(words(error)) from None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise DraftsLost("their file is damaged") from None
        if page is None or (page.deploytui_drafts, page.session) != (VERSION, self._owner):
            return []
        return [
            Begun(clean_line(one.key), clean_line(one.text), clean_line(one.by), one.seq)
            for one in page.texts[-MOST_KEPT:]
        ]

    def save(self, texts: Sequence[Begun]) -> None:
        """Keep these and nothing else; the file is gone where there are none."""
        try:
            if texts:
                page = _Page(VERSION, self._owner, list(texts[-MOST_KEPT:]))
                _replace(self._path, msgspec.json.encode(page))
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            raise DraftsLost(words(error)) from None


def copy_drafts(old: Path, new: Path, header: Header) -> int:
    """The texts of a session's file `old` to those of its copy `new`; how many. May raise `DraftsLost`."""
    texts = DraftFile(drafts_path(old), header).load()
    DraftFile(drafts_path(new), header).save(texts)
    return len(texts)


def _read(path: Path) -> bytes | None:
    """The bytes of a regular file of one's own; None where there is nothing."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(file, "rb") as opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_size > MOST_BYTES:
            raise DraftsLost("what stands in their place is no file of theirs")
        return opened.read(MOST_BYTES)


def _replace(path: Path, raw: bytes) -> None:
    """The whole file or the one before, 0600, whatever stood there: a link is replaced, not followed."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    try:
        file = os.open(new, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_WRONLY, 0o600)
        with os.fdopen(file, "wb") as opened:
            opened.write(raw)
        os.replace(new, path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise
