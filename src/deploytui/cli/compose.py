"""The composition root: session, store thread, gauges, theme and app are joined here, and only here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from deploytui.base.errors import Problem, UsageError
from deploytui.base.mask import Mask
from deploytui.base.paths import find_all
from deploytui.cli.console import Console
from deploytui.cli.gauge_source import LiveGauges
from deploytui.cli.plan_watch import plan_watch
from deploytui.cli.shelf import address
from deploytui.cli.trust import Agreed
from deploytui.journal.draft_store import DraftFile, drafts_path
from deploytui.journal.recorder import Recorder
from deploytui.journal.sample_store import SampleFile, samples_path
from deploytui.plan.finding import Finding
from deploytui.plan.load import YAML_SUFFIXES
from deploytui.session.act import By
from deploytui.session.driver_watch import DriverWatch
from deploytui.session.finding import as_finding
from deploytui.session.joined import Joined
from deploytui.session.session import Session
from deploytui.session.viewer import Viewer
from deploytui.session.writer import Writer
from deploytui.ui.app import DashboardApp
from deploytui.ui.color import ColorDepth, Glyphs, choose_glyphs, color_depth
from deploytui.ui.draft import DraftKeeper, Drafts
from deploytui.ui.paint.skin import Skin
from deploytui.ui.service import Gauges, Services
from deploytui.ui.theme import DEFAULT, Theme, load_theme


class Look(Struct, frozen=True):
    """How it is drawn: what the options, the environment and the terminal come to."""

    theme: Theme
    themes: Mapping[str, partial[Theme]]
    glyphs: Glyphs
    depth: ColorDepth


def choose_look(console: Console, theme_name: str | None) -> Look:
    """Read before a session is made, so that a wrong theme makes none."""
    theme = load_theme(theme_name or DEFAULT, console.env, console.cwd)
    names = sorted(find_all("themes", (".yaml", ".yml"), console.env, console.cwd))
    return Look(
        theme,
        {name: partial(load_theme, name, console.env, console.cwd) for name in names},
        choose_glyphs(console.is_ascii, console.env),
        color_depth(console.color, console.env),
    )


def require_terminal(console: Console) -> None:
    """A dashboard needs somewhere to be drawn; a script is told what to call instead."""
    if console.is_terminal:
        return
    found = f"TERM={console.env.get('TERM') or 'not set'}" if console.is_dumb else "no terminal"
    hint = "`deploytui status`, which works without one"
    raise UsageError(Problem(found, "a terminal for the dashboard", hint))


def show(
    console: Console,
    joined: Joined,
    by: By,
    given: Mapping[str, str],
    look: Look,
    file: Path,
    note: str = "",
    *,
    agreed: Agreed = frozenset(),
    gauges: Callable[[Recorder], Gauges] | None = None,
) -> int:
    """The dashboard until somebody leaves it; the exit code. `note` stands beside the driver's name; `gauges` are made
    up in a rehearsal, and the plan's own where they are left out, which take and run what was `agreed` to."""
    session = joined.session
    past = SampleFile(samples_path(file), session.header)
    recorder = Recorder(past, session.clock, console.clock, lambda: session.is_driving)
    lease, mono_s = joined.writer.lease(), console.clock.monotonic_s()
    watch = DriverWatch(lease, mono_s, note)
    session.driver_note = watch.look(lease, mono_s, is_driving=session.is_driving)
    drafts, keeper = Drafts(), None
    if session.header.mode == "live":  # what is half typed is kept where the session can be resumed
        keeper = DraftKeeper(drafts, DraftFile(drafts_path(file), session.header), session, by.name)
    verb = "resume" if by.name else "watch"
    back = f"deploytui {verb} {address(console, file)}"
    services = Services(
        session=session,
        viewer=Viewer(session),
        writer=Writer(joined.writer, console.clock, watch),
        clock=session.clock,
        machine=console.clock,
        by=by,
        skin=Skin(look.theme, look.glyphs, console.mask),
        gauges=(gauges or partial(LiveGauges, console, session, given, agreed))(recorder),
        themes=look.themes,
        plan_file=plan_watch(joined),
        lint=partial(lint_of, session),
        back="" if session.is_driving and session.header.mode != "live" else back,
        drafts=drafts,
        draft_keeper=keeper,
    )
    app = DashboardApp(services, depth=look.depth, glyphs=look.glyphs, env=console.env)
    app.run()
    code = app.return_code or 0
    if not app.is_terminal_gone:
        console.say(farewell(session, f"{verb} with: {back}"), *accepted_lines(session, console.mask))
    return code


def farewell(session: Session, back: str) -> str:
    """What was left, for the shell that comes back: where it stands, and how to come back to it."""
    counts = session.tally.everything()
    name, progress = session.name, f"{counts.done} of {counts.total} done"
    if session.fault:
        return f"left {name} ({progress}), NOT SAVED to its end: {session.fault}"
    if session.state.is_closed:
        return f"closed {name}: {session.state.outcome} ({progress})"
    if session.header.mode != "live":
        return f"REHEARSAL {name} ended ({progress}); nothing of it is live"
    return f"left {name} ({progress}); {back}"


def lint_of(session: Session) -> Sequence[Finding]:
    """What the lint says of the plan as it was opened: a T that has passed since is no finding of tonight."""
    from deploytui.plan.lint import lint

    state = session.state
    index = None if state.inserted else session.index  # a large plan is not looked through twice
    return lint(session.plan, index, state.planned_go_live, state.opened_at)


def accepted_lines(session: Session, mask: Mask) -> list[str]:
    """What was accepted in the session, masked, for whoever keeps the plan; nothing where nothing was."""
    if not (accepted := mask.value(session.state.accepted)):
        return []
    from deploytui.plan.lint import acceptance_lines

    is_yaml = session.header.plan_name.lower().endswith(YAML_SUFFIXES)
    where = "in the plan" if is_yaml else "in the YAML that `deploytui import` makes of the plan"
    lines = [f"accepted in this session; to accept it for good, paste below `accept:` {where}:"]
    for one in accepted:
        lines += acceptance_lines(as_finding(one), one.by, one.why, one.until or None)
    return lines
