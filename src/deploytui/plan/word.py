"""The scalars of the format: what messages call each, how it is read and written, how a schema tells it from others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import Struct

from deploytui.base.text import clean_block, clean_line, quoted
from deploytui.base.units import is_whole_number, parse_duration, write_duration

ID_PATTERN = r"[a-z0-9][a-z0-9._-]{0,79}"
MAX_LINE = 2_000
MAX_BLOCK = 16_000
MAX_COMMAND = 8_000
MAX_DEPTH = 16
# `[Phone]`, `____`, `TBD`, `{{name}}`: there is a place for it, and nobody filled it in.
_PLACEHOLDER = re.compile(
    r"\[[^\]]*\]|[_.\-–—…?]+|tbd|tba|tbc|todo|n/a|\{\{.*\}\}|@?<[^<>@]*>", re.IGNORECASE
)


class Word(Struct, frozen=True):
    """A scalar. `read` raises ValueError with what was expected and, where that is more than the text itself, what
    was found; None of it means that nothing is there."""

    expected: str
    read: Callable[..., Any] = str
    write: Callable[[Any], str] = str
    pattern: str = ""
    choices: tuple[str, ...] = ()
    most: int = MAX_LINE
    # Editors read unquoted scalars as numbers or booleans; the program reads them all as text.
    is_any: bool = False
    # A place that may stay empty, to be filled in later.
    is_nullable: bool = False
    # `read` takes the stated go-live too.
    is_timed: bool = False
    # What stands for a required one that is missing or wrong, until all problems are told.
    blank: Any = ""


def one_of(*choices: str, expected: str = "", read: Callable[[str], Any] = str) -> Word:
    return Word(expected or " or ".join(choices), read, choices=choices)


def always(text: str) -> Word:
    """A key that has one value, and says yes by being there."""
    return Word(text, lambda _: True, lambda _: text, choices=(text,))


def _text(clean: Callable[[str], str], expected: str, most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        text = clean(text).strip()
        if not text:
            raise ValueError(expected, "an empty text")
        if len(text) > most:
            raise ValueError(f"at most {most:,}", f"a text of {len(text):,} characters")
        return text

    return read


_read_line = _text(clean_line, "text on one line", MAX_LINE)


def _read_filled(text: str) -> str | None:
    """The text, or None where it is empty or a placeholder."""
    line = _read_line(text) if text.strip() else ""
    return None if not line or _PLACEHOLDER.fullmatch(line) else line


def _read_argument(text: str) -> str:
    """A command runs as it stands here, so what could not be shown as it is, is refused."""
    if clean_block(text) != text:
        raise ValueError("printable text", f"{quoted(text)} with characters that do not show")
    return text


def _read_positive(text: str) -> int:
    if not (seconds := parse_duration(text)):
        raise ValueError("1s or more", "no time at all")
    return seconds


def _read_count(text: str) -> int:
    if not (is_whole_number(text) and int(text) > 0):
        raise ValueError(COUNT.expected)
    return int(text)


def _read_day(text: str) -> str:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII):
            raise ValueError
        return str(date.fromisoformat(text.strip()))
    except ValueError:
        raise ValueError(DAY.expected) from None


def _shaped(expected: str, pattern: str) -> Word:
    """An address: text without a blank that fits the pattern."""
    form = re.compile(pattern)

    def read(text: str) -> str:
        text = text.strip()
        if not form.fullmatch(text) or len(text) > MAX_COMMAND or clean_line(text) != text:
            raise ValueError(expected)
        return text

    return Word(expected, read, pattern=pattern)


_DURATION = "a duration such as 90s, 15m, 2h, 7d or 1h30m"
DURATION_PATTERN = r"([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?"
LINE = Word("text on one line", _read_line, is_any=True)
FILLED_LATER = Word("text on one line", _read_filled, is_any=True, is_nullable=True)
BLOCK = Word("text", _text(clean_block, "text", MAX_BLOCK), most=MAX_BLOCK, is_any=True)
ID = Word(
    "an id: a-z, 0-9 and . _ - (at most 80, the first a letter or digit)", pattern=ID_PATTERN, is_any=True
)
DURATION = Word(_DURATION, parse_duration, write_duration, pattern=f"(?=.){DURATION_PATTERN}", blank=0)
POSITIVE = Word(_DURATION, _read_positive, write_duration, pattern=f"(?=.){DURATION_PATTERN}", blank=0)
FLAG = Word(
    "true or false", lambda text: text == "true", lambda flag: str(flag).lower(), choices=("true", "false")
)
COUNT = Word("a whole number, 1 or more", _read_count, pattern=r"[0-9]{1,9}", is_any=True)
DAY = Word("a date such as 2026-12-31", _read_day, pattern=r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]")
URL = _shaped("a URL that begins with http:// or https:// (or a ${variable})", r"(https?://|\$\{)\S+")
PROXY = _shaped("the URL of a proxy, http://host:port (or a ${variable})", r"(http://|\$\{)\S+")
HOST = _shaped("a host name or an IP address", r"[^\s/:@\[\]]+|[0-9A-Fa-f:.]+")
ADDRESS = _shaped("host:port", r"\S+:[0-9]{1,5}|.*\$\{.*")
LINK = _shaped("a URL that begins with http:// or https://", r"https?://\S+")
ARGUMENT = Word("a word of the command", _read_argument, most=MAX_COMMAND, is_any=True)
VERSION = Word("1, the version of this format", choices=("1",), is_any=True)
