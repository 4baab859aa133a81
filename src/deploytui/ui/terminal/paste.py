"""Which part of the input was pasted. A paste is never a key, whether the terminal brackets it or not: Textual takes one
that is not bracketed for keys (`test_the_same_paste_ticks_on_textual_alone`; no issue found).

Pure: the driver hands in what one read gave and the time, and gets pieces back.
"""

from __future__ import annotations

import re

from msgspec import Struct

from deploytui.base.text import clean_block

MAX_TYPED = 8
MAX_PASTE = 65_536
_START, _END = "\x1b[200~", "\x1b[201~"
# A long paste comes in several reads; the last may be short and would pass for typing.
_GOES_ON_S = 0.15
# The halves of a mark that was cut come right after each other; the escape key and a bracket do not.
_CUT_S = 0.05
# A paste whose end mark was lost must not take the keyboard with it.
_ENDS_AFTER_S = 0.4
# Every escape sequence a terminal sends: CSI (with the old mouse report's three bytes), SS3, and the strings
# (bounded, so that input cannot make this slow).
_SEQUENCE = re.compile(
    r"\x1b(?:\[M[\s\S]{3}|\[[0-?]*[ -/]*[@-~]|O[\s\S]|[\]PX^_][\s\S]{0,256}?(?:\x07|\x1b\\)|[\s\S]|\Z)"
)
# What the terminal says of itself: mode reports, sizes, focus, the mouse. No keys, so they pass beside a paste.
_REPORT = re.compile(r"\x1b\[(?:\?[\d;]*\$y|48;[\d;:]*t|[IO]|<[\d;]*[mM])")


class Piece(Struct, frozen=True):
    """Part of the input: `text` is raw where it was typed, and clean where it was pasted."""

    text: str
    is_paste: bool


class PasteSplitter:
    """Tells pasted from typed input, read after read."""

    def __init__(self) -> None:
        self._pasted: list[str] | None = None
        self._kept = 0
        self._held = ""  # the beginning of a mark that was cut by the end of a read
        self._tail = ""  # the same, but too short to hold back: it may be the escape key
        self._read_at_s = 0.0
        self._unbracketed_until_s = 0.0

    def feed(self, read: str, at_s: float) -> list[Piece]:
        """The pieces of one read that ended at `at_s`, in order; a bracketed paste comes when it is complete."""
        pieces = self._give_up(at_s)
        since_s, self._read_at_s = at_s - self._read_at_s, at_s
        text = self._held + read
        self._held = ""
        if self._tail and since_s < _CUT_S:
            joined = self._tail + text
            if joined.startswith(_START):
                text = joined[len(_START) :]
                self._begin()
            elif _START.startswith(joined):
                self._held = text
                return pieces
        self._tail = ""
        while text:
            if self._pasted is None:
                typed, mark, text = self._until(_START, text)
                if typed:
                    pieces += self._unbracketed(typed, at_s)
                if mark:
                    self._begin()
            else:
                inside, mark, text = self._until(_END, text)
                self._keep(inside)
                if mark:
                    pieces.append(self._end())
        return pieces

    def _begin(self) -> None:
        self._pasted, self._kept = [], 0

    def _end(self) -> Piece:
        pasted = clean_block("".join(self._pasted or ()).replace("\r", "\n"))
        self._pasted = None
        return Piece(pasted, True)

    def _give_up(self, at_s: float) -> list[Piece]:
        if self._pasted is None or at_s - self._read_at_s < _ENDS_AFTER_S:
            return []
        self._held = ""
        return [self._end()]

    def _until(self, mark: str, text: str) -> tuple[str, str, str]:
        before, found, after = text.partition(mark)
        if not found:
            for size in range(min(len(mark) - 1, len(text)), 0, -1):
                if text.endswith(mark[:size]):
                    if size < 3 and mark == _START:
                        self._tail = mark[:size]
                        break
                    self._held = mark[:size]
                    return text[:-size], "", ""
        return before, found, after

    def _keep(self, inside: str) -> None:
        assert self._pasted is not None
        if self._kept < MAX_PASTE:
            self._pasted.append(inside[: MAX_PASTE - self._kept])
            self._kept += len(inside)

    def _unbracketed(self, typed: str, at_s: float) -> list[Piece]:
        plain = _SEQUENCE.sub("", typed)
        count = sum(char.isprintable() or char in "\r\n\t" for char in plain)
        if count <= MAX_TYPED and not (count and at_s < self._unbracketed_until_s):
            return [Piece(typed, False)]
        self._unbracketed_until_s = at_s + _GOES_ON_S
        reports = "".join(_REPORT.findall(typed))
        pieces = [Piece(reports, False)] if reports else []
        return [*pieces, Piece(clean_block(plain.replace("\r", "\n")[:MAX_PASTE]), True)]
