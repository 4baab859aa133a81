"""From the bytes of a keyboard to what was pasted and what was typed, and from that to keys: Textual's parser, with what it
does not know dropped.

- A paste is never a key, whether the terminal brackets it or not: Textual takes one that is not bracketed for keys
  (`test_the_same_paste_ticks_on_textual_alone`; no issue found).
- Textual hands the characters of a sequence it cannot read on as keys, so that an answer of the terminal about its colors
  would press `r`, `g` and `b` (`test_textual_alone_would_press_letters`; meant so since #570, #3742 asked for less, closed).
- It raises on numbers that are no character or too large (`test_textual_alone_ends`; no issue found).
- It believes every size that claims to come from the terminal, which anybody may forge who can write to it
  (`test_the_mouse_and_focus_come_through_and_claimed_sizes_do_not`; no issue found).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message
from textual.messages import InBandWindowResize

from deploytui.base.text import clean_block, clean_line

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
# A whole sequence: Linux' function keys, the old mouse report, CSI, SS3. Then the strings, which are never keys.
# Then all else up to the next escape.
_PART = re.compile(
    r"(?P<whole>\x1b(?:\[\[[A-E]|\[M[\s\S]{3}|\[[0-?]*[ -/]*[@-~]|O[ -~]))"
    r"|(?P<string>\x1b[\]PX^_][\s\S]{0,1024}?(?:\x07|\x1b\\))"
    r"|[\s\S][^\x1b]*"
)
_LONGEST = 64
_FOCUS = (events.AppFocus, events.AppBlur)  # each repaints the screen: of a read's, only the last one counts


class Piece(Struct, frozen=True):
    """Part of the input: `text` is raw where it was typed, and clean where it was pasted."""

    text: str
    is_paste: bool


class PasteSplitter:
    """Tells pasted from typed input, read after read. Pure: it is handed what one read gave and the time."""

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


class KeyParser:
    """What was typed, read after read, as Textual's messages."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def feed(self, text: str) -> list[Message]:
        """The messages of one read. Sizes and positions that claim to come from the terminal are not among them."""
        messages: list[Message] = []
        for part in _PART.finditer(text):
            if part["string"] or (part["whole"] and len(part["whole"]) > _LONGEST):
                continue
            found = self._try(self._parser.feed, part[0])
            if part["whole"] and self._is_inside_sequence():
                self._parser = XTermParser()
                found = []
            messages += found
        last_focus = next((message for message in reversed(messages) if isinstance(message, _FOCUS)), None)
        return [
            message
            for message in messages
            if _is_wanted(message) and (message is last_focus or not isinstance(message, _FOCUS))
        ]

    def tick(self) -> list[Message]:
        """What the time that passed means: the escape key, when nothing followed it."""
        return [message for message in self._try(self._parser.tick) if _is_wanted(message)]

    def _try(self, call: Callable[..., Iterable[Message]], *text: str) -> list[Message]:
        """It raises on a code point beyond Unicode and on numbers too large, and cannot go on after that."""
        messages: list[Message] = []
        try:
            messages += call(*text)
        except Exception:
            self._parser = XTermParser()
        return messages

    @property
    def is_waiting(self) -> bool:
        """Whether the time that passes can mean something: what came last may go on."""
        return self._is_inside_sequence()

    def _is_inside_sequence(self) -> bool:
        return self._parser._awaiting.timeout is not None


def _is_wanted(message: Message) -> bool:
    if isinstance(message, events.Resize | events.CursorPosition | InBandWindowResize):
        return False
    return not isinstance(message, events.Key) or _is_typeable(message.character)


def _is_typeable(character: str | None) -> bool:
    """Kitty's sequences can name any code point as a key: lone surrogates and format characters are none."""
    return character is None or character.isascii() or clean_line(character) == character
