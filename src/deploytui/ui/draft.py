"""Texts that were begun and not sent: kept at `esc`, gone once what they became is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping


class Drafts:
    """By the dialog they belong to. A text that was sent is nobody's to go on with until it is known what became of it."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._sent: dict[int, tuple[str, str]] = {}
        self.on_change: Callable[[], None] = lambda: None
        self.on_saved: Callable[[], None] = lambda: None

    def offered(self, key: str) -> str:
        """What was begun there, or ""."""
        return self._texts.get(key, "")

    def keep(self, key: str, text: str) -> None:
        """What the dialog holds now; "" when it was emptied."""
        if text == self._texts.get(key, ""):
            return
        self._texts.pop(key, None)  # the newest stands last
        if text:
            self._texts[key] = text
        self.on_change()

    def send(self, key: str, number: int) -> None:
        """The text became the act of this ticket."""
        if text := self._texts.pop(key, ""):
            self._sent[number] = key, text

    def saved(self, number: int) -> None:
        """What it became is durable."""
        if self._sent.pop(number, None) is not None:
            self.on_saved()

    def not_saved(self, number: int) -> None:
        """It came to nothing: the text is there again, unless another was begun meanwhile."""
        if (sent := self._sent.pop(number, None)) is not None:
            self._texts.setdefault(*sent)
            self.on_change()

    def take_over(self, texts: Mapping[str, str]) -> None:
        """What an earlier program has kept; what was typed since counts more."""
        self._texts = {**texts, **self._texts}

    def all(self) -> list[tuple[str, str]]:
        """Everything that would be lost now, the newest last."""
        return [*self._sent.values(), *self._texts.items()]
