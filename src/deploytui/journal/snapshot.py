"""A session's state as bytes, so that a long journal need not be folded from its first event.

Derived data: bytes that another layout or another version of the program wrote are ignored, never guessed at.
"""

from __future__ import annotations

import contextlib
import hashlib
from types import GenericAlias
from typing import Any, get_args, get_origin

import msgspec
from immutables import Map

from deploytui import __version__
from deploytui.base.errors import UnsoundSession, UnusableSession
from deploytui.journal import state as state_module
from deploytui.journal.state import SessionState
from deploytui.journal.store import JournalStore

EVERY = 1000


def restore(store: JournalStore) -> SessionState | None:
    """The state of the newest snapshot that can be trusted; the events after its `seq` are still to be folded."""
    found = store.snapshot()
    state = None if found is None else decode(found[1])
    return state if found is not None and state is not None and state.seq == found[0] else None


def keep(store: JournalStore, state: SessionState) -> None:
    """Save the state. Where that fails nothing is lost but time, so nothing is said."""
    with contextlib.suppress(UnusableSession, UnsoundSession):
        store.save_snapshot(state.seq, encode(state))


def is_due(before: SessionState, after: SessionState) -> bool:
    """Whether a snapshot is worth its save between these two."""
    return after.seq // EVERY > before.seq // EVERY


def _tag() -> str:
    """The program's version and the names and types of all fields: whatever changes them makes old bytes void."""
    values = vars(state_module).values()
    kinds = [kind for kind in values if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    layout = [(kind.__name__, kind.__annotations__) for kind in kinds if kind is not msgspec.Struct]
    return f"{__version__} {hashlib.sha256(repr(layout).encode()).hexdigest()}"


def _to_map(kind: type, value: Any) -> Any:
    if get_origin(kind) is not Map:
        raise NotImplementedError
    return Map(msgspec.convert(value, GenericAlias(dict, get_args(kind))))


def encode(state: SessionState) -> bytes:
    """The state as bytes; `decode` of the same program gives it back."""
    return msgspec.msgpack.encode((_tag(), state), enc_hook=dict)


def decode(body: bytes) -> SessionState | None:
    """The state of these bytes, or None where they are not of this very layout."""
    try:
        tag, stored = msgspec.msgpack.decode(body, type=tuple[str, msgspec.Raw])
        if tag != _tag():
            return None
        return msgspec.msgpack.decode(stored, type=SessionState, dec_hook=_to_map)
    except (ValueError, msgspec.MsgspecError):
        return None
