"""`deploytui doctor`: what works here and what does not. The last line says it all."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from deploytui import __version__
from deploytui.base.errors import DeploytuiError
from deploytui.base.text import clean_line
from deploytui.base.units import iso
from deploytui.cli import completion
from deploytui.cli.console import Console
from deploytui.cli.option import Command, setting_options, store_option, unmask_option
from deploytui.cli.shelf import shelf_of

if TYPE_CHECKING:
    from deploytui.cli.setting import Settings
    from deploytui.metrics.board import Reading

_LIBRARIES = ("textual", "psutil", "pyyaml", "msgspec", "immutables")
_SLOW_MS = 100
_DIFFERENCES = ("cpu", "network")  # of two looks: one look says nothing about them


class Found(Struct, frozen=True):
    """One line of what is told; `exception` "" is fine."""

    label: str
    text: str
    exception: str = ""


@click.command("doctor", cls=Command)
@click.argument(
    "checklist",
    required=False,
    shell_complete=completion.checklists,
    help="also check this one, and ask its gauges",
)
@unmask_option
@setting_options
@store_option
@click.pass_obj
def command(
    console: Console, /, checklist: str | None, store: str | None, **settings: tuple[str, ...]
) -> int:
    """What works here and what does not."""
    exceptions: list[str] = []
    for found in _examine(console, shelf_of(console, store).folder, checklist, settings):
        console.say(f"{found.label:<12}{found.text}")
        if found.exception:
            exceptions.append(found.exception)
    console.say(f"ready, except: {'; '.join(exceptions)}" if exceptions else "ready")
    return 0


def _examine(console: Console, folder: Path, text: str | None, settings: Settings) -> Iterator[Found]:
    """Everything, in the order in which it is told; the checklist only where there is one."""
    yield from versions()
    yield terminal(console)
    yield size(console)
    yield colors(console)
    yield signs(console)
    yield clock(console)
    yield sqlite()
    yield disk(console, folder)
    if text is not None:
        yield from plan(console, text, settings)


def versions() -> Iterator[Found]:
    """The program, and what it stands on."""
    from importlib.metadata import PackageNotFoundError, version

    yield Found("deploytui", f"{__version__}, Python {platform.python_version()}, {platform.system()}")
    found, missing = [], []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    yield Found("libraries", ", ".join(found), f"{', '.join(missing)} not installed" if missing else "")


def terminal(console: Console) -> Found:
    """Whether the dashboard has somewhere to be drawn."""
    name = clean_line(console.env.get("TERM", "")) or "not set"
    if console.is_terminal:
        return Found("terminal", f"TERM {name}")
    why = f"TERM is {name}" if console.is_dumb else "no terminal here"
    return Found("terminal", why, f"{why}, so no dashboard: `status`, `tick` and `note` work")


def size(console: Console) -> Found:
    """The window's size, where there is a window."""
    try:
        columns, lines = os.get_terminal_size(console.stdout.fileno())
    except (OSError, ValueError):
        return Found("size", "unknown")
    why = ""
    if columns < 40 or lines < 12:
        why = "is too small, 40x12 is the least"
    elif columns < 80 or lines < 24:
        why = "shows one pane at a time, 80x24 shows all"
    text = f"{columns}x{lines}"
    return Found("size", text, why and f"{text} {why}")


def colors(console: Console) -> Found:
    """How many colors the dashboard would use."""
    try:
        from deploytui.ui.color import color_depth
    except ImportError as error:
        return Found("colors", "unknown", f"the screen's library cannot be loaded ({clean_line(str(error))})")
    return Found("colors", color_depth(console.color, console.env).value)


def signs(console: Console) -> Found:
    """Which characters are drawn with."""
    encoding = clean_line(getattr(console.stdout, "encoding", None) or "unknown")
    return Found("signs", f"{'ASCII only' if console.is_ascii else 'Unicode'}, encoding {encoding}")


def clock(console: Console) -> Found:
    """The clock, the local zone, and whether zones are known here."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    now = console.clock.now()
    zone = now.astimezone(console.clock.local_zone())
    text, exception = f"{iso(now)}, local zone {clean_line(zone.tzname() or '')} {zone:%z}", ""
    try:
        ZoneInfo("Europe/Berlin")
    except (ZoneInfoNotFoundError, OSError):
        exception = "no zone data: install tzdata"
    return Found("clock", text, exception)


def sqlite() -> Found:
    """The library that keeps sessions."""
    from deploytui.journal.connection import sqlite_version
    from deploytui.journal.schema import MIN_SQLITE

    found = sqlite_version()
    text, least = (".".join(map(str, version)) for version in (found, MIN_SQLITE))
    return Found("sqlite", text, f"SQLite {text} is older than {least}" if found < MIN_SQLITE else "")


def disk(console: Console, folder: Path) -> Found:
    """Whether a session could be kept there: by writing a file and waiting until the disk has it."""
    from tempfile import NamedTemporaryFile

    from deploytui.journal import place
    from deploytui.journal.lock_trial import Locks, LockTrial

    name = clean_line(str(folder))
    try:
        place.make_folder(folder)
        place.check_folder(folder)
        place.check_disk(folder, allow_network_fs=console.allow_network_fs)
        begun_s = console.clock.monotonic_s()
        with NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"deploytui\n" * 400)
            file.flush()
            os.fsync(file.fileno())
        took_ms = (console.clock.monotonic_s() - begun_s) * 1000
        locks = LockTrial(folder).found()
    except DeploytuiError as error:
        return Found("store", name, f"sessions cannot be kept: {error.problems[0]}")
    except OSError as error:
        return Found("store", name, f"sessions cannot be kept in {name}: {clean_line(error.strerror or '')}")
    if locks is Locks.BROKEN:
        return Found("store", name, f"locks do not hold between two programs in {name}: do not drive there")
    said = "locks hold" if locks is Locks.HOLD else "locks could not be tried"
    text = f"{name}, {said}, a write reached the disk in {took_ms:.1f} ms"
    return Found("store", text, f"the disk took {took_ms:.0f} ms for one write" if took_ms > _SLOW_MS else "")


def plan(console: Console, text: str, settings: Settings) -> Iterator[Found]:
    """Whether this checklist can be run tonight, and every gauge once. Raises what `check` would raise."""
    from deploytui.cli.beginning import hidden_texts
    from deploytui.cli.checklist import load_linted
    from deploytui.cli.gauge_source import read_once
    from deploytui.cli.setting import given_variables

    loaded = load_linted(console, text)
    given = given_variables(console, loaded.plan.variables, settings)
    console.hide(hidden_texts(loaded.plan, given, console.env))
    count = sum(one.is_open for one in loaded.findings)
    exception = f"{count} open finding{'s' if count != 1 else ''}, see `deploytui check`" if count else ""
    yield Found("checklist", f"{loaded.plan.title}, {len(loaded.plan.phases())} phases", exception)
    readings = read_once(loaded.plan, given, console, loaded.path or console.cwd, loaded.source)
    late = {spec.id for spec in loaded.plan.gauges if spec.source.measure in _DIFFERENCES}
    yield from gauges([one for one in readings if one.id not in late])


def gauges(readings: Sequence[Reading]) -> Iterator[Found]:
    """What each gauge said; those that said nothing are one exception for each reason."""
    silent: dict[str, list[str]] = {}
    for reading in readings:
        if reading.value is None:
            silent.setdefault(reading.why, []).append(reading.title)
        yield Found("gauge", f"{reading.title}: {'no data, ' if reading.value is None else ''}{reading.why}")
    for why, titles in silent.items():
        yield Found("no data", ", ".join(titles), f"{', '.join(titles)}: {why}")
