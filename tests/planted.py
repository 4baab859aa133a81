"""Secrets of every kind in every foreign field of a checklist and a session, and the look for what came out of them."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterable, Sequence
from random import Random
from urllib.parse import quote

from hypothesis import strategies as st

from deploytui.journal.fact import LevelChanged
from deploytui.plan.part.context import slug
from deploytui.report.escape import escape, escape_start
from deploytui.session.act import (
    AcceptFinding,
    Act,
    AddNote,
    By,
    CaptureBaseline,
    CheckItem,
    EnterPhase,
    FailItem,
    HoldWork,
    InsertItem,
    MakePromise,
    MoveEdge,
    ResumeWork,
    SkipItem,
)

IN_ENV, LISTED = "Sentinel_env*9f8e", 'acme_"corp"*[x]'
_DIGITS, _SIGNS = "0123456789", "0123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def _some(signs: str, count: int) -> st.SearchStrategy[str]:
    """As random as a secret is: what stands elsewhere by accident would look like a leak."""
    return st.integers(0, 2**64).map(lambda seed: "".join(Random(seed).choices(signs, k=count)))


def _token(prefix: str, count: int = 36) -> st.SearchStrategy[tuple[str, str]]:
    """The text, and the part of it that must not be read."""
    return _some(_SIGNS, count - 1).map(lambda rest: (f"{prefix}{rest}7", f"{rest}7"))


def _as(form: str, signs: str, count: int) -> st.SearchStrategy[tuple[str, str]]:
    return _some(signs, count).map(lambda text: (form.format(text), text))


KINDS: tuple[st.SearchStrategy[tuple[str, str]], ...] = (
    _some(_DIGITS, 6).map(lambda text: (f"0171 5{text}", f"0171 5{text}")),
    _some(_DIGITS, 6).map(lambda text: (f"tel:+49 30 9{text}", f"30 9{text}")),
    _as("kim.{}@shop.example", _SIGNS, 8),
    *(_token(prefix) for prefix in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "sk_live_", "rk_test_", "whsec_")),
    _token("xoxb-12-"),
    _as("AKIA{}", "ABCDEFGHJKLMNPQRSTUVWXYZ234567", 16),
    _as("eyJhbGciOiJIUzI1NiJ9.eyJ{0}.abc-_9", _SIGNS, 20),
    _as("Bearer {}7", _SIGNS, 20),
    _as("https://u:{}@h.example/x", _SIGNS, 10),
    _as("redis://:{}@h.example:6379/0", _SIGNS, 10),
    _as("api_key={}", _SIGNS, 12),
    _as("-----BEGIN PRIVATE KEY-----{}+/_-----END PRIVATE KEY-----", _SIGNS, 30),
    st.just((LISTED, LISTED)),
    st.just((IN_ENV, IN_ENV)),
)  # fmt: skip
AROUND = (
    "{}",
    "ask {}",
    "{}: Kim",
    "({})",
    "*{}*",
    "`{}`",
    "_{}_",
    "[{}]",
    '"{}"',
    "a / {} / b",
    "<{}>",
    "{}, please",
    "| {} |",
)
Secrets = Sequence[tuple[str, str]]


@st.composite
def secrets(draw: st.DrawFn) -> list[tuple[str, str]]:
    """One of each kind, in any order, each with something around it."""
    found = [draw(kind) for kind in draw(st.permutations(KINDS))]
    return [(draw(st.sampled_from(AROUND)).format(text), core) for text, core in found]


def planter(planted: Secrets) -> Callable[[], str]:
    """The next text to plant; after the last one the first again."""
    at = -1

    def plant() -> str:
        nonlocal at
        at += 1
        return planted[at % len(planted)][0]

    return plant


PLAN = """\
deploytui: 1
title: @
facts: {"version": @, "owner of it": @}
mask: [LISTED]
variables: {key: {secret: true, env: SHIP_KEY}, url: {ask: @}}
skip_reasons: [@]
gauges:
  one: {title: @, target: @, unit: "%", source: {scripted: [1]}, ok: "< 5"}
  two: {title: @, target: @, source: {scripted: [none]}, ok: "< 5"}
stages:
  pre-deploy:
    - phase: @
      id: pre
      window: T-2h .. T
      owner: @
      groups:
        - group: @
          id: checks
          owner: @
          items:
            - {text: @, id: pre.a, note: @, owner: @, announce: @, optional: @,
               items: [{id: n2, text: @}, {id: n11, text: @}]}
            - {text: @, id: pre.b, run: {command: [echo, @]}}
            - {id: n3, text: @}
            - {id: n4, text: @}
        - {group: @, id: n14, items: [{id: n5, text: @}, {id: n12, text: @}]}
    - {phase: @, id: n15, window: T-2h .. T, groups: [{group: @, id: n16, items: [{id: n6, text: @}]}]}
  execution:
    - {phase: @, id: exec, window: T .. T+2h, groups: [{group: @, id: n17, ordered: true,
        items: [{id: exec.1, text: @}, {id: n7, text: @},
        {id: n13, text: @}]}]}
  post-deploy: []
rollback: {limit: 30m, triggers: [{id: n8, text: @}], stages: [{stage: @, id: n18, budget: 5m, items: [{id: n9, text: @}]}]}
criteria: [{title: @, kind: business, items: [{id: n10, text: @}]}]
contacts: [{team: @, role: @, name: @, phone: @, email: @}]
signoffs: {before: [{role: @, name: @}]}
notes: [{kind: known-issue, text: @, severity: @, plan: @}, {kind: text, text: @}]
accept: [{code: no-owner, by: @, why: @}]
""".replace("LISTED", json.dumps(LISTED))


def plan_text(plant: Callable[[], str]) -> str:
    """The checklist with the next secret for each `@`."""
    first, *rest = PLAN.split("@")
    return first + "".join(json.dumps(plant(), ensure_ascii=False) + part for part in rest)


def acts(plant: Callable[[], str]) -> Iterable[tuple[Act, By]]:
    """What people said during the night."""
    by = By(plant(), plant(), plant())
    yield CheckItem("pre.a", evidence=plant()), by
    yield SkipItem("pre.b", plant()), by
    yield AddNote(f"{plant()}\n{plant()}"), by
    yield AddNote(plant(), "pre.a"), by
    yield InsertItem("pre.a", plant()), by
    yield HoldWork(plant(), 300), by
    yield ResumeWork(), by
    yield MakePromise(plant(), 600), by
    yield MoveEdge("exec.end", 1800, plant()), by
    yield CaptureBaseline("one", 1.0, 0.1, 60), by
    yield CaptureBaseline("one", 2.0, 0.1, 60, plant()), by
    yield AcceptFinding("no-owner", "pre.a", plant(), plant()), by
    yield LevelChanged("one", "ok", "breach", plant()), By("SYS")
    yield EnterPhase("exec"), by
    yield FailItem("exec.1", plant()), by


def forms(core: str) -> set[str]:
    """As it may stand in an output if it was escaped before it was masked."""
    raw = core.encode()
    made = {
        core,
        escape(core),
        escape_start(core),
        html.escape(core),
        quote(core, safe=""),
        base64.b64encode(raw).decode(),
    }
    made |= {
        json.dumps(one, ensure_ascii=is_ascii)[1:-1]
        for one in (core, escape(core))
        for is_ascii in (True, False)
    }
    # An id may not depend on tonight's environment: what is secret only there is cut to a slug in it, as any text is.
    return made if core == IN_ENV else {*made, slug(core, "")}


def hits(text: str, planted: Secrets) -> list[str]:
    """What of the planted stands in a text."""
    return [core for _, core in planted if any(form in text for form in forms(core))]
