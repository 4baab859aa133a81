"""Foreign text inside Markdown that we write: every sign keeps its face, and none of it becomes a link, an
image, a tag, an emphasis or a table."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence

# Signs that mean something anywhere in a line; `$` and `~` in the dialects of ticket systems.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>&|~#$]")
# Bare addresses, which many renderers turn into links by themselves.
_ADDRESS = re.compile(r"(?=:(?://|\S+@)|@)|(?<=www)(?=\.)|(?<=mailto)(?=:)", re.IGNORECASE)
# What begins a block where it begins a line: a list, a heading's underline, a rule.
_AT_START = re.compile(r"(\d*)(?=[-+=:.)])")
_BACKTICKS = re.compile("`+")


def escape(text: str) -> str:
    """One line of text, for anywhere but the start of a line."""
    escaped = _ANYWHERE.sub(r"\\\g<0>", " ".join(text.split("\n")))
    return _ADDRESS.sub(r"\\", escaped)


def escape_start(text: str) -> str:
    """One line of text that may stand at the start of a line."""
    escaped = escape(text.strip())
    found = _AT_START.match(escaped)
    return f"{found[1]}\\{escaped[found.end() :]}" if found else escape(text)


def escape_block(text: str, indent: str = "") -> str:
    """Text of several lines as one paragraph with hard breaks; its further lines are indented."""
    return f"\\\n{indent}".join(escape_start(line) for line in text.split("\n"))


def code(text: str) -> str:
    """Text as a code span: its fence is longer than any run of backticks inside."""
    text = text.replace("\n", "\\n")
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[:1] in ("`", " ", "") or text[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def command(argv: Sequence[str]) -> str:
    """A command as it would be typed, as a code span."""
    return code(shlex.join(argv))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; the cells are escaped already."""
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
