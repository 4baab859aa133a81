"""What the builders of one plan share: every problem in one place, ids that are unique, references, and the count."""

from __future__ import annotations

import re
import typing
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct

from deploytui.base.errors import InvalidChecklist, Problem
from deploytui.base.text import quoted
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.word import ID, ID_PATTERN

MAX_ITEMS = 100_000
MAX_PROBLEMS = 200
_MAX_COMPARED = 300
MAX_ID = 80
_MAX_SLUG = 40
_VALID = re.compile(ID_PATTERN)
_NOT_SLUG = re.compile("[^a-z0-9]+")


class Report:
    """Collects problems of `file`. Past the cap they are only counted, so that a bad file stays quick."""

    def __init__(self, file: str, problems: Iterable[Problem] = ()) -> None:
        self.file = file
        self._problems = list(problems)
        self._more = 0

    @property
    def _is_full(self) -> bool:
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
        if self._is_full:
            self._more += 1
        else:
            self._problems.append(Problem(found, expected, try_, self.file, node.line, node.col, key))

    def add_unknown(
        self, node: Node, word: str, expected: str, known: Iterable[str], *, key: str | None = None
    ) -> None:
        """`word` is not one of `known`; the message names the nearest that is."""
        self.add(node, quoted(word), expected, key=key, try_=None if self._is_full else nearest(word, known))

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


def slug(text: str, otherwise: str) -> str:
    """At most 40 characters of `text` as a-z, 0-9 and `-`; `otherwise` where nothing of it is left."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return _NOT_SLUG.sub("-", text.lower()).strip("-")[:_MAX_SLUG].rstrip("-") or otherwise


class Ids:
    """Every id of one plan. Given ids are known from the start, so that no derived one takes their name."""

    def __init__(self, report: Report, root: Node) -> None:
        self._report = report
        self._given = set(_given(root))
        self._lines: dict[str, int] = {}
        self._last: dict[str, int] = {}

    def take(self, given: Node | None, prefix: str, text: str, otherwise: str) -> str:
        """The given id where it is valid and new, else one derived from the path."""
        if given is not None:
            taken = self.claim(given)
            if taken is not None:
                return taken
        return self._derive(prefix, slug(text, otherwise))

    def claim(self, node: Node) -> str | None:
        """An id that the author wrote; None when it is not valid or not new."""
        if not isinstance(node, Scalar) or node.is_null or not _VALID.fullmatch(node.text):
            self._report.add(node, describe(node), ID.expected, key="id", try_=_suggest(node))
            return None
        if (first := self._lines.get(node.text)) is not None:
            found = f'the id "{node.text}" again: it stands in line {first} and in line {node.line}'
            self._report.add(node, found, "an id once in the plan", key="id")
            return None
        self._lines[node.text] = node.line
        return node.text

    def _derive(self, prefix: str, name: str) -> str:
        number = self._last.get(f"{prefix}.{name}", 0)
        while True:
            number += 1
            tail = name if number == 1 else f"{name}-{number}"
            # The path is cut, not the name: what is left still tells the items of one group apart.
            head = prefix[: MAX_ID - 1 - len(tail)].rstrip("-._")
            derived = f"{head}.{tail}" if head else tail
            if derived not in self._given and derived not in self._lines:
                self._last[f"{prefix}.{name}"] = number
                self._lines[derived] = 0
                return derived


class References:
    """Ids that name something elsewhere in the file; checked when everything has been read."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._wanted: list[tuple[Scalar, str, str]] = []

    def want(self, node: Node, key: str, kind: str) -> str | None:
        """Remember that `node` names a thing of that kind."""
        if not isinstance(node, Scalar) or node.is_null:
            self._report.add(node, describe(node), f"the id of {kind}", key=key)
            return None
        self._wanted.append((node, key, kind))
        return node.text

    def check(self, known: typing.Mapping[str, Collection[str]]) -> None:
        """Report each reference whose thing does not exist, with the nearest that does."""
        for node, key, kind in self._wanted:
            names = known[kind]
            if node.text not in names:
                self._report.add_unknown(node, node.text, f"the id of {kind}", names, key=key)


def _suggest(node: Node) -> str | None:
    return slug(node.text, "") or None if isinstance(node, Scalar) and not node.is_null else None


def _given(root: Node) -> Iterable[str]:
    """Every text that stands under a key `id`, and the ids of the gauges."""
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting.extend(item for item in node.items if not isinstance(item, Scalar))
        elif isinstance(node, Mapping):
            for key, value in node.entries:
                if not isinstance(value, Scalar):
                    waiting.append(value)
                    if key.text == "gauges" and isinstance(value, Mapping):
                        yield from (name.text for name, _ in value.entries)
                elif key.text == "id":
                    yield value.text


class Context(Struct):
    report: Report
    ids: Ids
    references: References
    go_live: datetime | None = None
    # What the gauges speak about.
    targets: frozenset[str] = frozenset()
    items: int = 0

    def count_item(self, node: Node) -> None:
        """One more item; past the bound reading ends here, with all that was found so far."""
        self.items += 1
        if self.items > MAX_ITEMS:
            found, most = f"more than {MAX_ITEMS:,} items", f"at most {MAX_ITEMS:,}"
            self.report.add(node, found, most, try_="splitting it")
            self.report.close()
