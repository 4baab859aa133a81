"""From the bytes of a keyboard to keys: Textual's parser, with what it does not know dropped.

- Textual hands the characters of a sequence it cannot read on as keys, so that an answer of the terminal about its colors
  would press `r`, `g` and `b` (`test_textual_alone_would_press_letters`; meant so since #570, #3742 asked for less, closed).
- It raises on numbers that are no character or too large (`test_textual_alone_ends`; no issue found).
- It believes every size that claims to come from the terminal, which anybody may forge who can write to it
  (`test_the_mouse_and_focus_come_through_and_claimed_sizes_do_not`; no issue found).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message
from textual.messages import InBandWindowResize

from deploytui.base.text import clean_line

# A whole sequence: Linux' function keys, the old mouse report, CSI, SS3. Then the strings, which are never keys.
# Then all else up to the next escape.
_PART = re.compile(
    r"(?P<whole>\x1b(?:\[\[[A-E]|\[M[\s\S]{3}|\[[0-?]*[ -/]*[@-~]|O[ -~]))"
    r"|(?P<string>\x1b[\]PX^_][\s\S]{0,1024}?(?:\x07|\x1b\\))"
    r"|[\s\S][^\x1b]*"
)
_LONGEST = 64
_FOCUS = (events.AppFocus, events.AppBlur)  # each repaints the screen: of a read's, only the last one counts


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
