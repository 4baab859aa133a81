"""What a checklist takes from this machine or runs on it: the list that a person is asked about, and that binds.

A demand names the thing and where it goes, never a secret's value. Both the question and the probes are made from the
same functions here, so that what was agreed to is what happens.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import assert_never

from msgspec import Struct

from deploytui.base.errors import UsageError
from deploytui.base.paths import expanded
from deploytui.base.text import clean_line, quoted
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import CommandSource, LocalSource, PortSource, WebSource
from deploytui.probes.aside import within
from deploytui.probes.variable import Address, Unset, Variables, address, endpoint

PREFIX = "DEPLOYTUI_VAR_"  # of the environment variables that bring values into a shell's text
_SHELLS = ("sh", "ash", "bash", "dash", "ksh", "zsh", "rbash")
_KEEPING = (  # starts what follows with the environment as it is; sudo, docker and their like do not
    "env", "nice", "ionice", "timeout", "nohup", "stdbuf", "time", "setsid", "taskset", "flock", "find", "xargs", "busybox",
)  # fmt: skip
_REMOTE = ("ssh", "rsh", "mosh", "plink")  # what follows is put together and read by a shell over there
_EDITORS = ("awk", "gawk", "mawk", "nawk", "sed", "jq")  # an argument of theirs is a program
_CODE = re.compile(
    r"-[A-Za-z]*[ce]|-[A-Za-z]*[EprF]|--(eval|command|exec|execute|print|run)|-S|--split-string"
)  # the word behind one is read as a program
_AGAIN = re.compile(
    rf"(?<![\w.-])(eval|let|declare|typeset|su|{'|'.join((*_SHELLS, *_REMOTE))})(?![\w.-])|\(\(|\[\["
)  # in a shell's text: what reads a value as a program after all
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,][A-Za-z0-9_./:@%+=,-]*")  # means itself to every shell and language


class Sends(Struct, frozen=True):
    """A value of this machine's leaves it. `what` names an environment variable, or a file by its whole path; `to` is
    a host and a port, with the path where a variable may decide what is asked there."""

    what: str
    is_file: bool
    to: str
    via: str = ""
    is_clear: bool = False

    def __str__(self) -> str:
        what = (
            f"what the file {shown(shlex.quote(self.what))} holds"
            if self.is_file
            else f"the value of {shown(self.what)}"
        )
        via = f", through {shown(self.via)}" if self.via else ""
        clear = ", in clear (http)" if self.is_clear else ""
        return f"sends {what} to {shown(self.to)}{clear}{via}"


class Runs(Struct, frozen=True):
    """A program, as it is started: by its whole path, in a folder, with every word as it is. `environment` holds
    what is added to this program's own; a secret stands there without its value. `taken` names what comes from
    the environment."""

    program: str
    words: tuple[str, ...]
    folder: str
    environment: tuple[tuple[str, str], ...] = ()
    taken: tuple[str, ...] = ()

    def __str__(self) -> str:
        added = [f"{name}={shlex.quote(value)}" for name, value in self.environment]
        return (
            f"runs {shown(shlex.join((self.program, *self.words)))} in {shown(shlex.quote(self.folder))}"
            + (f", with {shown(' '.join(added))} in its environment" if added else "")
            + (f", and gives it the value of {shown(', '.join(self.taken))}" if self.taken else "")
        )


Demand = Sends | Runs


class CommandLine(Struct, frozen=True):
    """What is started, and the demand that was agreed to. `environment` is added to this program's own."""

    argv: tuple[str, ...]
    environment: dict[str, str]
    demand: Runs


def demands(gauges: Iterable[GaugeSpec], variables: Variables, folder: Path) -> tuple[Demand, ...]:
    """All that these gauges take or run, each once, in the plan's order. What cannot be asked anyway demands nothing."""
    found: dict[Demand, None] = {}
    for spec in gauges:
        with suppress(Unset):
            found.update(dict.fromkeys(demands_of(spec, variables, folder)))
    return tuple(found)


def demands_of(spec: GaugeSpec, variables: Variables, folder: Path) -> Iterator[Demand]:
    """What this one takes or runs. Raises Unset where it cannot be asked at all."""
    source = spec.source
    match source:
        case LocalSource():
            return
        case CommandSource():
            yield command_line(source, variables, folder).demand
        case PortSource():
            place = endpoint(variables.fill(source.address))
            for name in variables.taken(*source.texts):
                yield Sends(name, False, f"{place.host}:{place.port}")
        case WebSource():
            where, via = address(variables.fill(source.address)), ""
            to, is_clear = _place(where) + _rest(source.address, variables), where.scheme == "http"
            if source.proxy:
                via = _place(address(variables.fill(source.proxy)))
                for name in variables.taken(source.proxy):
                    yield Sends(name, False, via, is_clear=True)
            sent = [(name, False) for name in (*variables.taken(*source.texts), source.token_env) if name]
            if source.token_file:
                sent.append((str(token_path(source.token_file, spec.timeout_s, folder)), True))
            for what, is_file in sent:
                yield Sends(what, is_file, to, via, is_clear)
        case _:
            assert_never(source)


def token_path(named: str, timeout_s: float, folder: Path) -> Path:
    """The whole path of the gauge's token file, behind every link; a relative one is meant from `folder`. A link that
    leads elsewhere later is another file, and another list."""
    try:
        path = folder / expanded(named)
        return Path(within(timeout_s, partial(os.path.realpath, path)))
    except UsageError as error:
        why = f"cannot be read: {error.problems[0].found}"
    except TimeoutError:
        why = f"did not answer within {timeout_s} s"
    except (OSError, ValueError):
        why = "cannot be read: its name is none that a file can have"
    raise Unset(f"the token file {clean_line(named)} {why}")


def command_line(source: CommandSource, variables: Variables, folder: Path) -> CommandLine:
    """The command with tonight's values in. Raises Unset where a value is missing, or could be read as a program.

    A value stands in an argument as it is. In a shell's text it comes through the environment, where the shell
    never reads it as a program; in what else is read as one only what has no meaning there may stand.
    """
    words: list[str] = []
    environment: dict[str, str] = {}
    for word in source.command:
        reader = _reader(words, word)
        words.append(variables.put(word, lambda name: _put(name, word, reader, variables, environment)))  # noqa: B023
    told = {
        name: "(secret)" if variables.is_secret(name.removeprefix(PREFIX)) else value
        for name, value in environment.items()
    }
    program = _program(words[0], source.command[0], variables, folder)
    taken = variables.taken(*source.command)
    demand = Runs(program, tuple(words[1:]), str(folder), tuple(told.items()), taken)
    return CommandLine(tuple(words), environment, demand)


def _put(name: str, word: str, reader: str, variables: Variables, environment: dict[str, str]) -> str:
    """What stands in the word where the variable stood."""
    value, is_secret = variables.value(name), variables.is_secret(name)
    if not is_secret and (not reader or _PLAIN.fullmatch(value)):
        return value
    is_read_again = not is_secret and _AGAIN.search(word) is not None
    if reader == "shell" and not is_read_again and not _is_quoted(word, name):
        environment[PREFIX + name] = value
        return f"${{{PREFIX}{name}}}"
    if is_secret:
        raise Unset(f"{name} is secret, and a command's words can be read by others")
    raise Unset(f"{name} has characters that could be run there: give it as an argument of its own")


def shown(text: str) -> str:
    """A text whole and in ASCII, never masked: what is not is written as its number and flagged, because it may
    look like something else."""
    if text.isascii() and text.isprintable():
        return text
    escaped = text.encode("unicode_escape").decode("ascii")
    return escaped if text.isascii() else f"{escaped} <- has characters that are not ASCII"


def _rest(template: str, variables: Variables) -> str:
    """What is asked for at the host, where a variable has a part in it; else it stands in the checklist as it is."""
    if "${" not in template.partition("://")[2].partition("/")[2]:
        return ""

    def value(name: str) -> str:
        is_hidden = variables.is_secret(name) or variables.taken(f"${{{name}}}")
        return f"({name})" if is_hidden else variables.value(name)

    return "/" + variables.put(template, value).partition("://")[2].partition("/")[2]


def _place(where: Address) -> str:
    return f"[{where.host}]:{where.port}" if ":" in where.host else f"{where.host}:{where.port}"


def _reader(before: Sequence[str], word: str) -> str:
    """What reads this word as a program: "shell" here, "other", or "" where it is an argument."""
    names = [os.path.basename(one) for one in before]
    if any(name in _REMOTE for name in names):
        return "other"
    shell = next((place for place, name in enumerate(names) if name in _SHELLS), None)
    if shell is not None:
        if not _is_code(before[shell + 1 :]):
            return ""
        is_here = shell == 0 or (
            names[0] in _KEEPING and not {"-i", "-", "--ignore-environment"} & set(before)
        )
        return "shell" if is_here else "other"
    if any(name in _EDITORS for name in names):
        return "" if before[-1] in ("-v", "-f", "--arg") else "other"
    is_split = names[:1] == ["env"] and word.startswith(("-S", "--split-string"))
    return "other" if is_split or (len(before) > 1 and _CODE.fullmatch(before[-1])) else ""


def _is_code(options: Sequence[str]) -> bool:
    """Whether a shell that was given these words reads the next one as its text: behind a `c` among its options."""
    is_code, words = False, iter(options)
    for word in words:
        if word[:1] not in ("-", "+"):
            return False
        is_long = word.startswith("--")
        is_code = is_code or ("c" in word and not is_long)
        takes = word in ("--rcfile", "--init-file") if is_long else word.endswith(("o", "O"))
        if takes and next(words, None) is None:
            return False
    return is_code


def _is_quoted(text: str, name: str) -> bool:
    """Whether a shell would leave the variable there as it is: in single quotes, or behind a backslash."""
    before = text.partition(f"${{{name}}}")[0]
    return before.count("'") % 2 == 1 or before.endswith("\\")


def _program(name: str, stated: str, variables: Variables, folder: Path) -> str:
    """The program's whole path, as the system would find it from `folder`. What is said of it is as the plan `stated`
    it: a value in it may be one that nobody has agreed to show."""
    if not name:
        raise Unset("its command is empty")
    if os.sep in name:
        return os.path.abspath(folder / name)
    for place in variables.environ.get("PATH", os.defpath).split(os.pathsep):
        found = shutil.which(os.path.join(folder, place, name))
        if found:
            return found
    raise Unset(f"there is no program {quoted(stated)}")
