"""`run`, `resume`, `watch` and the picker, up to the moment the dashboard is drawn."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from deploytui.base.mask import DOT, Mask
from deploytui.cli.beginning import describe_go_live, hidden_texts, read_go_live
from deploytui.cli.console import Console
from deploytui.cli.driving import open_to_drive, take
from deploytui.journal.event import Draft, Event
from deploytui.journal.fact import DriverTook, PhasesSetAside
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import open_store
from deploytui.plan.load import load_plan
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import PrometheusSource
from deploytui.session.act import By, Earlier
from deploytui.session.joined import Joined, join
from tests.cli.conftest import NOW, Box


@dataclass
class Shown:
    """What the dashboard would have been handed."""

    name: str
    by: str
    is_driving: bool
    note: str
    is_agreed: bool
    file: Path
    given: dict[str, str]
    events: list[Event]
    go_live: datetime | None
    set_aside: frozenset[str]
    entered: list[str]
    theme: str


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Shown]:
    seen: list[Shown] = []

    def show(
        console: Any,
        joined: Joined,
        by: Any,
        given: Any,
        look: Any,
        file: Path,
        note: str = "",
        *,
        agreed: frozenset[object] = frozenset(),
        gauges: Any = None,
    ) -> int:
        session = joined.session
        state = session.state
        seen.append(
            Shown(
                session.header.session,
                by.name,
                session.is_driving,
                note,
                bool(agreed),
                file,
                dict(given),
                list(session.events),
                session.go_live,
                state.set_aside,
                list(state.entered),
                look.theme.name,
            )
        )
        joined.writer.leave(by)
        return 0

    def ask(console: Any, look: Any, plan: Any, why: str, proposed: str) -> datetime | int:
        """The dialog, typed on the test's own lines: Enter accepts, "esc" leaves."""
        console.say(f"{why}; {proposed}")
        answer = console.ask("T:")
        return 0 if answer == "esc" else read_go_live(plan, answer or proposed, console.clock.now())

    monkeypatch.setattr("deploytui.cli.compose.show", show)

    def ask_earlier(console: Any, look: Any, plan: Any, go_live: Any, phases: Sequence[str]) -> Earlier | int:
        console.say(f"earlier: {', '.join(phases)}")
        answer = console.ask("1, 2 or 3:")
        return (
            0
            if answer == "esc"
            else Earlier(is_shown=answer == "3", elsewhere=answer.removeprefix("2 ") * ("2 " in answer))
        )

    monkeypatch.setattr("deploytui.cli.start_question.ask_go_live", ask)
    monkeypatch.setattr("deploytui.cli.start_question.ask_earlier", ask_earlier)
    return seen


def drive(box: Box, path: Path, name: str = "ANA", **lease: object) -> None:
    """Somebody drives; `lease` changes what is stored of their process."""
    store = open_store(path, writable=True, clock=box.clock)
    store.take_lease(this_process(name), store.lease(), Draft(DriverTook("", ""), by=name))
    store.close()
    db = sqlite3.connect(path)
    for column, value in lease.items():
        db.execute(f"UPDATE lease SET {column} = ?", (value,))
    db.commit()
    db.close()


# -- run -----------------------------------------------------------------------------------------------


def test_run_makes_a_session_named_after_checklist_and_time(box: Box, shown: list[Shown]) -> None:
    found = box.run("run", "ship.yaml", "--go-live", "now+2h", "--as", "ANA", typed="")
    assert found.code == 0, found.err
    assert shown[0].name == "ship-20261124-0005"
    assert (box.state / "ship-20261124-0005.deploytui").is_file()
    assert (shown[0].by, shown[0].is_driving, shown[0].file) == (
        "ANA",
        True,
        box.state / "ship-20261124-0005.deploytui",
    )
    assert [event.kind for event in shown[0].events] == ["session.opened", "phase.entered", "driver.took"]
    assert shown[0].theme == "bridge-dark"


@pytest.mark.parametrize(
    ("words", "typed", "go_live"),
    [
        (["--go-live", "2026-11-24T03:00Z"], "", datetime(2026, 11, 24, 3, 0, tzinfo=UTC)),
        (["--go-live", "now"], "\n", NOW),  # asked about the phase that has just ended
        (["--go-live", "02:00Z"], "\n", datetime(2026, 11, 24, 2, 0, tzinfo=UTC)),
        ([], "\n", datetime(2026, 11, 24, 2, 5, tzinfo=UTC)),
        ([], "now+1h\n", datetime(2026, 11, 24, 1, 5, tzinfo=UTC)),
        (["--go-live", "2026-11-23T03:00Z"], "\n", datetime(2026, 11, 24, 2, 5, tzinfo=UTC)),
        (["--go-live", "23:00Z"], "23:00Z\n\n", datetime(2026, 11, 23, 23, 0, tzinfo=UTC)),
    ],
)
def test_the_go_live_is_asked_for_unless_it_is_certain(
    box: Box, shown: list[Shown], words: list[str], typed: str, go_live: datetime
) -> None:
    found = box.run("run", "ship.yaml", *words, typed=typed)
    assert found.code == 0, found.err
    assert shown[0].go_live == go_live
    assert bool(found.out) == bool(typed)


def test_a_dialog_that_is_left_starts_nothing(box: Box, shown: list[Shown]) -> None:
    found = box.run("run", "ship.yaml", typed="esc\n")
    assert (found.code, shown) == (0, [])
    assert not box.state.exists()


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (NOW, "Tue 24 Nov 2026 00:05 UTC, now"),
        (NOW + timedelta(hours=2), "Tue 24 Nov 2026 02:05 UTC, in 2 h 00"),
        (NOW - timedelta(minutes=65), "Mon 23 Nov 2026 23:00 UTC, 65 min ago"),
        (NOW + timedelta(days=30), "Thu 24 Dec 2026 00:05 UTC, in 30 d"),
    ],
)
def test_a_go_live_is_shown_with_weekday_date_and_distance(box: Box, at: datetime, text: str) -> None:
    assert describe_go_live(load_plan(box.checklist).plan, at, NOW) == text


def test_a_go_live_nobody_can_read_is_exit_2_and_makes_no_session(box: Box, shown: list[Shown]) -> None:
    found = box.run("run", "ship.yaml", "--go-live", "soon", typed="")
    assert found.code == 2
    assert "now+2h" in found.err
    assert not shown
    assert not box.state.exists()


def test_what_has_ended_is_asked_about_once(box: Box, shown: list[Shown]) -> None:
    found = box.run("run", "ship.yaml", "--go-live", "now", "--session", "a", typed="\n")
    assert "earlier: pre" in found.out
    assert (shown[0].set_aside, shown[0].entered) == (frozenset({"pre"}), ["exec"])
    box.run("close", "a", "--outcome", "done")
    box.run("run", "ship.yaml", "--go-live", "now", "--session", "b", typed="2 Kim, CHG-1042\n")
    assert shown[1].set_aside == frozenset({"pre"})
    assert shown[1].events[1].fact == PhasesSetAside(("pre",), "Kim, CHG-1042")
    box.run("close", "b", "--outcome", "done")
    box.run("run", "ship.yaml", "--go-live", "now", "--session", "c", typed="3\n")
    assert (shown[2].set_aside, shown[2].entered) == (frozenset(), ["exec"])
    box.run("close", "c", "--outcome", "done")
    assert box.run("run", "ship.yaml", "--go-live", "now", "--session", "d", typed="esc\n").code == 0
    assert len(shown) == 3
    assert not (box.state / "d.deploytui").exists()


def test_from_answers_without_asking_and_a_window_that_is_not_over_asks_nothing(
    box: Box, shown: list[Shown]
) -> None:
    found = box.run("run", "ship.yaml", "--go-live", "now", "--session", "b", "--from", "pre", typed="")
    assert found.out == ""
    assert (shown[0].set_aside, shown[0].entered) == (frozenset(), ["pre"])
    box.run("close", "b", "--outcome", "done")
    box.run("run", "ship.yaml", "--go-live", "now+2h", "--session", "c", "--from", "execute", typed="")
    assert (shown[1].set_aside, shown[1].entered) == (frozenset({"pre"}), ["exec"])
    box.run("close", "c", "--outcome", "done")
    assert box.run("run", "ship.yaml", "--go-live", "now+1h", "--session", "d", typed="").out == ""
    assert "exec" in box.run("run", "ship.yaml", "--go-live", "now", "--from", "exek", typed="").err


def test_a_checklist_with_a_live_session_asks(box: Box, shown: list[Shown]) -> None:
    box.session("live")
    found = box.run("run", "ship.yaml", "--go-live", "now+2h", typed="9\nx\n\n")
    assert found.code == 0
    assert [one.name for one in shown] == ["live"]
    assert box.run("run", "ship.yaml", "--go-live", "now+2h", typed="3\n").code == 0
    assert len(shown) == 1
    box.run("run", "ship.yaml", "--go-live", "now+2h", typed="2\n")
    assert [one.name for one in shown] == ["live", "ship-20261124-0005"]
    box.run("close", "live", "--outcome", "done")
    box.run("close", "ship-20261124-0005", "--outcome", "done")
    box.run("run", "ship.yaml", "--go-live", "now+2h", typed="")
    assert shown[-1].name == "ship-20261124-0005-2"


def test_another_checklist_does_not_ask(box: Box, shown: list[Shown]) -> None:
    box.session("live")
    other = box.root / "other.yaml"
    other.write_text(box.checklist.read_text())
    box.run("run", "other.yaml", "--go-live", "now+2h", typed="")
    assert shown[0].name == "other-20261124-0005"
    link = box.root / "link.yaml"
    link.symlink_to(box.checklist)
    box.run("run", "link.yaml", typed="\n")
    assert shown[1].name == "live"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--set", "ap_url=x"], "app_url"),
        (["--set", "app_url"], "VAR=VALUE"),
        (["--set-env", "key=NO_SUCH"], "not set in the environment"),
        (["--set-file", "key=/dev/zero"], "a device, not a regular file"),
        (["--theme", "bridge-drak"], "bridge-dark"),
        (["--session", "../x"], "letters"),
        (["--session", ".hidden"], "letters"),
        (["--as", " "], "--as"),
        (["--store", "mysql://x"], "database"),
    ],
)
def test_a_wrong_option_makes_no_session(box: Box, shown: list[Shown], words: list[str], hint: str) -> None:
    box.checklist.write_text(
        box.checklist.read_text() + "variables: {app_url: {ask: base URL}, key: {secret: true, env: KEY}}\n"
    )
    found = box.run("run", "ship.yaml", "--go-live", "now+2h", *words, typed="")
    assert found.code == 2
    assert hint in found.err
    assert not shown
    assert not list(box.root.glob("**/*.deploytui"))


def test_variables_are_kept_for_a_resume_but_no_secret(box: Box, shown: list[Shown]) -> None:
    box.checklist.write_text(
        box.checklist.read_text()
        + "variables: {app_url: {ask: URL}, other_url: {ask: URL}, key: {secret: true, ask: a key}}\n"
    )
    box.run(
        "run", "ship.yaml", "--go-live", "now+2h", "--set", "app_url=http://app:8080/a=b",
        "--set", "key=plain-looking", "--set", "other_url=http://ana:hunter2@db", typed="",
    )  # fmt: skip
    assert shown[0].given["key"] == "plain-looking"
    assert box.run("resume", typed="").code == 0
    assert shown[1].given == {"app_url": "http://app:8080/a=b"}
    box.run("resume", "--set", "app_url=http://other", typed="")
    assert shown[2].given == {"app_url": "http://other"}
    box.env["MY_KEY"] = "hush-hush-hush"
    (box.root / "url").write_text("http://third\n")
    box.run("resume", "--set-env", "key=MY_KEY", "--set-file", "app_url=url", typed="")
    assert shown[3].given == {"app_url": "http://third", "key": "hush-hush-hush"}
    box.run(
        "run", "ship.yaml", "--go-live", "now+2h", "--session", "two", "--set-env", "key=MY_KEY", typed="2\n"
    )
    assert shown[4].given["key"] == "hush-hush-hush"
    whole = b"".join(path.read_bytes() for path in box.state.iterdir())
    assert b"app:8080" in whole
    assert b"plain-looking" not in whole
    assert b"hunter2" not in whole
    assert b"hush-hush" not in whole


# -- without a terminal --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["run", "ship.yaml", "--go-live", "now"], ["resume", "s"], ["watch", "s"]])
def test_no_terminal_is_exit_2_and_names_status(box: Box, shown: list[Shown], words: list[str]) -> None:
    path = box.session("s")
    before = path.read_bytes()
    for term in ("xterm", "dumb"):
        box.env["TERM"] = term
        found = box.run(*words, typed=None if term == "xterm" else "")
        assert found.code == 2
        assert "deploytui status" in found.err
    assert not shown
    assert path.read_bytes() == before
    assert [one.name for one in box.state.iterdir()] == ["s.deploytui"]


def test_the_picker_without_a_terminal_names_what_to_call(box: Box) -> None:
    found = box.run()
    assert found.code == 2
    assert "deploytui sessions" in found.err
    assert "deploytui run" in found.err


@pytest.mark.parametrize("speed", ["1_0", "١٢", "0", "601", "nan", "fast"])
def test_a_speed_that_is_no_number_from_1_to_600_is_refused(box: Box, shown: list[Shown], speed: str) -> None:
    found = box.run("run", "ship.yaml", "--rehearse", "--speed", speed, typed="\n")
    assert (found.code, shown) == (2, [])
    assert f'--speed: found "{speed}", expected a number from 1 to 600' in found.err


# -- the picker ----------------------------------------------------------------------------------------


def test_the_picker_offers_live_sessions_first_and_then_checklists(box: Box, shown: list[Shown]) -> None:
    box.session("closed")
    box.run("close", "closed", "--outcome", "done")
    box.session("live")
    found = box.run(typed="\n")
    assert "1  resume live" in found.out
    assert "closed" not in found.out
    assert "salessync" in found.out
    assert shown[0].name == "live"
    lines = [line.split() for line in found.out.splitlines()]
    number = next(line[0] for line in lines if line[1:3] == ["start", "salessync"])
    assert box.run(typed=f"{number}\n\n\n").code == 0
    assert shown[1].name.startswith("salessync-20261124-0005")
    odd = box.run(typed="00010000\n١\n1_0\n\n")  # the first four digits alone were looked at
    assert (odd.code, odd.out.count("a number from 1 to")) == (0, 3)
    leave = next(line[0] for line in lines if line[1:] == ["leave"])
    assert box.run(typed=f"{int(leave) + 1}\n").code == 0  # there is one more live session now
    assert len(shown) == 3


# -- resume and watch ----------------------------------------------------------------------------------


def test_a_released_session_is_driven_at_once_and_journaled(box: Box, shown: list[Shown]) -> None:
    box.session("s")
    assert box.run("resume", "--as", "BO", typed="").code == 0
    assert (shown[0].is_driving, shown[0].note) == (True, "")
    assert (shown[0].events[-1].kind, shown[0].events[-1].by) == ("driver.took", "BO")


def test_a_dead_driver_is_followed_at_once_with_a_hint(box: Box, shown: list[Shown]) -> None:
    drive(box, box.session("s"), pid_start=1)
    heard = box.clock.now()
    box.clock.advance(600)
    found = box.run("resume", "--as", "BO", typed="")
    assert shown[0].is_driving
    assert f"last heard at {heard:%H:%M}Z" in found.out
    assert "ended without a word" in shown[0].events[-1].fact.reason
    assert "`reset`" in found.out
    assert "ANA" in found.out


@pytest.mark.parametrize("lease", [{}, {"host": "elsewhere"}], ids=["alive", "on another machine"])
def test_a_living_driver_is_followed_unless_it_is_taken_over(
    box: Box, shown: list[Shown], lease: dict[str, object]
) -> None:
    path = box.session("s")
    drive(box, path, **lease)
    before = path.read_bytes()
    found = box.run("resume", "--as", "BO", typed="")
    assert found.code == 0
    assert not shown[0].is_driving
    assert path.read_bytes() == before
    assert box.run("resume", "--take-over", "--as", "BO", typed="").code == 2
    assert box.run("resume", "--take-over", "--reason", " ", "--as", "BO", typed="").code == 2
    assert path.read_bytes() == before
    assert box.run("resume", "--take-over", "--reason", "Ana fell asleep", "--as", "BO", typed="").code == 0
    assert shown[1].is_driving
    assert shown[1].events[-1].fact.reason == "Ana fell asleep"


@pytest.mark.parametrize("was_dead", [False, True])
def test_who_was_faster_is_not_taken_over(box: Box, was_dead: bool) -> None:
    """Between the look at a free lease and the taking of it somebody else takes it."""
    path = box.session("s")
    if was_dead:
        drive(box, path, pid_start=1)
    found = open_to_drive(Console(env=box.env, clock=box.clock), path)
    drive(box, path, "KIM")
    joined = join(load_plan(box.checklist).plan, found.store, box.clock, found.store.events())
    assert take(joined, found, By("BO")) == "somebody else was faster"
    assert not joined.session.is_driving
    holder = found.store.lease().holder
    assert holder is not None
    assert holder.name == "KIM"
    found.store.close()


def test_a_closed_session_is_only_looked_at(box: Box, shown: list[Shown]) -> None:
    box.session("s")
    box.run("close", "s", "--outcome", "done")
    assert box.run("resume", "s", typed="").code == 0
    assert not shown[0].is_driving
    assert "closed" in shown[0].note


def test_watch_never_writes(box: Box, shown: list[Shown]) -> None:
    path = box.session("s")
    before = path.read_bytes()
    assert box.run("watch", typed="").code == 0
    assert (shown[0].is_driving, shown[0].file) == (False, path)
    assert path.read_bytes() == before


def test_a_session_that_may_not_be_written_is_followed(
    box: Box, shown: list[Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    box.session("s")
    monkeypatch.setattr("deploytui.cli.driving.may_write", lambda path: False)
    assert box.run("resume", typed="").code == 0
    assert (shown[0].is_driving, shown[0].note) == (False, "read-only here")
    assert box.run("resume", "--take-over", "--reason", "x", typed="").code == 5


@pytest.mark.parametrize("command", ["resume", "watch"])
def test_what_is_no_session_is_exit_4_even_without_a_terminal(
    box: Box, shown: list[Shown], command: str
) -> None:
    box.state.mkdir(0o700)
    (box.state / "x.deploytui").write_text("no database at all, but long enough to look like something")
    assert box.run(command, "x").code == 4
    assert box.run(command, "nope").code == 2


def test_what_the_plan_lists_and_its_secrets_are_masked(box: Box) -> None:
    box.checklist.write_text(
        box.checklist.read_text()
        + "variables: {url: {ask: URL}, key: {secret: true, env: KEY}, pin: {secret: true, ask: PIN}}\n"
    )
    plan = load_plan(box.checklist).plan
    assert hidden_texts(plan, {"url": "http://x"}, {"KEY": "from-env"}) == ["db-1.internal", "from-env"]
    assert hidden_texts(plan, {"key": "given", "pin": "12"}, {"KEY": "from-env"}) == [
        "db-1.internal",
        "given",
        "from-env",
    ]
    plan = load_plan(box.checklist).plan
    token = GaugeSpec("g", "G", PrometheusSource(token_env="PROM_TOKEN"))
    assert "from-prom" in hidden_texts(replace(plan, gauges=(token,)), {}, {"PROM_TOKEN": "from-prom"})
    key = "-----KEY-----\nMIIEvQIBADAN\n"
    assert Mask(hidden_texts(plan, {"key": key}, {})).text("line 2: MIIEvQIBADAN") == f"line 2: {DOT * 12}"


COMMAND = """
gauges:
  pending: {title: Pending, source: {command: [echo, "3"], read: number}, ok: "= 0"}
"""


def test_only_who_drives_runs_commands_and_only_of_what_was_agreed_to(box: Box, shown: list[Shown]) -> None:
    (box.root / "plans").mkdir()  # trust that stood in the checklist's own folder would not count
    (box.root / "plans" / "ship.yaml").write_text(box.checklist.read_text() + COMMAND)
    words = ("run", "plans/ship.yaml", "--go-live", "2026-11-24T02:00Z", "--as", "ANA")
    asked = box.run(*words, "--session", "no", typed="\n")
    assert "echo 3" in asked.out
    assert not shown[-1].is_agreed
    box.run(*words, "--session", "yes", typed="2\nyes\n")
    assert shown[-1].is_agreed
    for name in ("yes", "no"):
        box.run("resume", name, typed="")
        assert (shown[-1].is_driving, shown[-1].is_agreed) == (True, True)
    box.run("watch", "yes", typed="")
    assert (shown[-1].is_driving, shown[-1].is_agreed) == (False, True)
    drive(box, box.state / "yes.deploytui", "KIM")
    box.run("resume", "yes", "--trust", typed="")
    assert (shown[-1].is_driving, shown[-1].is_agreed) == (False, True)
    box.checklist.write_text(box.checklist.read_text() + COMMAND.replace("echo", "/bin/true"))
    for flags, is_agreed in (((), False), (("--trust",), True)):
        session = f"other-{len(flags)}"
        box.run("run", "ship.yaml", *words[2:], "--session", session, *flags, typed="2\n\n")
        box.run("watch", session, typed="")
        assert (shown[-2].is_agreed, shown[-1].is_agreed) == (is_agreed, False)
