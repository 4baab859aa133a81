"""What the lint found in the plan of a session, with what was accepted during the session. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from deploytui.journal.state import Accepted, SessionState
from deploytui.plan.finding import Finding
from deploytui.plan.model import Acceptance


class Findings:
    """Nothing before the lint was asked: that happens behind the first frame, and never for a script."""

    def __init__(self, found: Sequence[Finding] = ()) -> None:
        self._found = found

    def judged(self, state: SessionState, now: datetime) -> tuple[Finding, ...]:
        """The findings, each with who accepted it: in the plan, or in this session and not until a day that is over."""
        day = now.date().isoformat()
        valid = {(one.code, one.item): one for one in state.accepted if not one.until or one.until >= day}
        return tuple(_judged(one, valid) for one in self._found)

    def count_open(self, state: SessionState, now: datetime) -> int:
        """How many still want somebody: errors and warnings that nobody has accepted."""
        return sum(one.is_open for one in self.judged(state, now))


def _judged(finding: Finding, valid: dict[tuple[str, str], Accepted]) -> Finding:
    known = valid.get((finding.code, finding.item or "")) or valid.get((finding.code, ""))
    if known is None or finding.accepted is not None:
        return finding
    acceptance = Acceptance(known.code, known.by, known.why, known.item or None, known.until or None)
    return replace(finding, accepted=acceptance)


def as_finding(accepted: Accepted) -> Finding:
    """What was accepted, as far as the journal knows it: enough for its line in the plan's `accept:` list."""
    return Finding(accepted.code, "", 0, accepted.message, accepted.item or None)


def finding_text(count: int) -> str:
    """`3 findings not accepted, :findings`; "" for none."""
    return f"{count} finding{'s' if count != 1 else ''} not accepted, :findings" if count else ""
