"""The seam between a session and where its journal is kept. Every store passes one contract test class."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from deploytui.base.errors import DeploytuiError, Problem, UnsoundSession, UnusableSession
from deploytui.base.paths import SESSION_SUFFIX
from deploytui.base.text import clean_line
from deploytui.journal.event import Draft, Event


class Header(Struct, frozen=True):
    """What a session is from its first moment on; the chain starts from its hash."""

    session: str
    title: str
    plan_name: str
    plan_path: str
    plan_sha256: str
    mode: str
    created_at: datetime
    program: str


class Holder(Struct, frozen=True):
    """Who writes: a name and the process that speaks for it."""

    name: str
    host: str
    pid: int
    pid_start: int
    boot_id: str


class Lease(Struct, frozen=True):
    """The right to drive. `epoch` is the fencing token, one more at each takeover; `holder` None: nobody drives."""

    epoch: int
    holder: Holder | None
    beat: int


class Appended(Struct, frozen=True):
    """What one transaction saw and wrote: `foreign` came from others since `after_seq`, `own` is ours."""

    foreign: tuple[Event, ...]
    own: tuple[Event, ...]


class Fenced(Exception):
    """The lease moved on: this writer may not append any more."""


class StoreBusy(UnusableSession):
    """Another process holds the file; nothing was written, and the same call may work in a moment."""


class Unconfirmed(UnusableSession):
    """The disk failed so late in a commit that it is not certain whether the events are kept.

    Draw nothing as saved. Once the disk takes a save again `has_changed` says so, and those of the `events`, by their
    ids, that were kept come back as foreign ones.
    """

    def __init__(self, problem: Problem, events: frozenset[str]) -> None:
        super().__init__(problem)
        self.events = events


class WentBack(UnsoundSession):
    """The file does not hold what this program has read and saved: somebody wrote another one over it. Nothing of it is
    to be believed from then on, and nothing to be written there.

    `shared` is the last event that both have (0: not known). `rescue` writes what is known here into a new file;
    `is_kept` says that it has.
    """

    def __init__(self, problem: Problem, shared: int, rescue: Callable[[str], Path]) -> None:
        super().__init__(problem)
        self.shared = shared
        self.is_kept = False
        self._first = problem
        self._rescue = rescue

    def kept(self, by: str) -> WentBack:
        """The same after a try to keep what is known here in a file of its own: it says in which, or why it is not."""
        found, try_, is_kept = self._first.found, self._first.try_, False
        try:
            name = clean_line(self._rescue(by).name.removesuffix(SESSION_SUFFIX))
        except (DeploytuiError, OSError) as error:
            why = error.problems[0].found if isinstance(error, DeploytuiError) else error.strerror
            found += f", and a file of its own could not be made: {why}"
        else:
            found, is_kept = f"{found}, all of it is in {name}", True
            try_ = f"`deploytui resume {shlex.quote(name)}` after leaving"
        other = WentBack(replace(self._first, found=found, try_=try_), self.shared, self._rescue)
        other._first, other.is_kept = self._first, is_kept
        return other


class JournalStore(Protocol):
    """An append-only journal with a lease. Calls block; a store is used from one thread.

    Errors are `UnsoundSession` (`WentBack` among them) and `UnusableSession` from `base/errors.py`, and `Fenced`.
    """

    @property
    def header(self) -> Header: ...

    @property
    def name(self) -> str:
        """What the session is called by: its file may have another name than it was opened with."""

    @property
    def plan_source(self) -> bytes:
        """The checklist as it was when the session was opened, byte for byte."""

    @property
    def is_read_only(self) -> bool: ...

    def events(self, after_seq: int = 0, limit: int | None = None) -> list[Event]:
        """Every event after `after_seq`, or the first `limit` of them, fetched whole and checked against the one
        before; no lock is held afterwards."""

    def head(self) -> tuple[int, str]:
        """The last seq and the hex of its hash; (0, the header's hash) when there is none."""

    def has_changed(self) -> bool:
        """Whether somebody else may have written since the last call; cheap enough for 4 Hz."""

    def append(
        self,
        after_seq: int,
        decide: Callable[[Sequence[Event]], Sequence[Draft]],
        epoch: int | None,
    ) -> Appended:
        """One transaction: check `epoch` against the lease (None: a script, takes no lease), hand what is new
        after `after_seq` to `decide`, append its drafts, commit durably. Whatever `decide` raises rolls back.
        """

    def lease(self) -> Lease: ...

    def take_lease(self, holder: Holder, expected: Lease, draft: Draft) -> Event:
        """Take the lease if it still is `expected` (epoch and beat), and append `draft` in the same
        transaction; its event carries the new epoch. `Fenced` when somebody was faster."""

    def beat(self, epoch: int) -> bool:
        """The driver's sign of life; False when the lease was lost."""

    def release(self, epoch: int) -> None:
        """Nobody drives from now on. Nothing happens when the lease was lost already. `WentBack` too where the file has lost
        its name: what this program saved since is in no session."""

    def snapshot(self) -> tuple[int, bytes] | None:
        """The newest trusted snapshot, (seq, body), or None. Derived data: never needed, only faster."""

    def save_snapshot(self, seq: int, body: bytes) -> None: ...

    def close(self) -> None: ...
