"""A session's state as bytes, so that a long journal need not be folded from its first event.

Derived data: bytes that another layout or another version of the program wrote are ignored, never guessed at.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from types import GenericAlias
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from immutables import Map
from msgspec.structs import replace

from deploytui import __version__
from deploytui.base.errors import UnsoundSession, UnusableSession
from deploytui.journal import state as state_module
from deploytui.journal.state import ItemState, SessionState
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


def agree(one: SessionState, other: SessionState) -> bool:
    """Whether two states are the same, whatever the depth of their histories."""
    return all(_plain(getattr(one, name)) == _plain(getattr(other, name)) for name in one.__struct_fields__)


def _tag() -> str:
    """The program's version and the names and types of all fields: whatever changes them makes old bytes void."""
    values = vars(state_module).values()
    kinds = [kind for kind in values if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    layout = [(kind.__name__, kind.__annotations__) for kind in kinds if kind is not msgspec.Struct]
    return f"{__version__} {hashlib.sha256(repr(layout).encode()).hexdigest()}"


def _unlinked(item: ItemState) -> list[ItemState]:
    """The item and all it may be undone to, newest first: as a list, because such chains can get very deep."""
    chain: list[ItemState] = []
    at: ItemState | None = item
    while at is not None:
        chain.append(at if at.before is None else replace(at, before=None))
        at = at.before
    return chain


def _linked(chain: list[ItemState]) -> ItemState:
    item: ItemState | None = None
    for older in reversed(chain):
        item = older if item is None else replace(older, before=item)
    if item is None:
        raise ValueError("an item without a state")
    return item


def _stored_type(hint: Any) -> Any:
    """How a field is stored: a persistent map as a plain one, an item as its chain."""
    if get_origin(hint) is not Map:
        return hint
    key, value = get_args(hint)
    return GenericAlias(dict, (key, list[ItemState] if value is ItemState else value))


def _plain(value: Any) -> Any:
    if not isinstance(value, Map):
        return value
    entries: Mapping[Any, Any] = value
    return {key: _unlinked(part) if isinstance(part, ItemState) else part for key, part in entries.items()}


def encode(state: SessionState) -> bytes:
    """The state as bytes; `decode` of the same program gives it back."""
    return msgspec.msgpack.encode(
        [_tag(), {name: _plain(getattr(state, name)) for name in state.__struct_fields__}]
    )


def decode(body: bytes) -> SessionState | None:
    """The state of these bytes, or None where they are not of this very layout."""
    try:
        tag, stored = msgspec.msgpack.decode(body, type=tuple[str, msgspec.Raw])
        if tag != _tag():
            return None
        raw = msgspec.msgpack.decode(stored, type=dict[str, msgspec.Raw])
        values: dict[str, Any] = {}
        for name, hint in get_type_hints(SessionState).items():
            value = msgspec.msgpack.decode(raw[name], type=_stored_type(hint))
            if get_origin(hint) is Map:
                is_item = get_args(hint)[1] is ItemState
                value = Map({key: _linked(part) if is_item else part for key, part in value.items()})
            values[name] = value
        return SessionState(**values)
    except (ValueError, KeyError, msgspec.MsgspecError):
        return None
