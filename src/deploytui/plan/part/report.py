"""Every problem of one checklist, in one place: bounded, sorted by line, each with the nearest valid word."""

from __future__ import annotations

from collections.abc import Iterable

from deploytui.base.errors import InvalidChecklist, Problem
from deploytui.base.text import quoted
from deploytui.plan.node import Mapping, Node, Scalar

MAX_PROBLEMS = 200
_MAX_COMPARED = 300


class Report:
    """Collects problems of `file`. Past the cap they are only counted, so that a bad file stays quick."""

    def __init__(self, file: str, problems: Iterable[Problem] = ()) -> None:
        self.file = file
        self._problems = list(problems)
        self._more = 0

    @property
    def is_full(self) -> bool:
        return len(self._problems) >= MAX_PROBLEMS

    def add(
        self,
        node: Node,
        found: str,
        expected: str | None = None,
        *,
        key: str | None = None,
        try_: str | None = None,
    ) -> None:
        if self.is_full:
            self._more += 1
        else:
            self._problems.append(Problem(found, expected, try_, self.file, node.line, node.col, key))

    def add_unknown(
        self, node: Node, word: str, expected: str, known: Iterable[str], *, key: str | None = None
    ) -> None:
        """`word` is not one of `known`; the message names the nearest that is."""
        if self.is_full:
            self._more += 1
            return
        self.add(node, quoted(word), expected, key=key, try_=nearest(word, known))

    def close(self) -> None:
        """Raise everything that was found, if anything was."""
        if not self._problems:
            return
        problems = sorted(self._problems, key=lambda problem: (problem.line or 0, problem.col or 0))
        if self._more:
            problems.append(Problem(f"and {self._more} more problems", file=self.file))
        raise InvalidChecklist(problems)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    import difflib  # only a misspelled checklist waits for it

    candidates = list(known)
    if len(candidates) > _MAX_COMPARED:
        # Comparing with 100,000 ids takes a second; a slip is seldom in the first letters.
        start = word[:3].lower()
        candidates = [other for other in candidates if other[:3].lower() == start][:_MAX_COMPARED]
    folded = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(word[:80].lower(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def describe(node: Node) -> str:
    """What stands there, as messages call it."""
    if isinstance(node, Scalar):
        return "nothing" if node.is_null else quoted(node.text)
    return "a mapping" if isinstance(node, Mapping) else "a list"
