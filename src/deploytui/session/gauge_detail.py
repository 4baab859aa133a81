"""Everything known of one gauge: now, before, what it is compared with, what it asks and what came back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from msgspec import Struct

from deploytui.base.units import clock_z, left, number, over
from deploytui.journal.state import Baseline
from deploytui.metrics.baseline import FEW_SAMPLES
from deploytui.metrics.board import Asked, Reading
from deploytui.metrics.history import TIERS, Cell, History, Tier
from deploytui.plan.model import GaugeSpec
from deploytui.session.label import level_word
from deploytui.session.moment import near
from deploytui.session.session import Session
from deploytui.session.view import DetailView

_MOST_GAPS = 4


class GaugePage(Struct, frozen=True):
    """`now` is the gauge as it stands, `tiers` those of its past that say more than the shorter ones, each with a
    word on it, `asked` its question and the raw answer."""

    reading: Reading | None
    now: DetailView
    tiers: tuple[tuple[Tier, str], ...]
    asked: DetailView


def gauge_page(session: Session, gauge: str, history: History, asked: Asked, now: datetime) -> GaugePage:
    """The page as it is at this moment."""
    spec, reading = session.index.gauges[gauge], session.board.reading(gauge)
    lines = [*_level(reading, session, gauge, now), *_limits(spec), *_baseline(session, spec, now)]
    # What this gauge decides.
    resting = [("trigger", trigger) for trigger in session.plan.rollback.triggers]
    resting += [("item", placed.item) for placed in session.index.items]
    lines += [(kind, item.text) for kind, item in resting if item.when and item.when.gauge == gauge]
    pace = f"every {left(spec.every_s)}, for at most {left(spec.timeout_s)}"
    asked_lines = (("asks", asked.question), ("", pace), ("answer", asked.answer or "none that is a text"))
    tiers = tuple(_tiers(history, gauge, spec, now))
    return GaugePage(reading, DetailView(spec.title, tuple(lines)), tiers, DetailView("", asked_lines))


def _level(reading: Reading | None, session: Session, gauge: str, now: datetime) -> list[tuple[str, str]]:
    if reading is None:
        return [("level", "no data: nothing measures it yet")]
    lines = []
    if reading.value is not None:
        counts = f" ({reading.hits} of {reading.total})" if reading.hits is not None else ""
        lines.append(("value", _amount(reading.value, reading.unit) + counts))
    level = f"{level_word(reading.level.value)} for {left(reading.in_level_s)}"
    if (acked := session.state.acked.get(f"gauge {gauge}")) is not None:
        level += f", last acknowledged {near(acked, now)}"
    lines += [("level", level), ("why", reading.why)]
    if reading.age_s is not None:
        lines.append(("age", over(reading.age_s)))
    return lines


def _limits(spec: GaugeSpec) -> list[tuple[str, str]]:
    lines = []
    for name, band in (("ok", spec.ok), ("breach", spec.breach)):
        if band is None:
            continue
        text = f"{band.limit.op} {band.limit.value:.12g} {spec.unit}".rstrip()
        text += f" for {left(band.for_s)}" if band.for_s else ""
        text += f", {band.times} in a row" if band.times > 1 else ""
        text += f", of {band.samples} or more" if band.samples else ""
        lines.append((name, text))
    return [*lines, ("target", spec.target)] if spec.target else lines


def _baseline(session: Session, spec: GaugeSpec, now: datetime) -> list[tuple[str, str]]:
    measured = (spec.is_relative and spec.looks_at) or spec.id
    found = session.state.baselines.get(measured)
    if found is None:
        return [("baseline", "not captured (B)")] if spec.is_relative else []
    unit = session.index.gauges.get(measured, spec).unit
    return [("baseline", baseline_text(found, unit, now))]


def baseline_text(found: Baseline, unit: str, now: datetime) -> str:
    """`212 ms, the middle half of 40 samples within 8 ms, 01:40Z by ANA`."""
    few = "only " if found.samples < FEW_SAMPLES else ""
    text = f"{_amount(found.value, unit)}, the middle half of {few}{found.samples} samples within "
    text += f"{_amount(found.spread, unit)}, {near(found.at, now)}" + (f" by {found.by}" if found.by else "")
    if (first := found.first) is not None:
        text += f"; it replaced {_amount(first.value, unit)} of {near(first.at, now)}: {found.reason}"
    return text


def _amount(value: float, unit: str) -> str:
    return f"{number(value)} {unit}".rstrip()


def _tiers(history: History, gauge: str, spec: GaugeSpec, now: datetime) -> list[tuple[Tier, str]]:
    found: list[tuple[Tier, str]] = []
    before_s = 0.0
    for tier in TIERS:
        cells = history.trace(gauge, tier, now, tier.shown_s // tier.step_s)
        first = next((place for place, cell in enumerate(cells) if cell is not None), len(cells))
        known_s = float((len(cells) - first) * tier.step_s)
        if not found or known_s > before_s + tier.step_s:
            found.append((tier, _words(cells, tier, spec, now)))
        before_s = max(before_s, known_s)
    return found


def _words(cells: Sequence[Cell | None], tier: Tier, spec: GaugeSpec, now: datetime) -> str:
    """`198 to 640 ms; not measured 03:58-04:01Z`."""
    lows = [cell.low for cell in cells if cell is not None and cell.low is not None]
    highs = [cell.high for cell in cells if cell is not None and cell.high is not None]
    if not lows:
        return "no value"
    text = f"{number(min(lows))} to {number(max(highs))} {spec.unit}".rstrip()
    if gaps := _gaps(cells, tier, now):
        shown = ", ".join(f"{clock_z(start)[:-1]}-{clock_z(end)}" for start, end in gaps[-_MOST_GAPS:])
        before = f" and {len(gaps) - _MOST_GAPS} times before" if len(gaps) > _MOST_GAPS else ""
        text += f"; not measured {shown}{before}"
    return text


def _gaps(cells: Sequence[Cell | None], tier: Tier, now: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches without any answer between the first known moment and the last one."""
    first = int(now.timestamp()) // tier.step_s - len(cells) + 1
    known = [first + place for place, cell in enumerate(cells) if cell is not None]
    return [(_at(before + 1, tier, now), _at(after, tier, now)) for before, after in pairwise(known)
            if after > before + 1]  # fmt: skip


def _at(step: int, tier: Tier, now: datetime) -> datetime:
    return datetime.fromtimestamp(step * tier.step_s, now.tzinfo)
