"""`deploytui run`: a new session of a checklist, and its dashboard."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deploytui.base.text import clean_line
from deploytui.cli.console import Console

if TYPE_CHECKING:
    from deploytui.cli.compose import Look
    from deploytui.cli.shelf import Shelf
    from deploytui.plan.load import Loaded
    from deploytui.plan.model import Plan
    from deploytui.session.act import Earlier

PROPOSED = "now+2h"


def run(console: Console, args: Namespace) -> int:
    from deploytui.cli.checklist import find_checklist

    return start(console, args, find_checklist(console, args.checklist))


def start(console: Console, args: Namespace, path: Path) -> int:
    """Begin a session of the checklist at `path`, or resume the one it has."""
    from deploytui.cli.beginning import begin, hidden_texts
    from deploytui.cli.checklist import assumptions, require_items
    from deploytui.cli.creation import New, begin_trial, create_session
    from deploytui.cli.person import acting
    from deploytui.cli.setting import given_variables
    from deploytui.cli.shelf import shelf_of
    from deploytui.cli.trust import settle_trust, wanted
    from deploytui.plan.load import load_plan

    loaded = load_plan(path)
    require_items(loaded)
    shelf = shelf_of(console, args.store)
    trial = None if args.rehearse else begin_trial(console, shelf.folder, args)
    from deploytui.cli.compose import choose_look, recorder_of, require_terminal, show

    require_terminal(console)
    given = given_variables(console, loaded.plan.variables, args)
    console.hide(hidden_texts(loaded.plan, given, console.env))
    console.say(*assumptions(loaded))
    look = choose_look(console, args)
    _check_options(console, args, loaded.plan)
    if args.rehearse:
        return _rehearse(console, args, loaded, path, look)
    if (live := _live_one(console, args, shelf, path)) is not None:
        return live
    by = acting(console, args.as_)
    agreed = settle_trust(
        console, wanted(console, path, loaded.source, loaded.plan, given), flag=bool(args.trust)
    )
    go_live = _go_live(console, args, loaded.plan, look)
    if isinstance(go_live, int):
        return go_live
    earlier = _earlier(console, args, loaded.plan, go_live, look)
    if isinstance(earlier, int):
        return earlier
    beginning = begin(loaded.plan, go_live, console.clock.now(), args.from_, earlier)
    new = New(loaded, path, by, go_live, beginning, given, console.clock)
    session, store = create_session(shelf, new, args, trial)
    del new, loaded  # the file's text is in the session now, and need not be held all night
    try:
        recorder = recorder_of(console, session, store.path)
        return show(console, session, by, given, look, recorder, store.path, agreed=agreed)
    finally:
        store.close()


def _rehearse(console: Console, args: Namespace, loaded: Loaded, path: Path, look: Look) -> int:
    """The same plan on an accelerated clock, in a folder of its own, from where a real night would begin."""
    from deploytui.base.clock import AcceleratedClock
    from deploytui.cli.beginning import begin, read_go_live
    from deploytui.cli.compose import recorder_of, show
    from deploytui.cli.creation import New, create_session
    from deploytui.cli.person import acting
    from deploytui.cli.rehearsal import FOLDER, MODE, RehearsalGauges, read_speed, rehearsal_go_live
    from deploytui.cli.shelf import Shelf, address, shelf_of
    from deploytui.journal.state import Pace

    by, now = acting(console, args.as_), console.clock.now()
    clock = AcceleratedClock(console.clock, now, read_speed(args.speed))
    wanted = args.go_live
    go_live = (
        rehearsal_go_live(loaded.plan, now) if wanted is None else read_go_live(loaded.plan, wanted, now)
    )
    shelf = Shelf(shelf_of(console, args.store).folder / FOLDER)
    pace = Pace(clock.now(), console.clock.now(), clock.speed)
    new = New(
        loaded,
        path,
        by,
        go_live,
        begin(loaded.plan, go_live, now, args.from_),
        {},
        clock,
        MODE,
        pace,
    )
    session, store = create_session(shelf, new, args)
    try:
        recorder = recorder_of(console, session, store.path)
        gauges = RehearsalGauges(loaded.plan, args.scenario or "good", go_live, clock, recorder)
        code = show(console, session, by, {}, look, recorder, store.path, gauges=gauges)
    finally:
        store.close()
    console.say(f"its report: deploytui report {address(console, store.path)}")
    return code


def _check_options(console: Console, args: Namespace, plan: Plan) -> None:
    """What is wrong with the options is said before anything is asked."""
    from deploytui.cli.beginning import phase_named, read_go_live
    from deploytui.cli.shelf import checked_name

    if args.session is not None:
        checked_name(args.session)
    if args.from_ is not None:
        phase_named(plan, args.from_)
    if args.go_live is not None:
        read_go_live(plan, args.go_live, console.clock.now())


def _live_one(console: Console, args: Namespace, shelf: Shelf, path: Path) -> int | None:
    """Two sessions of one checklist at once are nearly always a mistake: ask. None: start another."""
    from deploytui.cli.command.resume import resume
    from deploytui.cli.question import choose
    from deploytui.cli.shelf import live_sessions, name_of

    live = live_sessions(console, shelf, path.resolve())
    if not live:
        return None
    names = [name_of(one) for one in live]
    question = f"{clean_line(path.name)} has a live session already." if len(live) == 1 else (
        f"{clean_line(path.name)} has {len(live)} live sessions already.")  # fmt: skip
    chosen = choose(console, question, [*(f"resume {name}" for name in names), "start another", "leave"])
    if chosen < len(live):
        return resume(console, Namespace(**{**vars(args), "take_over": False, "reason": None}), live[chosen])
    return None if chosen == len(live) else 0


def _earlier(
    console: Console, args: Namespace, plan: Plan, go_live: datetime | None, look: Look
) -> Earlier | int | None:
    """Phases that are over are asked about once; `--from` has said it already."""
    from deploytui.cli.beginning import earlier_phases

    if args.from_ is not None or not (phases := earlier_phases(plan, go_live, console.clock.now())):
        return None
    from deploytui.cli.start_question import ask_earlier

    return ask_earlier(console, look, plan, go_live, phases)


def _go_live(console: Console, args: Namespace, plan: Plan, look: Look) -> datetime | int:
    """T as it was given, or as it was agreed: one that is missing, past, or only a time of day is shown first."""
    from deploytui.cli.beginning import describe_go_live, is_certain, read_go_live
    from deploytui.cli.start_question import ask_go_live

    now = console.clock.now()
    at = read_go_live(plan, args.go_live, now) if args.go_live is not None else plan.go_live
    if at is None:
        return ask_go_live(console, look, plan, "no go-live is given", PROPOSED)
    if at < now:
        return ask_go_live(console, look, plan, f"it was {describe_go_live(plan, at, now)}", PROPOSED)
    if is_certain(args.go_live):
        return at
    return ask_go_live(console, look, plan, f"{clean_line(args.go_live)} has no date", args.go_live)
