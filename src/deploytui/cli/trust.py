"""What a checklist may take from this machine or run on it: what a person has seen in full and agreed to, word for word.

Trust is a file of one's own in the state folder, named by a hash over the checklist's real path, its bytes and the
list of what it demands with tonight's values in: another folder, value or host is another list. Nothing that stands in a
checklist, beside it or in a session file can grant it.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from msgspec import Struct

from deploytui.base.errors import UsageError
from deploytui.base.paths import expanded, state_dir
from deploytui.cli.console import Console
from deploytui.plan.model import Plan
from deploytui.plan.source import CommandSource, LocalSource, PortSource, Source, WebSource

if TYPE_CHECKING:
    from deploytui.probes.demand import Demand

FOLDER = "trusted"
_YES = "yes"
Agreed = frozenset["Demand"]


class Wanted(Struct, frozen=True):
    """A checklist with what it demands. `path` is where it was read from, `source` its bytes."""

    path: Path
    source: bytes
    demands: tuple[Demand, ...]

    @property
    def fingerprint(self) -> str:
        """What is agreed to: this very file, these very bytes, this very list."""
        listed = json.dumps([[type(one).__name__, str(one)] for one in self.demands])
        found = hashlib.sha256()
        for part in (os.fsencode(os.path.realpath(self.path)), self.source, listed.encode()):
            found.update(len(part).to_bytes(8, "big") + part)
        return found.hexdigest()


def wanted(console: Console, path: Path, source: bytes, plan: Plan, given: Mapping[str, str]) -> Wanted:
    """What the checklist demands here and now; nothing is read, run or asked for it."""
    takes_value = any(variable.env for variable in plan.variables)
    if not takes_value and not any(_takes(gauge.source) for gauge in plan.gauges):
        return Wanted(path, source, ())
    from deploytui.probes.demand import demands
    from deploytui.probes.variable import Variables

    variables = Variables(plan.variables, given, console.env)
    return Wanted(path, source, demands(plan.gauges, variables, console.cwd))


def _takes(source: Source) -> bool:
    """Whether a gauge takes or runs something even where no variable does."""
    match source:
        case CommandSource():
            return True
        case WebSource():
            return bool(source.token_env or source.token_file)
        case PortSource() | LocalSource():
            return False
        case _:
            assert_never(source)


def agreed(console: Console, wanted: Wanted) -> Agreed:
    """What was agreed to: by `--trust`, for this once, or because somebody did before. Asks nobody."""
    if console.trusts or (wanted.demands and _is_kept(_kept_at(console, wanted))):
        return frozenset(wanted.demands)
    return frozenset()


def settle_trust(console: Console, wanted: Wanted) -> Agreed:
    """Like `agreed`, but a person at the terminal is shown everything and asked, once for each list."""
    before = agreed(console, wanted)
    if before or not wanted.demands or not console.is_terminal:
        return before
    console.say_whole(*_page(wanted))
    question = f"Type {_YES} to agree to all of it; Enter goes on without, and these gauges have no data:"
    if console.ask(question) != _YES:
        return frozenset()
    _keep(console, _kept_at(console, wanted))
    return frozenset(wanted.demands)


def _page(wanted: Wanted) -> Iterator[str]:
    """All that is taken or run, whole: a mask could hide the very thing that is asked about."""
    from deploytui.probes.demand import shown

    yield f"Nobody has agreed yet to what {shown(str(wanted.path))} does with this machine. It"
    yield from (f"  {one}" for one in wanted.demands)


def _kept_at(console: Console, wanted: Wanted) -> Path | None:
    """The file that says so. Trust that stood in the checklist's own folder could come with the checklist: there is
    none. A home folder is nobody's checklist folder, although the state folder is inside it."""
    try:
        folder, home = state_dir(console.env) / FOLDER, expanded("~")
    except UsageError:  # nobody knows this user's home
        return None
    plans = Path(os.path.realpath(wanted.path)).parent
    inside = Path(os.path.realpath(folder)).is_relative_to(plans)
    if inside and not Path(os.path.realpath(home)).is_relative_to(plans):
        return None
    return folder / wanted.fingerprint


def _is_kept(file: Path | None) -> bool:
    if file is None:
        return False
    try:
        above, found = file.parent.lstat(), file.lstat()
    except OSError:
        return False
    is_private = found.st_uid == above.st_uid == os.geteuid() and not (above.st_mode | found.st_mode) & 0o077
    return is_private and stat.S_ISDIR(above.st_mode) and stat.S_ISREG(found.st_mode)


def _keep(console: Console, file: Path | None) -> None:
    if file is None:
        console.remark(
            "not kept: the state folder is inside the checklist's own folder, or not known; it will be asked again"
        )
        return
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY | os.O_CLOEXEC
        os.close(os.open(file, flags, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        console.remark(f"not kept, it will be asked again: {(error.strerror or 'cannot be written').lower()}")
