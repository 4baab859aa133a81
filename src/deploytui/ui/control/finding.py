"""The findings of the lint: asked for behind the first frame, read on a page, accepted with name and reason."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable, Mapping
from itertools import groupby

from deploytui.plan.finding import Finding
from deploytui.session.act import AcceptFinding, By
from deploytui.session.finding import Findings, as_finding, finding_text
from deploytui.session.phrase import read_acceptance
from deploytui.session.view import DetailView
from deploytui.ui.control.proposal import Proposals, refusal
from deploytui.ui.control.talk import Talk
from deploytui.ui.draft import Form
from deploytui.ui.service import Services

_BELOW = "to paste below `accept:` in the plan"

ACCEPTING = "Accept a finding"


class FindingControl:
    """The commands on what the lint says of the plan. `arrived_then` is called once it has spoken."""

    def __init__(
        self,
        services: Services,
        talk: Talk,
        proposals: Proposals,
        arrived_then: Callable[[], None],
    ) -> None:
        self._services, self._talk, self._proposals = services, talk, proposals
        self._arrived_then = arrived_then
        self.commands: Mapping[str, Callable[[], None]] = {
            "session.findings": self._show,
            "session.copy_accepted": self._copy_accepted,
        }

    # -- asking the lint -------------------------------------------------------------------------------

    def start(self) -> None:
        """Ask on a thread that nobody waits for, neither the first frame nor the end of the program."""
        lint = self._services.lint
        if lint is None:
            return
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()  # the screen's own: a timer set without it fails at the end

        def ask() -> None:
            found = Findings(lint())
            with contextlib.suppress(RuntimeError):  # the screen was left before the answer
                loop.call_soon_threadsafe(self.arrived, found, context=context)

        threading.Thread(target=ask, name="lint", daemon=True).start()

    def arrived(self, found: Findings) -> None:
        """One line says how many there are. No page ever opens by itself on a screen that is shared."""
        session = self._services.session
        session.findings = found
        self._arrived_then()
        if text := finding_text(found.count_open(session.state, self._services.clock.now())):
            self._talk.say(text)

    # -- the commands ----------------------------------------------------------------------------------

    def _judged(self) -> tuple[Finding, ...]:
        services = self._services
        return services.session.findings.judged(services.session.state, services.clock.now())

    def _show(self) -> None:
        from deploytui.ui.screens.page import DetailModal

        self._talk.ask(DetailModal(self._services.skin, self._view()), lambda _: None)

    def _view(self) -> DetailView:
        """What wants somebody first, then what is accepted, then what is for information only."""
        found = self._judged()
        accepted = [one for one in found if one.accepted and one.severity != "info"]
        opened = [one for one in found if one.is_open]
        infos = [one for one in found if one.severity == "info"]
        lines = _lines([*opened, *accepted, *infos])
        if pasted := self._pasted():
            lines += [("", _BELOW), *(("", line) for line in pasted)]
        title = (
            f"Findings: {len(opened)} not accepted, {len(accepted)} accepted, {len(infos)} for information"
        )
        return DetailView(title, tuple(lines) or (("", "the lint has found nothing in this plan"),))

    def _pasted(self) -> list[str]:
        from deploytui.plan.lint import acceptance_lines

        return [
            line
            for one in self._services.skin.mask_now.value(self._services.session.state.accepted)
            for line in acceptance_lines(as_finding(one), one.by, one.why, one.until or None)
        ]

    def _copy_accepted(self) -> None:
        if pasted := self._pasted():
            self._talk.copy(pasted, "the lines for the plan's accept: list are copied")
        else:
            self._talk.refuse("nothing was accepted in this session")

    # -- accepting -------------------------------------------------------------------------------------

    def may_accept(self) -> bool:
        """Whether there is anything to accept; where not, it is said."""
        if any(one.is_open for one in self._judged()):
            return True
        self._talk.refuse("no finding wants to be accepted")
        return False

    def accept(self, text: str) -> None:
        """The number names a finding that is open; then who accepts it is asked, for it stands in the plan."""
        services = self._services
        number, why, until = read_acceptance(text)
        found = next((one for one in self._judged() if one.number == number), None)
        if found is None or not found.is_open:
            self._talk.refuse(_refusal(number, found))
            return
        act = AcceptFinding(found.code, found.item or "", found.message, why, until)
        if refused := refusal(self._services, act):
            self._talk.refuse(refused)
            return
        same = sum(one.is_open and one.code == found.code for one in self._judged())
        more = f" and the other {same - 1} of its kind" if found.item is None and same > 1 else ""
        lead = f"{found.number} {found.code}{more}: {found.message}"

        def accept(who: str | None) -> None:
            if who:
                by = services.by if who == services.by.name else By(services.by.name, who, services.by.via)
                self._proposals.propose(act, ACCEPTING, by)

        from deploytui.ui.screens.ask import TextModal

        hint = "enter sends · esc goes back"
        form = Form(ACCEPTING, "who accepts it:", lead=lead, hint=hint, width=84)
        self._talk.ask(TextModal(services.skin, form, services.by.name), accept)


def _refusal(number: int, found: Finding | None) -> str:
    if found is None:
        return f"there is no finding {number}: :findings lists them"
    if found.accepted is not None:
        return f"finding {number} is accepted already, by {found.accepted.by}"
    return f"finding {number} is for information only: there is nothing to accept"


def _lines(found: list[Finding]) -> list[tuple[str, str]]:
    """Each with its line; behind those of a kind what it leads to on the night and what to do, or who accepted it."""
    lines: list[tuple[str, str]] = []
    for told, same in groupby(found, _told):
        for one in same:
            where = f"line {one.line}, " if one.line else ""
            lines.append((f"{one.number} {one.severity}", f"{where}{one.code}: {one.message}"))
        lines += [(label, text) for label, text in told[1:] if text]
        lines.append(("", ""))
    return lines


def _told(one: Finding) -> tuple[tuple[str, str], ...]:
    if one.accepted is None:
        return (one.severity, one.code), ("the night", one.meaning), ("proposal", one.proposal)
    until = f" until {one.accepted.until}" if one.accepted.until else ""
    return (one.severity, one.code), ("accepted", f"by {one.accepted.by}{until}: {one.accepted.why}")
