"""What the importer tells beside the plan: what it took for what, and which lines it has answered for."""

from __future__ import annotations

from msgspec import Struct, field

from deploytui.base.text import clean_line, shorten
from deploytui.plan.finding import Recognized

_SHOWN = 120


class Trace(Struct):
    """Collects `recognized`; `answered` are the lines that became an item or were named, `warnings` what a person
    should know before they rely on what was read."""

    recognized: list[Recognized] = field(default_factory=list)
    warnings: list[Recognized] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)

    def say(self, line: int, text: str, as_: str) -> None:
        """Line `line` was taken as `as_`."""
        self.recognized.append(Recognized(line, shorten(clean_line(text.strip()), _SHOWN), as_))

    def warn(self, line: int, text: str, as_: str) -> None:
        """Like `say`, for what was assumed, or could not be read."""
        self.say(line, text, as_)
        self.warnings.append(self.recognized[-1])

    def name(self, line: int, text: str, as_: str) -> None:
        """Like `say`, for a line that looks like a box and is no item."""
        self.answered.add(line)
        self.say(line, text, as_)

    def imported(self, line: int) -> None:
        self.answered.add(line)
