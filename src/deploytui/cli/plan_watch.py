"""Looks at the plan's file now and then, on a thread of its own: a folder on a network that hangs holds nothing up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from socket import gethostname

from deploytui.cli.opened import first_events
from deploytui.journal.fact import DriverTook
from deploytui.plan.load import MARKDOWN_SUFFIXES, YAML_SUFFIXES
from deploytui.plan.watch import PlanFile, Seen
from deploytui.session.joined import Joined

EVERY_S = 10.0


class PlanWatch:
    """`seen` is what the last look that came back has found. A look may block."""

    def __init__(self, look: Callable[[], Seen | None], every_s: float = EVERY_S) -> None:
        self._look = look
        self._every_s = every_s
        self._ended = threading.Event()
        self.seen: Seen | None = None

    def start(self) -> None:
        """Begin; called after the first frame."""
        threading.Thread(target=self._run, name="plan file", daemon=True).start()

    def stop(self) -> None:
        """No further look. One that hangs is not waited for."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            self.seen = self._look()
            self._ended.wait(self._every_s)


def plan_watch(joined: Joined) -> PlanWatch | None:
    """The watch over the file that the session's plan was read from. Elsewhere than on the machine that opened
    the session it need not be there. What is not called like a checklist is left alone: a session file that somebody
    else has made may name any file here."""
    header = joined.session.header
    path = Path(header.plan_path)
    if path.suffix.lower() not in (*YAML_SUFFIXES, *MARKDOWN_SUFFIXES):
        return None
    first = (event.fact for event in first_events(joined))
    hosts = [fact.host for fact in first if isinstance(fact, DriverTook)]
    is_here = not hosts or hosts[0] == gethostname()
    return PlanWatch(PlanFile(path, header.plan_sha256, is_expected=is_here).look)
