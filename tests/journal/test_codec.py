"""Events and headers survive their bytes exactly, and the bytes are always the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.base.text import clean_block, clean_line
from deploytui.journal import codec
from deploytui.journal import fact as fact_module
from deploytui.journal.event import Event
from deploytui.journal.fact import (
    EdgeMoved,
    ItemChecked,
    ItemUndone,
    Known,
    NoteAdded,
    PhasesSetAside,
    SessionLeft,
    Unknown,
    kind_of,
)
from deploytui.journal.store import Header
from tests.journal.sample import AT, HEADER, fact

_LINE = st.text(max_size=40).map(clean_line)
_BLOCK = st.text(max_size=40).map(clean_block)
_VALUE = st.one_of(
    _BLOCK, st.integers(-(2**63), 2**64 - 1), st.booleans(), st.none(), st.lists(_BLOCK, max_size=4)
)
_INSTANT = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30)).map(lambda at: at.replace(tzinfo=UTC))
_VALUES: dict[object, st.SearchStrategy[object]] = {
    str: _BLOCK,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    int | None: st.one_of(st.none(), st.integers(0, 2**31)),
    tuple[str, ...]: st.lists(_BLOCK, max_size=4).map(tuple),
}


def facts_of(kind: type[Known]) -> st.SearchStrategy[Known]:
    """Any fact of a kind."""
    return st.builds(kind, *(_VALUES[field.type] for field in msgspec.structs.fields(kind)))


_KNOWN = st.one_of(*map(facts_of, get_args(Known)))
_UNKNOWN = st.builds(Unknown, _LINE.map("newer.{}".format), st.dictionaries(_LINE, _VALUE, max_size=5))
EVENTS = st.builds(
    Event,
    seq=st.integers(1, 2**53),
    id=_LINE,
    epoch=st.integers(0, 2**53),
    fact=st.one_of(_KNOWN, _UNKNOWN),
    at=_INSTANT,
    offset_min=st.integers(-900, 900),
    mono_us=st.integers(0, 2**62),
    by=_LINE,
    for_=_LINE,
    via=_LINE,
    v=st.integers(1, 9),
)
EVENT = Event(2, "ab", 1, ItemChecked("a", auto=True), AT, 60, 5_000_001, "ANA", "Kim", "phone")


def test_every_kind_is_in_the_union() -> None:
    """One that is not would be unknown once it is read back, and no match over the union would miss it."""
    bases = {fact_module._Fact, fact_module._ItemFact}
    kinds = {
        kind
        for kind in vars(fact_module).values()
        if isinstance(kind, type) and issubclass(kind, fact_module._Fact)
    }
    assert kinds - bases == set(get_args(Known))


@given(EVENTS)
def test_an_event_survives_its_body(event: Event) -> None:
    body = codec.encode(event)
    assert codec.decode(body) == event
    assert codec.encode(codec.decode(body)) == body


def test_the_body_is_canonical() -> None:
    assert codec.encode(EVENT).decode() == (
        '{"at_us":1795485600123456,"by":"ANA","epoch":1,"for":"Kim","id":"ab","kind":"item.checked",'
        '"mono_us":5000001,"offset_min":60,"payload":{"auto":true,"item":"a"},"seq":2,"v":1,"via":"phone"}'
    )


@given(EVENTS)
def test_no_body_holds_a_float_or_a_space_between_its_parts(event: Event) -> None:
    body = codec.encode(event).decode()
    json.loads(body, parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False) == body


def test_an_instant_of_another_zone_has_the_same_bytes() -> None:
    there = Event(2, "ab", 1, SessionLeft(), AT.astimezone(timezone(timedelta(hours=5))))
    assert codec.encode(there) == codec.encode(Event(2, "ab", 1, SessionLeft(), AT))


@pytest.mark.parametrize("value", [1.0, float("nan"), {"a": 1}, b"x", ["a", 1], ("a",), object()])
def test_a_payload_that_would_come_back_different_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="payload 'x'"):
        codec.encode(Event(1, "a", 1, Unknown("k", {"x": value}), AT))  # type: ignore[dict-item]


@pytest.mark.parametrize("fact", [NoteAdded(1.5), EdgeMoved("go-live", 0.5, ""), ItemUndone("a", True)])
def test_a_field_that_would_come_back_different_is_refused(fact: Known) -> None:
    with pytest.raises(TypeError, match=kind_of(fact)):
        codec.encode(Event(1, "a", 1, fact, AT))


def test_what_a_newer_program_wrote_is_read_as_far_as_it_is_known() -> None:
    fields = json.loads(codec.encode(EVENT)) | {"kind": "rollback.called", "zz_new": [1, 2]}
    fields["payload"]["new_key"] = "kept"
    event = codec.decode(json.dumps(fields).encode())
    assert event.kind == "rollback.called"
    assert event.fact == Unknown("rollback.called", {"auto": True, "item": "a", "new_key": "kept"})
    assert event.item == "a"


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"\xff", b'{"seq":1}', codec.encode(EVENT)[:-1], codec.encode(EVENT) + b"x"]
)
def test_what_is_no_event_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        codec.decode(body)


def test_an_instant_beyond_the_calendar_is_a_value_error() -> None:
    body = codec.encode(EVENT).replace(b'"at_us":1795485600123456', b'"at_us":9223372036854775807')
    with pytest.raises(ValueError, match="calendar"):
        codec.decode(body)


@given(
    st.text(max_size=30),
    st.text(max_size=30),
    st.dictionaries(st.text(max_size=9), st.text(max_size=30), max_size=3),
)
def test_texts_of_a_file_from_anywhere_are_safe_to_print(kind: str, by: str, payload: dict[str, str]) -> None:
    kind = f"unknown.{kind}"
    try:
        body = codec.encode(Event(1, "a", 1, Unknown(kind, dict(payload)), AT, by=by))
    except UnicodeEncodeError:
        return
    event = codec.decode(body)
    assert event.kind == clean_line(kind)
    assert event.by == clean_line(by)
    assert set(event.fact.payload.values()) == {clean_block(text) for text in payload.values()} or len(
        event.fact.payload
    ) < len(payload)


def test_an_escape_in_a_list_is_made_visible() -> None:
    event = codec.decode(codec.encode(Event(1, "a", 1, Unknown("k", {"x": ["\x1b[2J", "ok"]}), AT)))
    assert event.fact == Unknown("k", {"x": ["␛[2J", "ok"]})
    aside = codec.decode(codec.encode(Event(1, "a", 1, PhasesSetAside(("\x1b[2J", "ok"), "\x1b"), AT)))
    assert aside.fact == PhasesSetAside(("␛[2J", "ok"), "␛")


@pytest.mark.parametrize("kind", get_args(Known))
def test_every_event_with_an_item_is_found_by_it(kind: type[Known]) -> None:
    event = Event(1, "e", 1, fact(kind_of_type(kind), item="a"), AT)
    assert event.item == ("a" if "item" in kind.__struct_fields__ else "")


def kind_of_type(kind: type[Known]) -> str:
    return str(kind.__struct_config__.tag)


def test_a_field_of_another_type_counts_as_absent() -> None:
    assert fact("item.checked", item=7, evidence="ok", auto="yes") == ItemChecked("", "ok")
    assert fact("phases.set_aside", phases="pre", elsewhere=False) == PhasesSetAside(())
    assert fact("edge.moved", edge="go-live", seconds="60", reason=None) == EdgeMoved("go-live", 0, "")


@given(st.builds(Header, *[_LINE] * 6, created_at=_INSTANT, program=_LINE))
def test_a_header_survives_its_bytes(header: Header) -> None:
    body = codec.encode_header(header)
    assert codec.decode_header(body) == header
    assert codec.encode_header(codec.decode_header(body)) == body


@pytest.mark.parametrize("body", [b"", b"null", b"{}", codec.encode_header(HEADER)[1:]])
def test_what_is_no_header_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        codec.decode_header(body)


@given(EVENTS)
def test_any_change_of_an_event_changes_its_link(event: Event) -> None:
    body = codec.encode(event)
    links = {
        codec.link(bytes(32), body),
        codec.link(bytes(31) + b"\x01", body),
        codec.link(bytes(32), body + b" "),
    }
    assert len(links) == 3
