"""What a new session starts with: its go-live, the phase it is in and what is set aside. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from deploytui.base.errors import Problem, UsageError
from deploytui.base.mask import LEAST_SECRET, is_named_secret
from deploytui.base.text import clean_block, clean_line, quoted
from deploytui.base.units import left, over
from deploytui.cli.mistake import nearest
from deploytui.plan.model import Plan
from deploytui.plan.schedule import current_phase, ended, parse_go_live, place, zone_of
from deploytui.plan.source import WebSource
from deploytui.session.act import Earlier
from deploytui.session.moment import day

_TIME_ALONE = re.compile(r"\d{1,2}:\d{2}Z?", re.ASCII)
_LEAST_NAMED = 8  # characters of a value that only its name makes a secret


class Beginning(Struct, frozen=True):
    """Where a session begins: the phase that is entered, and the phases that are not in it."""

    phase: str | None
    set_aside: tuple[str, ...]
    elsewhere: str = ""


def hidden_texts(plan: Plan, given: Mapping[str, str], env: Mapping[str, str]) -> list[str]:
    """What this plan wants masked besides the usual: its list, every value that a secret variable of it has or would have
    without `--set`, and its tokens. Each line of a value counts alone too: that is how it may be shown."""
    sources = (gauge.source for gauge in plan.gauges)
    values = [env.get(source.token_env, "") for source in sources if isinstance(source, WebSource)]
    for variable in plan.variables:
        if variable.is_secret:
            values += [given.get(variable.name, ""), variable.value or "", env.get(variable.env or "", "")]
        elif is_named_secret(name := variable.env or "") and len(env.get(name, "")) >= _LEAST_NAMED:
            values.append(env[name])
    secret = [value for value in values if len(value) >= LEAST_SECRET]
    shown = [form(value) for value in secret for form in (clean_block, clean_line)]
    return list(dict.fromkeys((*plan.mask, *shown)))


def read_go_live(plan: Plan, text: str, now: datetime) -> datetime:
    """T from what was typed, to the minute where that is not past. `UsageError` says which forms there are."""
    try:
        at = parse_go_live(text, now, zone_of(plan))
        whole = at.replace(second=0, microsecond=0)
        return whole if whole >= now else at
    except (ValueError, OverflowError) as error:
        raise UsageError(Problem(quoted(text), str(error), key="--go-live")) from None


def is_certain(text: str) -> bool:
    """Whether a T that was typed names its day. A time of day alone is shown before it counts."""
    return not _TIME_ALONE.fullmatch(text.strip())


def describe_go_live(plan: Plan, go_live: datetime, now: datetime) -> str:
    """`Tue 24 Nov 2026 02:00 UTC, in 1 h 55`: with weekday, date and distance, so that a wrong day is seen."""
    at = go_live.astimezone(zone_of(plan))
    seconds = (go_live - now).total_seconds()
    distance = f"in {left(seconds)}" if seconds >= 60 else "now" if seconds > -60 else f"{over(-seconds)} ago"
    return f"{day(at)} {at.year} {at:%H:%M} {at.tzname()}, {distance}"


def earlier_phases(plan: Plan, go_live: datetime | None, now: datetime) -> tuple[str, ...]:
    """The phases that were over before now. Where all are, somebody looks back, and none is earlier."""
    over_by_now = ended(plan, place(plan, go_live), now)
    return over_by_now if len(over_by_now) < len(plan.phases()) else ()


def begin(
    plan: Plan, go_live: datetime | None, now: datetime, wanted: str | None, earlier: Earlier | None = None
) -> Beginning:
    """The phase to start in, and what came before it: set aside, unless it was asked for."""
    phases = [phase.id for _, phase in plan.phases()]
    if wanted is not None:
        first = phase_named(plan, wanted)
        return Beginning(first, tuple(phases[: phases.index(first)]))
    earlier = earlier or Earlier()
    aside = () if earlier.is_shown else earlier_phases(plan, go_live, now)
    rest = {phase: span for phase, span in place(plan, go_live).items() if phase not in aside}
    first_one = current_phase(plan, rest, now, lambda phase: phase not in aside)
    return Beginning(first_one, aside, earlier.elsewhere)


def phase_named(plan: Plan, wanted: str) -> str:
    """A phase by its id, or by its title whatever its case."""
    phases = [phase for _, phase in plan.phases()]
    for phase in phases:
        if wanted == phase.id or wanted.casefold() == phase.title.casefold():
            return phase.id
    ids = [phase.id for phase in phases]
    hint = nearest(wanted, ids) or ", ".join(ids) or "a checklist with phases"
    raise UsageError(Problem(f"no phase {quoted(wanted)}", try_=hint, key="--from"))
