"""Raw nodes from bytes: places, refusals from the event stream, and that hostile nesting costs nothing."""

from __future__ import annotations

import time
import tracemalloc

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deploytui.plan import yaml as reader
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.word import MAX_DEPTH
from deploytui.plan.yaml import read_yaml


def refused(source: bytes) -> str:
    """The one problem of a source that cannot be read on."""
    root, problems = read_yaml(source, "f.yaml")
    assert root is None
    return "\n".join(str(problem) for problem in problems)


def entry(root: Node | None, key: str) -> Node:
    assert isinstance(root, Mapping)
    return next(value for name, value in root.entries if name.text == key)


def test_nodes_carry_their_place() -> None:
    root, problems = read_yaml(b"a: 1\nb:\n  - x\n  - {c: d}\n", "f.yaml")
    assert problems == []
    items = entry(root, "b")
    assert isinstance(items, Sequence)
    assert items.items[0] == Scalar("x", 3, 5)
    inner = items.items[1]
    assert isinstance(inner, Mapping)
    assert inner.entries == [(Scalar("c", 4, 6), Scalar("d", 4, 9))]


def test_a_repeated_key_names_both_lines_and_reading_goes_on() -> None:
    root, problems = read_yaml(b"a: 1\nb: 2\na: 3\nc: {d: 1, d: 2}\n", "f.yaml")
    assert [(problem.line, problem.col) for problem in problems] == [(3, 1), (4, 11)]
    assert "line 1 and in line 3" in problems[0].found
    assert entry(root, "a") == Scalar("1", 1, 4)
    assert entry(root, "b") == Scalar("2", 2, 4)


LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 10))
MERGES = "m0: &m0 {k: v}\n" + "".join(f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}]}}\n" for n in range(1, 10))


@pytest.mark.parametrize("source", [LAUGHS, MERGES, "&a [*a]", "a: &a {b: *a}"])
def test_expansion_bombs_are_refused_at_once(source: str) -> None:
    tracemalloc.start()
    start = time.perf_counter()
    text = refused(source.encode())
    took = time.perf_counter() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "the anchor &" in text
    assert "f.yaml:1:" in text
    assert took < 0.05
    assert peak < 10_000_000


def test_the_bombs_are_bombs() -> None:
    """The control: composed as YAML says, nine short lines become more than a thousand values."""
    composed = yaml.safe_load(LAUGHS)
    flat = composed["a9"]
    for _ in range(9):
        flat = [inner for outer in flat for inner in outer]
    assert len(flat) == 1024


@pytest.mark.parametrize(
    "source",
    [b"[" * 200_000, b"[" * 2_000_000, b"- " * 100_000, b"{a: " * 200_000, b"? " * 100_000, b"[{" * 100_000,
     b"a:\n" + b"".join(b" " * n + b"b:\n" for n in range(1, 1200))],
)  # fmt: skip
def test_deep_nesting_is_refused_without_reading_it(source: bytes) -> None:
    start = time.perf_counter()
    text = refused(source)
    assert time.perf_counter() - start < 0.2
    assert f"deeper than {MAX_DEPTH}" in text or "as a key" in text


def test_deep_nesting_is_deep() -> None:
    """The control: PyYAML's own composer recurses, and its C form ends the process instead."""
    with pytest.raises(RecursionError):
        yaml.load("[" * 20_000, Loader=yaml.BaseLoader)


def test_the_deepest_allowed_nesting_is_read() -> None:
    root, problems = read_yaml(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "f.yaml")
    assert (root is not None, problems) == (True, [])
    assert "deeper" in refused(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


def test_the_bound_on_the_size_is_exact() -> None:
    start = b"a: |\n  x\n"
    assert read_yaml(start + b"#" * (reader.MAX_BYTES - len(start)), "f.yaml")[1] == []
    assert "at most 16 MiB" in refused(start + b"#" * (reader.MAX_BYTES - len(start) + 1))


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_NODES", 100)
    assert read_yaml(b"[" + b"a," * 99 + b"]", "f.yaml")[1] == []
    assert "more than 100 values" in refused(b"[" + b"a," * 100 + b"]")


def test_a_flat_bomb_is_refused_at_once() -> None:
    start = time.perf_counter()
    assert "entries in a list" in refused(b"[" + b"a," * 4_000_000)
    assert time.perf_counter() - start < 2  # 0.3 s on a quiet machine; all of it would take 8


def test_problems_of_the_reader_are_bounded() -> None:
    _, problems = read_yaml(b"a: 1\n" * 5_000, "f.yaml")
    assert len(problems) == reader.MAX_PROBLEMS


@pytest.mark.parametrize(
    ("source", "place", "found"),
    [
        (b"", "1:1", "an empty file"),
        (b"  \n\n", "1:1", "an empty file"),
        (b"# only a comment\n", "1:1", "an empty file"),
        (b"a: 1\nb: \x00\n", "2:4", "a NUL byte"),
        (b"\x7fELF\x02\x01\x01\x00", "1:8", "a NUL byte"),
        (b"\x89PNG\r\n\x1a\n", "1:1", "0x89"),
        (b"a: \x1b[31mred\n", "1:4", "U+001B"),
        ("a: \x85\n".encode(), "1:4", "U+0085"),
        (b"a: 1\nname: M\xfcller\n", "2:8", "0xFC"),
        (b"a: \xed\xa0\x80\n", "1:4", "0xED"),
        ("a: 1\n".encode("utf-16"), "1:1", "UTF-16"),
        ("a: 1\n".encode("utf-16-le"), "1:2", "a NUL byte"),
        ("a: 1\n".encode("utf-32"), "1:1", "UTF-16 or UTF-32"),
        (b"\xef\xbb\xbfa: 1\n", "1:1", "a byte order mark"),
        (b"a: 1\r\nb: 2\r\n", "1:5", "a carriage return"),
        (b"a: 1\rb: 2\r", "1:5", "a carriage return"),
        (b"a:\n\tb: 1\n", "2:1", "a tab"),
        (b"a:\n  - b\n\t- c\n", "3:1", "a tab"),
        (b"a: 1\n---\nb: 2\n", "2:1", "a second document"),
        (b"%FOO bar\n---\na: 1\n", None, ""),
        (b"a: b: c\n", "1:5", "a colon inside unquoted text"),
        (b"a: 'x\n", None, "a quoted text that never ends"),
        (b'a: "\\q"\n', "1:5", "an unknown escape"),
        (b'a: "\\ud800"\n', "1:7", "an escape that is no character"),
        (b"a: [1, 2\n", None, "a list that is not closed"),
        (b"a: {b: 1\n", None, "a mapping in braces that is not closed"),
        (b"a: @x\n", "1:4", "a character that cannot begin a value"),
        (b"a: ]\n", "1:4", "a sign where a value should stand"),
        (b"a: !!python/object:os.system x\n", "1:4", "the tag"),
        (b"a: !x y\n", "1:4", 'the tag "!x"'),
        (b"<<: {a: 1}\n", "1:1", "the merge key <<"),
        (b"? [a, b]\n: c\n", "1:3", "a list or mapping as a key"),
        (b"- a\nb: 1\n", "2:1", "a line that is no entry of the list"),
        (b"a: 1\n  b: 2\n", "2:4", "a colon inside unquoted text"),
    ],
)  # fmt: skip
def test_each_refusal_says_what_and_where(source: bytes, place: str | None, found: str) -> None:
    text = refused(source)
    assert found in text
    assert text.startswith(f"f.yaml:{place}: " if place else "f.yaml:")
    assert "yaml." not in text.replace("f.yaml", "")


def test_without_the_c_library_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    source = b"a: 1\nb: [x, {c: 'd'}]\ne:\n"
    with_c = read_yaml(source, "f.yaml")
    monkeypatch.setattr(reader, "_Loader", yaml.SafeLoader)
    assert read_yaml(source, "f.yaml") == with_c
    assert "deeper than" in refused(b"[" * 500)
    assert "a tab" in refused(b"a:\n\tb: 1\n")
    assert "the anchor" in refused(b"a: &x 1\n")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(source: bytes) -> None:
    root, problems = read_yaml(source, "f.yaml")
    assert root is not None or problems


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#,? \n\t~<", max_size=60))
def test_any_syntax_is_read_or_refused(text: str) -> None:
    root, problems = read_yaml(text.encode(), "f.yaml")
    assert root is not None or problems
    assert all(problem.line is None or problem.line <= text.count("\n") + 2 for problem in problems)
