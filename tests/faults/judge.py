"""What became of a journal that something was done to: opened as a user would, then compared with what was said."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from deploytui.base.clock import SystemClock
from deploytui.base.errors import DeploytuiError
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import open_store

ROOT = Path(__file__).resolve().parents[2]
WRITER = Path(__file__).with_name("journal_writer.py")
PYTHON = (sys.executable, "-S", "-E")  # no site: half the start, and fewer system calls
_BOOT = """
import runpy, sys
sys.path[:] = {path!r}
sys.argv = sys.argv[1:]
runpy.run_path({writer!r}, run_name="__main__")
"""


def writer(*words: object) -> list[str]:
    """The command line of a writer process; see `journal_writer.py` for the words."""
    path = [str(ROOT), str(ROOT / "src"), *(part for part in sys.path if part)]
    boot = _BOOT.format(path=path, writer=str(WRITER))
    return [*PYTHON, "-c", boot, str(WRITER), *map(str, words)]


@dataclass
class Judgement:
    """What was said, and what turned out not to be so."""

    acked: int = 0
    lost: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)

    def add(self, other: Judgement) -> None:
        self.acked += other.acked
        self.lost += other.lost
        self.untrue += other.untrue
        self.unsound += other.unsound
        self.said += other.said

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.untrue or self.unsound)


def judge(path: Path, lines: list[str]) -> Judgement:
    """`lost`: acknowledged and not there. `untrue`: called not saved, and there. `unsound`: the file itself.

    A file whose making was cut short before anything was acknowledged is sound enough when it is named as such.
    """
    said = [line.split(" ", 2) for line in lines]
    acked = [words[1] for words in said if words[0] == "ACK"]
    outcome = Judgement(acked=len(acked), said=Counter(words[0] for words in said))
    try:
        store = open_store(path, writable=True, clock=SystemClock())
    except DeploytuiError as error:
        is_unmade = not path.exists() or "its creation was cut short" in str(error)
        if not is_unmade:
            outcome.unsound.append(str(error))
        outcome.lost += acked
        return outcome
    verdict = verify(store)
    if verdict.broken is not None:
        outcome.unsound.append(f"{path}: {verdict.broken}")
    there = {event.item for event in store.events()}
    store.close()
    outcome.lost += [name for name in acked if name not in there]
    refused = {words[1] for words in said if words[0] == "NOT"} - set(acked)
    outcome.untrue += [name for name in refused if name in there]
    return outcome


def run_writer(*words: object, before: tuple[str, ...] = ()) -> list[str]:
    """The lines of a writer that ended by itself."""
    done = subprocess.run(
        [*before, *writer(*words)], capture_output=True, text=True, timeout=200, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    return done.stdout.splitlines()
