"""A checklist file becomes a plan here: its bytes are read once, bounded, and kept beside what was read."""

from __future__ import annotations

import errno
import gc
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deploytui.base.errors import InvalidChecklist, Problem, UsageError
from deploytui.base.text import clean_line, quoted
from deploytui.plan.build import build_plan
from deploytui.plan.finding import Finding, Recognized, Repair
from deploytui.plan.model import Plan
from deploytui.plan.yaml import MAX_BYTES, read_yaml

YAML_SUFFIXES = (".yaml", ".yml")
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".txt")
_CHUNK = 1 << 16


class Loaded(Struct, frozen=True):
    """A plan with the very bytes it was read from, so that a session can keep them."""

    plan: Plan
    source: bytes
    sha256: str
    name: str
    path: Path | None = None
    findings: tuple[Finding, ...] = ()
    recognized: tuple[Recognized, ...] = ()
    repairs: tuple[Repair, ...] = ()
    # Of what was recognized, what a person should know first: what was assumed, or could not be read.
    warnings: tuple[Recognized, ...] = ()
    # Items of a Markdown document that are no box in it, by what they are: table rows, numbered steps.
    unboxed: tuple[tuple[str, int], ...] = ()


def load_plan(path: Path) -> Loaded:
    """Read the checklist at `path`. UsageError when there is no file to read, InvalidChecklist when it is
    not a sound one."""
    shown = clean_line(str(path))
    return replace(_read(read_bytes(path), path.name, shown), path=path)


def read_plan(source: bytes, name: str) -> Loaded:
    """Read a checklist from bytes that were kept, as a session does when it resumes."""
    return _read(source, name, clean_line(name))


def _read(source: bytes, name: str, shown: str) -> Loaded:
    suffix = Path(name).suffix.lower()
    if suffix not in YAML_SUFFIXES:
        # The importer's patterns take a tenth of a second to compile: only who reads Markdown pays for them.
        from deploytui.plan.markdown import looks_like_markdown

        if suffix in MARKDOWN_SUFFIXES or looks_like_markdown(source):
            return _read_markdown(source, name, shown)
        found = f"a file of the kind {quoted(suffix)}" if suffix else "a file without a suffix"
        raise InvalidChecklist(Problem(found, "a checklist: .yaml, .yml, .md or .txt", "renaming it", shown))
    with _collector_paused():
        root, problems = read_yaml(source, shown)
        plan = build_plan(root, shown, problems)
    return Loaded(plan, source, hashlib.sha256(source).hexdigest(), name)


def _read_markdown(source: bytes, name: str, shown: str) -> Loaded:
    from deploytui.plan.markdown import import_markdown

    with _collector_paused():
        imported = import_markdown(source, name, shown)
        plan = build_plan(imported.node, shown)
    said = {key: getattr(imported, key) for key in ("recognized", "repairs", "warnings", "unboxed")}
    return Loaded(plan, source, hashlib.sha256(source).hexdigest(), name, **said)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Reading makes a million small values and no garbage: looking for cycles among them doubles the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read_bytes(path: Path) -> bytes:
    """The file's bytes, or a problem in words."""
    return b"".join(_parts(path))


def file_sha256(path: Path) -> str:
    """The hash of the file's bytes, of which no more than one part is held at a time."""
    digest = hashlib.sha256()
    for part in _parts(path):
        digest.update(part)
    return digest.hexdigest()


def _parts(path: Path) -> Iterator[bytes]:
    """Opened without blocking: a FIFO would wait for a writer for ever."""
    shown = clean_line(str(path))
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except (OSError, ValueError) as error:
        raise UsageError(_not_readable(error, shown)) from None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or device"
            raise UsageError(Problem(kind, "a checklist file", None, shown))
        size = 0
        while part := os.read(handle, _CHUNK):
            size += len(part)
            if size > MAX_BYTES:
                problem = Problem("a file larger than 16 MiB", "at most 16 MiB", "splitting it", shown)
                raise InvalidChecklist(problem)
            yield part
    except OSError as error:
        raise UsageError(_not_readable(error, shown)) from None
    finally:
        os.close(handle)


def _not_readable(error: OSError | ValueError, shown: str) -> Problem:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        return Problem("no such file", "a checklist file", "`deploytui` lists what it finds", shown)
    if number in (errno.EACCES, errno.EPERM):
        return Problem("a file that may not be read", "read permission", f"chmod u+r {shown}", shown)
    if number == errno.ENXIO:
        return Problem("a socket or pipe", "a checklist file", None, shown)
    reason = os.strerror(number) if number else "a name that cannot be a path"
    return Problem(f"a file that cannot be read ({reason})", "a checklist file", None, shown)
