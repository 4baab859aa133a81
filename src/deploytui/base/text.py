"""The only place that makes foreign text safe for a terminal.

Foreign text is all that we did not write: checklists, notes, names, probe answers, the environment, file
names. It is cleaned once where it enters; nothing is dropped in silence, each unsafe character becomes a
visible one. Markup needs no cleaning here: it is kept literal where it is drawn (`ui/paint.py`).
"""

from __future__ import annotations

import re
import unicodedata

_MAX_COMBINING = 2
# Categories Cc, Cf, Cs, Zl, Zp reach no terminal: control, format (bidi, zero width, tags), surrogates and
# the two separators. They are spelled as a regex so that clean text costs one scan in C.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_COMBINING_RUN = re.compile("[^\x00-\u02ff]{3,}")
_SPACES = {"\t": " ", "\n": " ", "\x85": " ", "\u2028": " ", "\u2029": " "}


def _visible(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    if char in _SPACES:
        return _SPACES[char]
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def _visible_in_block(match: re.Match[str]) -> str:
    return "\n" if match.group() in ("\n", "\x85", "\u2028", "\u2029") else _visible(match)


def _cap_combining(match: re.Match[str]) -> str:
    out: list[str] = []
    run = 0
    for char in match.group():
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run <= _MAX_COMBINING:
            out.append(char)
        elif run == _MAX_COMBINING + 1:
            out.append("\ufffd")
    return "".join(out)


def clean_line(text: str) -> str:
    """`text` as one line that is safe to print: line breaks and tabs become spaces, other unsafe characters
    a visible replacement, more than two stacked combining marks one `\ufffd`."""
    if text.isascii() and text.isprintable():
        return text
    text = _UNSAFE.sub(_visible, text.replace("\r\n", " "))
    return _COMBINING_RUN.sub(_cap_combining, text)


def clean_block(text: str) -> str:
    """Like `clean_line`, but keeps line breaks (as `\\n`): for notes and command output."""
    if text.isascii() and text.isprintable():
        return text
    text = _UNSAFE.sub(_visible_in_block, text.replace("\r\n", "\n"))
    return _COMBINING_RUN.sub(_cap_combining, text)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the last one `…` where something was cut."""
    return text if len(text) <= limit else text[: max(0, limit - 1)] + "…"


def quoted(text: str, limit: int = 60) -> str:
    """Foreign text as it stands in an error message: cleaned, cut, in quotes."""
    return f'"{shorten(clean_line(text), limit)}"'
