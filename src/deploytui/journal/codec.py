"""Events and headers as canonical bytes, and the hash that chains them.

Canonical: JSON with sorted keys, no spaces, UTF-8, no floats; instants are whole microseconds since 1970. The
same fact always has the same bytes, so that one hash stands for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import asdict, replace

from deploytui.base.text import clean_block, clean_line
from deploytui.journal.event import Event
from deploytui.journal.fact import Fact, Known, Unknown, Value
from deploytui.journal.store import Header

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ENCODER = msgspec.json.Encoder(order="sorted")


class _Body(msgspec.Struct, frozen=True, gc=False):
    """The stored form of an event. A newer program may add keys: they are part of the hash, and left alone."""

    seq: int
    id: str
    epoch: int
    kind: str
    at_us: int
    offset_min: int
    mono_us: int
    by: str
    via: str
    payload: msgspec.Raw
    v: int
    for_: str = msgspec.field(name="for")


_BODY = msgspec.json.Decoder(_Body)
_FACTS: dict[str, msgspec.json.Decoder[Known]] = {
    kind.__struct_config__.tag: msgspec.json.Decoder(kind) for kind in get_args(Known)
}
_ANY = msgspec.json.Decoder(dict[str, Value])
_HEADER = msgspec.json.Decoder(dict[str, Any])


def _to_us(at: datetime) -> int:
    """An aware instant as whole microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def _from_us(us: int) -> datetime:
    """The inverse of `_to_us`, exact where a float would not be."""
    try:
        return _EPOCH + timedelta(microseconds=us)
    except OverflowError as error:
        raise ValueError("an instant beyond the calendar") from error


def _payload(fact: Fact) -> dict[str, Any]:
    """What the body says of a fact. What would come back as something else, such as a float, is refused here."""
    if not isinstance(fact, Unknown):
        payload: dict[str, Any] = msgspec.to_builtins(fact)
        kind = payload.pop("kind")
        try:
            msgspec.convert(payload, type(fact))
        except msgspec.ValidationError as error:
            raise TypeError(f"{kind}: {error}") from None
        return payload
    for key, value in fact.payload.items():
        parts = value if isinstance(value, list) else [value]
        allowed = (str,) if isinstance(value, list) else (str, int, type(None))
        if not isinstance(key, str) or not all(isinstance(part, allowed) for part in parts):
            raise TypeError(f"payload {key!r} is no text, whole number, truth value, list of texts or None")
    return dict(fact.payload)


def encode(event: Event) -> bytes:
    """The canonical body of an event."""
    body = _Body(
        event.seq,
        event.id,
        event.epoch,
        event.kind,
        _to_us(event.at),
        event.offset_min,
        event.mono_us,
        event.by,
        event.via,
        msgspec.Raw(_ENCODER.encode(_payload(event.fact))),
        event.v,
        event.for_,
    )
    return _ENCODER.encode(body)


def _fact(kind: str, payload: msgspec.Raw) -> Fact:
    """What an event says. A kind that is not known keeps all it has; of a known one, a field of another type than ours
    counts as absent: a newer program may have changed it."""
    decoder = _FACTS.get(kind)
    if decoder is None:
        return Unknown(kind, _ANY.decode(payload))
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError:
        return _as_far_as_known(decoder.type, _ANY.decode(payload))


def _as_far_as_known(kind: type[Known], payload: Mapping[str, Value]) -> Known:
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        # What is absent counts as nothing said: a text is empty, a number 0, a claim false.
        nothing = (
            field.type() if field.default is msgspec.NODEFAULT and callable(field.type) else field.default
        )
        given = payload.get(field.encode_name)
        try:
            values[field.name] = msgspec.convert(given, field.type)
        except msgspec.ValidationError:
            values[field.name] = nothing
    return kind(**values)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_block(value)
    return type(value)(clean_block(part) for part in value) if isinstance(value, list | tuple) else value


def _cleaned(fact: Fact) -> Fact:
    if isinstance(fact, Unknown):
        payload = {clean_line(key): _clean(value) for key, value in fact.payload.items()}
        return Unknown(clean_line(fact.kind), payload)
    return replace(fact, **{name: _clean(getattr(fact, name)) for name in fact.__struct_fields__})


def decode(stored: bytes) -> Event:
    """The inverse of `encode`; unknown kinds are kept whole. ValueError where it is no event.

    Its texts are cleaned, for a file may come from anywhere, unless nothing in these bytes could be unsafe to print:
    canonical JSON escapes control characters.
    """
    body = _BODY.decode(stored)
    fact = _fact(body.kind, body.payload)
    if not stored.isascii() or b"\\" in stored or b"\x7f" in stored:
        id_, by, via, for_ = (clean_line(text) for text in (body.id, body.by, body.via, body.for_))
        body = replace(body, id=id_, by=by, via=via, for_=for_)
        fact = _cleaned(fact)
    return Event(
        body.seq,
        body.id,
        body.epoch,
        fact,
        _from_us(body.at_us),
        body.offset_min,
        body.mono_us,
        body.by,
        body.for_,
        body.via,
        body.v,
    )


def encode_header(header: Header) -> bytes:
    """The canonical header; the chain starts from its hash."""
    fields = asdict(header)
    created_at_us = _to_us(fields.pop("created_at"))
    return _ENCODER.encode({**fields, "created_at_us": created_at_us})


def decode_header(body: bytes) -> Header:
    """The inverse of `encode_header`. ValueError where the bytes are no header."""
    fields = _HEADER.decode(body)
    us = msgspec.convert(fields.get("created_at_us"), int)
    header = msgspec.convert(fields | {"created_at": _from_us(us)}, Header)
    texts = {key: clean_line(text) for key, text in asdict(header).items() if isinstance(text, str)}
    return replace(header, **texts)


def first_link(header_body: bytes) -> bytes:
    """What the first event is chained to."""
    return hashlib.sha256(header_body).digest()


def link(prev: bytes, body: bytes) -> bytes:
    """The hash of an event whose predecessor's hash is `prev`."""
    return hashlib.sha256(prev + body).digest()
