"""The thread that looks at the plan's file: it looks again and again, and nobody waits for a look that hangs."""

from __future__ import annotations

import threading

from deploytui.cli.plan_watch import PlanWatch, plan_watch
from deploytui.plan.watch import Became, Seen
from deploytui.session.joined import Joined
from tests.session.fake import opened


class TurningFile:
    """Changed at the second look."""

    def __init__(self) -> None:
        self.looks = 0
        self.turned = threading.Event()

    def look(self) -> Seen | None:
        self.looks += 1
        if self.looks > 2:
            self.turned.set()
        return Seen(Became.CHANGED if self.looks > 1 else Became.SAME)


class HangingFile:
    """A look that does not come back before it is let go."""

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()

    def look(self) -> Seen | None:
        self.asked.set()
        self.let_go.wait(10)
        return Seen(Became.CHANGED)


def test_it_looks_again_and_again_until_it_is_stopped() -> None:
    file = TurningFile()
    watch = PlanWatch(file.look, every_s=0)
    watch.start()
    assert file.turned.wait(10)
    watch.stop()
    assert watch.seen == Seen(Became.CHANGED)


def test_a_look_that_hangs_holds_nothing_up() -> None:
    file = HangingFile()
    watch = PlanWatch(file.look)
    watch.start()
    assert file.asked.wait(10)
    assert watch.seen is None
    watch.stop()
    file.let_go.set()


def test_a_session_from_another_machine_is_not_missed() -> None:
    session, _ = (
        opened()
    )  # its driver sits on a machine called "here", and its plan at a path that is not there
    look = plan_watch(Joined(session, session.core))._look
    assert [look(), look(), look()] == [None, None, None]
