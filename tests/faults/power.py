"""A traced run of a journal writer as a list of operations, and the disks a power cut could leave at any of them.

What was not synced may be there, be missing, be torn in sectors or have overtaken what was written before it; the same
for names in the folder, whose order is kept. What was synced is there.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,close,pwrite64,write,ftruncate,fdatasync,fsync,unlink"
SECTOR = 512
MODES = ("none", "some", "torn", "all")
_LINE = re.compile(r"\d+\s+(\w+)\((.*)\)\s+=\s+(-?\d+)")
_TEXT = re.compile(r'"((?:\\x..)*)"')


@dataclass(frozen=True)
class Operation:
    """`kind` is create, write, truncate, sync, sync_folder, unlink or said; `file` a name in the folder."""

    kind: str
    file: str = ""
    at: int = 0
    data: bytes = b""


def _bytes(arguments: str) -> bytes:
    found = _TEXT.search(arguments)
    return bytes.fromhex(found.group(1).replace("\\x", "")) if found else b""


def read_trace(trace: Path, folder: Path) -> list[Operation]:
    """The operations on the files of `folder` in strace's record, and what was said on standard output."""
    return list(_operations(trace.read_text("ascii").splitlines(), folder))


def _operations(lines: list[str], folder: Path) -> Iterator[Operation]:
    names: dict[int, str] = {}  # by descriptor; "" is the folder itself
    for line in lines:
        match = _LINE.match(line)
        if match is None or int(match.group(3)) < 0:
            continue
        call, arguments, result = match.group(1), match.group(2), int(match.group(3))
        if call == "openat":
            path = Path(_bytes(arguments).decode())
            names.pop(result, None)
            if path == folder:
                names[result] = ""
            elif path.parent == folder:
                names[result] = path.name
                if "O_CREAT" in arguments:
                    yield Operation("create", path.name)
            continue
        if call == "unlink":
            path = Path(_bytes(arguments).decode())
            if path.parent == folder:
                yield Operation("unlink", path.name)
            continue
        fd = int(arguments.split(",")[0])
        if call == "close":
            names.pop(fd, None)
        elif call == "write" and fd == 1:
            yield Operation("said", data=_bytes(arguments))
        elif fd in names:
            yield _on_file(call, names[fd], arguments, result)


def _on_file(call: str, name: str, arguments: str, result: int) -> Operation:
    if call == "pwrite64":
        return Operation("write", name, int(arguments.rpartition(",")[2]), _bytes(arguments)[:result])
    if call == "ftruncate":
        return Operation("truncate", name, int(arguments.split(",")[1]))
    if call in ("fsync", "fdatasync"):
        return Operation("sync", name) if name else Operation("sync_folder")
    raise AssertionError(f"a plain {call} to a session file is not expected")


@dataclass
class _File:
    """A file apart from its name: what is surely on disk, and what may be."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Operation] = field(default_factory=list)


def _apply(content: bytearray, at: int, data: bytes) -> None:
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(data)] = data


def _change(content: bytearray, operation: Operation) -> None:
    if operation.kind == "truncate":
        del content[operation.at :]
        content.extend(bytes(max(0, operation.at - len(content))))
    else:
        _apply(content, operation.at, operation.data)


class Disk:
    """Replays operations one by one, and makes the images a power cut could leave now."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._now: dict[str, _File] = {}
        self._durable_names: dict[str, _File] = {}
        self._pending_names: list[tuple[str, _File | None]] = []

    def do(self, operation: Operation) -> None:
        name = operation.file
        match operation.kind:
            case "said":
                self.said += operation.data.decode().splitlines()
            case "create":
                if name not in self._now:
                    self._now[name] = _File()
                    self._pending_names.append((name, self._now[name]))
            case "unlink":
                del self._now[name]
                self._pending_names.append((name, None))
            case "sync_folder":
                self._durable_names = dict(self._now)
                self._pending_names.clear()
            case "sync":
                file = self._now[name]
                for pending in file.pending:
                    _change(file.durable, pending)
                file.pending.clear()
            case _:
                self._now[name].pending.append(operation)

    def image(self, mode: str, dice: random.Random) -> dict[str, bytes]:
        """The files after a power cut now."""
        names = dict(self._durable_names)
        kept = {"none": 0, "all": len(self._pending_names)}.get(
            mode, dice.randint(0, len(self._pending_names))
        )
        for name, file in self._pending_names[:kept]:
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file
        return {name: _content(file, mode, dice) for name, file in names.items()}


def _content(file: _File, mode: str, dice: random.Random) -> bytes:
    content = bytearray(file.durable)
    for operation in file.pending:
        if mode == "torn" and operation.kind == "write":
            for begin in range(0, len(operation.data), SECTOR):
                if dice.random() < 0.5:
                    _apply(content, operation.at + begin, operation.data[begin : begin + SECTOR])
        elif mode == "all" or (mode != "none" and dice.random() < 0.5):
            _change(content, operation)
    return bytes(content)
