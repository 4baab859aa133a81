"""A box to run commands in: its own folders, environment, clock and streams; no process, no home folder."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.cli.main import main
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import create
from deploytui.journal.store import Header
from deploytui.session.act import By
from deploytui.session.session_rules import opening

NOW = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)
PLAN = """\
deploytui: 1
title: Ship it
mask: [db-1.internal]
stages:
  pre-deploy:
    - phase: Prepare
      id: pre
      window: T-2h .. T
      groups:
        - group: Checks
          id: checks
          items:
            - {id: pre.backup, text: Back up the database}
            - {id: pre.call, text: Call Kim at +49 30 1234567}
  execution:
    - phase: Execute
      id: exec
      window: T .. T+2h
      groups:
        - group: Steps
          id: steps
          ordered: true
          items:
            - {id: exec.1, text: Stop the application}
            - {id: exec.2, text: Start the application}
  post-deploy: []
"""


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass
class Box:
    root: Path
    env: dict[str, str]
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOW))

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def checklist(self) -> Path:
        return self.root / "ship.yaml"

    def run(self, *words: str, typed: str | None = None) -> Result:
        """One command; with `typed` a person sits at the terminal."""
        kind = io.StringIO if typed is None else Screen
        out, err = kind(), io.StringIO()
        code = main(
            words,
            env=self.env,
            cwd=self.root,
            stdin=kind(typed or ""),
            stdout=out,
            stderr=err,
            clock=self.clock,
        )
        return Result(code, out.getvalue(), err.getvalue())

    def session(self, name: str = "ship-20261124-0000", *, plan: str = PLAN, by: str = "ANA") -> Path:
        """A session whose driver left again."""
        source = plan.encode()
        header = Header(
            session=name, title="Ship it", plan_name="ship.yaml", plan_path=str(self.checklist),
            plan_sha256=hashlib.sha256(source).hexdigest(), mode="live", created_at=self.clock.now(), program="0.1.0",
        )  # fmt: skip
        drafts = opening(By(by), NOW + timedelta(hours=2), "pre", ())
        took = Draft(DriverTook("", ""), by=by)
        path = self.state / f"{name}.deploytui"
        store = create(
            path, header, source, clock=self.clock, holder=this_process(by), opening=[*drafts, took]
        )
        store.release(store.lease().epoch)
        store.close()
        return path


@pytest.fixture
def box(tmp_path: Path) -> Box:
    env = {"DEPLOYTUI_STATE_DIR": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path / "config"),
           "LOGNAME": "ana", "TERM": "xterm-256color", "LANG": "C.UTF-8"}  # fmt: skip
    (tmp_path / "ship.yaml").write_text(PLAN)
    return Box(tmp_path, env)
