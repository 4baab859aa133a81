"""Which checklists may run their commands: those that a person has seen in full and agreed to, byte for byte.

Trust is a file of one's own in the state folder, named by a hash over the checklist's real path, its bytes and its
commands. Nothing that stands in a checklist or beside it can grant it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from deploytui.base.paths import state_dir
from deploytui.base.text import clean_line
from deploytui.cli.console import Console
from deploytui.plan.model import Item, Plan, Variable

FOLDER = "trusted"
_YES = "yes"


def commands_of(plan: Plan) -> list[tuple[str, tuple[str, ...]]]:
    """Everything that the plan could run, with the gauge or item it belongs to, in the plan's order."""
    found = [(gauge.id, gauge.source.command) for gauge in plan.gauges if gauge.source.kind == "command"]
    return found + [(item.id, item.run.argv) for item in _items(plan) if item.run is not None]


def fingerprint(path: Path, source: bytes, plan: Plan) -> str:
    """What is trusted: this very file, these very bytes, these very commands."""
    found = hashlib.sha256()
    for part in (os.fsencode(os.path.realpath(path)), source, json.dumps(commands_of(plan)).encode()):
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def is_trusted(console: Console, path: Path, source: bytes, plan: Plan, *, flag: bool) -> bool:
    """Whether the commands may run: by `--trust`, for this once, or because somebody agreed before. Asks nobody."""
    return flag or (bool(commands_of(plan)) and _is_kept(console, path, fingerprint(path, source, plan)))


def settle_trust(console: Console, path: Path, source: bytes, plan: Plan, *, flag: bool) -> bool:
    """Like `is_trusted`, but a person at the terminal is shown everything and asked, once for each content."""
    if not commands_of(plan) or is_trusted(console, path, source, plan, flag=flag):
        return bool(commands_of(plan))
    if not console.is_terminal:
        return False
    for line in _shown(path, plan):
        console.say(line)
    if console.ask(f"Type {_YES} to trust these commands; Enter goes on without them:") != _YES:
        return False
    _keep(console, path, fingerprint(path, source, plan))
    return True


def _shown(path: Path, plan: Plan) -> Iterator[str]:
    """All that could run, be read or be asked, as it stands in the checklist."""
    yield f"{clean_line(str(path))} has commands that nobody has agreed to yet."
    yield "It would run, without a shell:"
    for name, argv in commands_of(plan):
        yield f"  {name:<16} {_plain(shlex.join(argv))}"
    files = [gauge.source.token_file for gauge in plan.gauges if gauge.source.token_file]
    hosts = [
        gauge.source.address
        for gauge in plan.gauges
        if gauge.source.address and gauge.source.kind in ("http", "prometheus", "tls", "tcp")
    ]
    hosts += [host for gauge in plan.gauges for host in gauge.source.redirect_hosts]
    hosts += [gauge.source.proxy for gauge in plan.gauges if gauge.source.proxy]
    for title, texts in (("It would read:", files), ("It would ask:", hosts)):
        if texts:
            yield title
            yield from (f"  {_plain(text)}" for text in dict.fromkeys(texts))
    used = " ".join((*files, *hosts, *(word for _, argv in commands_of(plan) for word in argv)))
    values = [one for one in plan.variables if f"${{{one.name}}}" in used]
    if values:
        yield "It would put in:"
        yield from (f"  {one.name:<16} {_plain(_origin(one))}" for one in values)


def _origin(variable: Variable) -> str:
    """Where the value of a variable comes from; the value itself where the checklist has it and may show it."""
    if variable.env:
        return f"what {variable.env} is in the environment, or --set"
    if not variable.value:
        return "what --set says"
    return (
        "a secret of the checklist, or --set"
        if variable.is_secret
        else f"{variable.value}, or what --set says"
    )


def _plain(text: str) -> str:
    """A text in ASCII; what is not is written as its number and flagged, because it may look like something else."""
    if text.isascii() and text.isprintable():
        return text
    escaped = text.encode("unicode_escape").decode("ascii")
    return escaped if text.isascii() else f"{escaped}  <- has characters that are not ASCII"


def _folder(console: Console) -> Path:
    return state_dir(console.env) / FOLDER


def _may_keep(console: Console, path: Path) -> bool:
    """Trust that stood in the checklist's own folder could come with the checklist. A home folder is nobody's
    checklist folder, although the state folder is inside it."""
    plans = Path(os.path.realpath(path)).parent
    home = Path(os.path.realpath(Path.home()))
    inside = Path(os.path.realpath(_folder(console))).is_relative_to(plans)
    return not inside or home.is_relative_to(plans)


def _is_kept(console: Console, path: Path, name: str) -> bool:
    if not _may_keep(console, path):
        return False
    folder = _folder(console)
    try:
        above, found = folder.lstat(), (folder / name).lstat()
    except OSError:
        return False
    is_private = found.st_uid == above.st_uid == os.geteuid() and not (above.st_mode | found.st_mode) & 0o077
    return is_private and stat.S_ISDIR(above.st_mode) and stat.S_ISREG(found.st_mode)


def _keep(console: Console, path: Path, name: str) -> None:
    if not _may_keep(console, path):
        console.remark(
            "not kept: the state folder is inside the checklist's own folder; it will be asked again"
        )
        return
    folder = _folder(console)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY | os.O_CLOEXEC
        os.close(os.open(folder / name, flags, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        console.remark(f"not kept, it will be asked again: {(error.strerror or 'cannot be written').lower()}")


def _items(plan: Plan) -> Iterator[Item]:
    waiting = [item for _, phase in plan.phases() for group in phase.groups for item in group.items]
    waiting += plan.rollback.triggers
    waiting += [item for stage in plan.rollback.stages for item in stage.items]
    waiting += [item for criteria in plan.criteria for item in criteria.items]
    while waiting:
        item = waiting.pop(0)
        yield item
        waiting[:0] = item.items
