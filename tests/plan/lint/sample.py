"""A night without a finding, for tests that spoil one thing in it; and small ways to look at what is found."""

from __future__ import annotations

from datetime import UTC, datetime

from deploytui.plan.build import build_plan
from deploytui.plan.finding import Finding
from deploytui.plan.lint import lint
from deploytui.plan.markdown import import_markdown
from deploytui.plan.model import Plan
from tests.plan.sample import read

NOW = datetime(2026, 11, 1, tzinfo=UTC)

SOUND = """\
deploytui: 1
title: A sound night
go_live: 2026-11-24T02:00Z
gauges:
  errors:
    title: Error rate
    target: app
    source: {http: "https://app.example/health", measure: error_rate, over: 5m}
    every: 2s
    unit: "%"
    ok: "< 1"
    breach: {limit: "> 5", for: 5m, samples: 100}
  latency:
    title: Response time
    target: app
    source: {http: "https://app.example/health", measure: p95, over: 1m}
    unit: ms
    ok: "< 500"
  slower:
    title: Degradation
    target: app
    source: {gauge: latency}
    unit: "%"
    relative: baseline
    breach: {limit: "> 50", for: 5m}
  down:
    title: Available
    target: app
    source: {http: "https://app.example/health", measure: up}
    ok: "= 1"
    breach: {limit: "= 0", for: 15m}
  cpu: {title: "this machine: CPU", source: {host: cpu}, unit: "%", ok: "< 50"}
planned_stop: {from: exec.stop, to: exec.start, max: 25m, targets: [app]}
stages:
  pre-deploy:
    - phase: Pre-Deployment
      id: pre
      window: T-2h .. T
      groups:
        - group: Preparation
          id: prep
          items:
            - {id: pre.base, text: Capture the gauges, marks: [baseline]}
            - {id: pre.go, text: Decide, gate: {roles: before}}
  execution:
    - phase: Deployment
      id: exec
      window: T .. T+2h
      groups:
        - group: Steps
          id: steps
          ordered: true
          items:
            - {id: exec.stop, text: Stop the application, marks: [stops], duration: 5m}
            - {id: exec.backup, text: Database backed up, marks: [backup], duration: 10m}
            - {id: exec.deploy, text: Deploy the new version, needs: [pre.base], duration: 10m}
            - {id: exec.start, text: Start the application, marks: [traffic], duration: 5m}
            - {id: exec.cpu, text: CPU usage normal (< 50%), duration: 1m}
            - {id: exec.errors, text: Error rate < 1%, when: {gauge: errors, is: ok}, duration: 1m}
            - {id: exec.slow, text: Response times < 500ms, when: {gauge: latency, is: ok}, duration: 1m}
  post-deploy:
    - phase: Aftercare
      id: post
      window: T+2h .. T+4h
      groups:
        - group: Checks
          id: checks
          items: [{id: post.look, text: Look at the logs}]
rollback:
  limit: 35m
  window: exec
  restore: backup
  triggers:
    - {id: rb.errors, text: "Error rate > 5%", when: {gauge: errors, is: breach}}
    - {id: rb.slower, text: "Performance degradation > 50%", when: {gauge: slower, is: breach}}
    - {id: rb.down, text: "System unavailable > 15 minutes", when: {gauge: down, is: breach}}
  stages:
    - {stage: Decide, id: rb1, budget: 5m, items: [{id: rb1.decide, text: Decide}]}
    - {stage: Go back, id: rb2, budget: 30m, items: [{id: rb2.restore, text: Restore database backup, duration: 20m}]}
criteria:
  - title: Technical
    kind: technical
    items: [{id: ok.uptime, text: "Uptime > 99.9% over the first 7 days"}, {id: ok.cpu, text: CPU < 50%}]
contacts:
  - {team: Team, role: Technical Lead, name: Ana Reyes, phone: "+1 555 0100", email: "[Email]"}
  - {team: Team, role: CTO, name: Kim Okafor, phone: "+1 555 0101"}
signoffs:
  before: [{role: Technical Lead}, {role: CTO}]
"""


def spoiled(*changes: tuple[str, str]) -> str:
    """The sound night with some of its text changed; a change that changes nothing is a mistake in the test."""
    text = SOUND
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return text


def lint_yaml(text: str, now: datetime | None = NOW) -> tuple[Finding, ...]:
    return lint(read(text), now=now)


def read_document(text: str | bytes, name: str = "plan.md") -> Plan:
    """The plan of a Markdown document."""
    source = text.encode() if isinstance(text, str) else text
    return build_plan(import_markdown(source, name).node, name)


def lint_document(text: str | bytes, now: datetime | None = NOW) -> tuple[Finding, ...]:
    return lint(read_document(text), now=now)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in findings]


def places(findings: tuple[Finding, ...], text: str) -> list[tuple[str, str]]:
    """Code and the source's own line of each finding, so that a test names no line numbers."""
    lines = text.splitlines()
    return [(one.code, lines[one.line - 1].strip() if one.line else "") for one in findings]


def only(findings: tuple[Finding, ...], code: str) -> Finding:
    """The one finding of that code."""
    found = [one for one in findings if one.code == code]
    assert len(found) == 1, [f"{one.code}: {one.message}" for one in findings]
    return found[0]


def line_of(text: str, needle: str) -> int:
    """The line that holds `needle`, which stands there alone."""
    found = [number for number, line in enumerate(text.splitlines(), 1) if needle in line]
    assert len(found) == 1, (needle, found)
    return found[0]
