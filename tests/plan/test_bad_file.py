"""Bad files: each ends in one kind of error, quickly, with a place; and so does any damage to a good file."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deploytui.base.errors import InvalidChecklist
from deploytui.plan.build import build_plan
from deploytui.plan.key import SHAPES
from deploytui.plan.load import read_plan
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from tests.plan.sample import FULL, with_gauge, with_items, with_line

ONE = with_items("- one")
MUTATIONS = 10_000 if os.environ.get("DEPLOYTUI_SOAK") == "1" else 500


def _late(phase: str) -> str:
    return ONE.replace("post-deploy: []", f"post-deploy: [{phase}]")


# name: source, part of the message
BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": (b"", "an empty file"),
    "list at top": ("- a\n- b\n", "found a list, expected the checklist, a mapping with deploytui, title, stages"),
    "text at top": ("hello\n", 'found "hello", expected the checklist'),
    "nothing at top": ("~\n", "found nothing, expected the checklist"),
    "other mapping": ("a: 1\n", 'found "a", expected a key of the checklist'),
    "binary": (bytes(range(256)), "a NUL byte"),
    "utf-16": (ONE.encode("utf-16"), "UTF-16"),
    "bom": (b"\xef\xbb\xbf" + ONE.encode(), "a byte order mark"),
    "latin-1": (ONE.replace("one", "ä").encode("latin-1"), "0xE4"),
    "crlf": (ONE.replace("\n", "\r\n").encode(), "a carriage return"),
    "tab": (ONE.replace("          items", "\t  items"), "a tab"),
    "two documents": (ONE + "---\n" + ONE, "a second document"),
    "anchor": (ONE.replace("title: Small", "title: &t Small"), "the anchor"),
    "merge": (ONE + "<<: {a: b}\n", "the merge key"),
    "duplicate key": (ONE + "title: Again\n", "it stands in line 2 and in line 14"),
    "duplicate stages": (ONE + "stages: {}\n", 'the key "stages" again'),
    "nested": (with_items("- " + "[" * 200 + "]" * 200), "deeper than"),
    "open quote": (ONE.replace("Small", '"Small'), "quote"),
    "colon in text": (with_items("- Step: one: two"), "a colon inside unquoted text"),
    "no version": (ONE.replace("deploytui: 1\n", ""), "without deploytui"),
    "later version": (ONE.replace("deploytui: 1", "deploytui: 2"), 'found "2", expected 1, the version'),
    "version list": (ONE.replace("deploytui: 1", "deploytui: [1]"), "found a list, expected 1"),
    "no title": (ONE.replace("title: Small\n", ""), "without title"),
    "empty title": (ONE.replace("title: Small", "title: '  '"), "title: found an empty text"),
    "title list": (ONE.replace("title: Small", "title: [a]"), "title: found a list"),
    "no stages": ("deploytui: 1\ntitle: x\n", "without stages"),
    "stages list": ("deploytui: 1\ntitle: x\nstages: []\n", "found a list, expected the stages"),
    "missing stage": (ONE.replace("  post-deploy: []\n", ""), "without post-deploy"),
    "other stage": (ONE + "  during: []\n", "stages"),
    "stage is text": (ONE.replace("post-deploy: []", "post-deploy: later"), "post-deploy: found"),
    "phase is text": (_late("later"), "a phase, a mapping with phase, groups"),
    "phase without groups": (_late("{phase: x}"), "without groups"),
    "group without items": (_late("{phase: x, groups: [{group: y}]}"), "without items"),
    "items is text": (ONE.replace("items:\n            - one", "items: one"), 'items: found "one", expected a list'),
    "items is nothing": (ONE.replace("items:\n            - one", "items:"), "items: found nothing, expected a list"),
    "item is nothing": (with_items("-"), "found nothing, expected text"),
    "item is a list": (with_items("- [a]"), "found a list, expected text"),
    "item without text": (with_items("- {id: a}"), "an item without text"),
    "unknown item key": (with_items("- {text: a, owners: b}"), "try owner"),
    "window": (ONE.replace("id: night", "window: yesterday"), "window: found"),
    "window backwards": (ONE.replace("id: night", "window: T .. T-1h"), "a window that ends after it starts"),
    "clock window": (ONE.replace("id: night", "window: 22:30 .. 23:30"), "an offset (T, T-2h, D-18) or an instant"),
    "duration": (with_items("- {text: a, duration: 5 minutes}"), "a duration such as"),
    "number as duration": (with_items("- {text: a, every: 90}"), "a duration such as"),
    "underscore in a duration": (with_items("- {text: a, every: 1_0s}"), "a duration such as"),
    "other digits in a duration": (with_items("- {text: a, every: ١٢s}"), "a duration such as"),
    "underscore in a limit": (with_gauge("host: cpu", ", ok: '< 1_0'"), "a limit such as"),
    "other digits in a limit": (with_gauge("host: cpu", ", ok: '< ١٢'"), "a limit such as"),
    "underscore in a count": (with_gauge("host: cpu", ", ok: {limit: < 1, times: 1_0}"), "1 or more"),
    "other digits in a port": (with_gauge("tcp: 'example.com:٨٠'"), "host:port"),
    "long number": (with_items(f"- {{text: a, every: {'9' * 100_000}s}}"), "a duration such as"),
    "long limit": (with_gauge("host: cpu", f", ok: '< {'9' * 100_000}'"), "a limit such as"),
    "nan limit": (with_gauge("host: cpu", ", ok: '< .nan'"), "a limit such as"),
    "inf limit": (with_gauge("host: cpu", ", ok: '< inf'"), "a limit such as"),
    "limit with unit": (with_gauge("host: cpu", ", ok: '< 5ms'"), "a limit such as"),
    "limit list": (with_gauge("host: cpu", ", ok: [1]"), "ok: found a list, expected a limit"),
    "band without limit": (with_gauge("host: cpu", ", ok: {for: 1m}"), "a band without limit"),
    "zero times": (with_gauge("host: cpu", ", ok: {limit: < 1, times: 0}"), "1 or more"),
    "huge times": (with_gauge("host: cpu", f", ok: {{limit: < 1, times: {'1' * 5000}}}"), "1 or more"),
    "gauges list": (with_line("gauges: [a]"), "gauges: found a list, expected a mapping"),
    "gauge without source": (with_line("gauges: {g: {title: a}}"), "a gauge without source"),
    "gauge id": (with_line("gauges: {G!: {title: a, source: {host: cpu}}}"), 'found "G!", expected an id'),
    "no source kind": (with_gauge(""), "no kind of source"),
    "two source kinds": (with_gauge("host: cpu, tcp: 'a:1'"), "host and tcp"),
    "host part": (with_gauge("host: cpus"), "try cpu"),
    "http without measure": (with_gauge("http: 'http://a'"), "without measure"),
    "header without path": (with_gauge("http: 'http://a', measure: header"), "without path"),
    "url": (with_gauge("http: 'ftp://a', measure: up"), "a URL that begins"),
    "url with a space": (with_gauge("http: 'http://a b', measure: up"), "a URL that begins"),
    "port": (with_gauge("tls: example.com"), "host:port"),
    "prometheus without query": (with_gauge("prometheus: 'http://a'"), "without query"),
    "query beside host": (with_gauge("host: cpu, query: x"), "query beside host"),
    "command as text": (with_gauge("command: ls -l"), "command: [ … ]"),
    "empty command": (with_items("- {text: a, run: {command: []}}"), "a command without a program"),
    "command in command": (with_items("- {text: a, run: {command: [[ls]]}}"), "expected a word of the command"),
    "every 0s": (with_gauge("host: cpu", ", every: 0s"), "1s or more"),
    "flag": (with_items("- {text: a, decide: yes}"), "true or false"),
    "mark": (with_items("- {text: a, marks: [bakup]}"), "try backup"),
    "evidence": (with_items("- {text: a, evidence: maybe}"), "required"),
    "needs text": (with_items("- {text: a, needs: b}"), "needs: found \"b\", expected a list; try needs: [ … ]"),
    "when text": (with_items("- {text: a, when: up}"), "a condition, a mapping with gauge"),
    "ticks": (with_items("- {text: a, when: {gauge: g, ticks: auto}}"), "self or person"),
    "link": (with_items('- {text: a, link: "javascript:alert(1)"}'), "a URL that begins"),
    "gate roles": (with_items("- {text: a, gate: {roles: all}}"), "before or after"),
    "stop without max": (with_items("- {id: a, text: a}", "planned_stop: {from: a, to: a}\n"), "without max"),
    "restore": (with_line("rollback: {restore: tape}"), "backup or pitr"),
    "criteria kind": (with_line("criteria: [{title: a, kind: other, items: []}]"), "technical or business or user"),
    "contact": (with_line("contacts: [{name: a}]"), "a contact without team"),
    "signoff": (with_line("signoffs: {during: []}"), 'found "during"'),
    "note kind": (with_line("notes: [{kind: bug, text: a}]"), "known-issue or enhancement or text"),
    "until": (with_line("accept: [{code: a, by: b, why: c, until: 2026-02-30}]"), "a date such as"),
    "zone": (with_line("zone: Europe/Berln"), "try Europe/Berlin"),
    "zone path": (with_line("zone: ../../etc/passwd"), "an IANA time zone"),
    "zone folder": (with_line("zone: Europe"), "an IANA time zone"),
    "go-live without zone": (with_line("go_live: 2026-11-24T02:00"), "an instant such as"),
    "go-live number": (with_line(f"go_live: {'9' * 100_000}"), "an instant such as"),
    "variable name": (with_line("variables: {a-b: c}"), "A-Z, a-z, 0-9 and _"),
    "variable twice": (with_line("variables: {a: {ask: b, env: c}}"), "ask and env"),
    "facts list": (with_line("facts: [a]"), "facts: found a list"),
    "fact is a list": (with_line("facts: {a: [b]}"), "facts: found a list"),
    "mask text": (with_line("mask: secret"), "mask: [ … ]"),
    "key that breaks the screen": (with_line('"\\e[31mred": 1'), "\u241b[31mred"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_says_what_and_where(name: str) -> None:
    text, part = BAD[name]
    source = text.encode() if isinstance(text, str) else text
    start = time.perf_counter()
    with pytest.raises(InvalidChecklist) as caught:
        read_plan(source, "bad.yaml")
    assert time.perf_counter() - start < 1
    assert part in str(caught.value)
    assert all(problem.file == "bad.yaml" and problem.line for problem in caught.value.problems)
    for line in str(caught.value).split("\n"):
        assert line.startswith("bad.yaml:")
        assert len(line) < 700
        assert line.isprintable()


def test_the_files_are_bad_for_one_reason() -> None:
    """The control: the texts they are made from are accepted."""
    assert len(BAD) >= 60
    for text in (ONE, FULL, with_line("mask: [secret]")):
        read_plan(text.encode(), "good.yaml")


_WORDS = [*{key.name for shape in SHAPES.values() for key in shape.keys}, "g", "x y", "", "\x1b[31m"]
_TEXTS = st.sampled_from(
    [*_WORDS, "1", "5m", "T", "T .. T+1h", "D-3", "< 5", "true", "ok", "text", "http://a", "a:1", "\0"]
)
_SCALARS = st.builds(Scalar, _TEXTS, st.integers(1, 9), st.just(1), st.booleans())
_NODES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.builds(Sequence, st.lists(inner, max_size=4), st.just(2))
        | st.builds(
            Mapping,
            st.dictionaries(st.sampled_from(_WORDS), inner, max_size=8).map(
                lambda entries: [(Scalar(name, 3), value) for name, value in entries.items()]
            ),
        )
    ),
    max_leaves=30,
)


_ROOTS = st.fixed_dictionaries(
    dict.fromkeys(("deploytui", "title", "stages"), _NODES),
    optional={key.name: _NODES for key in SHAPES["checklist"].keys if not key.is_required},
)


def _said(root: Node) -> str:
    try:
        build_plan(root, "x.yaml")
    except InvalidChecklist as error:
        return str(error).replace("\n", " ")
    return ""


@given(_ROOTS)
def test_any_tree_of_known_words_is_built_or_refused(entries: dict[str, Node]) -> None:
    root = Mapping([(Scalar(name, 1), value) for name, value in entries.items()])
    assert _said(root).isprintable()


def _mutations(count: int, seed: int) -> list[bytes]:
    """Copies of the full checklist with a few bytes changed, dropped, doubled or swapped."""
    source = FULL.encode()
    dice = random.Random(seed)
    made: list[bytes] = []
    for _ in range(count):
        damaged = bytearray(source)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(damaged))
            match dice.randrange(6):
                case 0:
                    damaged[at] = dice.randrange(256)
                case 1:
                    damaged[at] ^= 1 << dice.randrange(8)
                case 2:
                    del damaged[at : at + dice.randint(1, 200)]
                case 3:
                    damaged[at:at] = damaged[at : at + dice.randint(1, 200)]
                case 4:
                    damaged[at:at] = dice.choice(
                        [b"&a ", b"*a", b"<<: ", b"\t", b"[" * 40, b"\n", b": ", b"'", b'"', b"#", b"- "]
                    )
                case _:
                    other = dice.randrange(len(damaged))
                    damaged[at], damaged[other] = damaged[other], damaged[at]
        made.append(bytes(damaged))
    return made


def _survives(read: Callable[[bytes], object], source: bytes) -> str:
    """What reading ended in: accepted, refused, or the name of an exception nobody expects."""
    start = time.perf_counter()
    try:
        read(source)
        end = "accepted"
    except InvalidChecklist as error:
        end = "refused" if error.problems else "refused without a reason"
    except Exception as error:
        end = type(error).__name__
    return end if time.perf_counter() - start < 1 else "slow"


def test_any_damage_is_accepted_or_refused() -> None:
    ends = [
        _survives(lambda source: read_plan(source, "m.yaml"), source) for source in _mutations(MUTATIONS, 1)
    ]
    assert set(ends) == {"accepted", "refused"}
    assert ends.count("refused") > MUTATIONS // 2


def test_the_damage_would_be_noticed() -> None:
    """The control: a reader that composes and trusts what it gets falls over the same files."""

    def trusting(source: bytes) -> object:
        plan = yaml.safe_load(source)
        return [phase["groups"][0]["items"] for stage in plan["stages"].values() for phase in stage]

    ends = {_survives(trusting, source) for source in _mutations(200, 1)}
    assert len(ends - {"accepted", "refused"}) >= 2
