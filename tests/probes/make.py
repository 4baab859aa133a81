"""Gauges and probes for tests of the probes room, in one line each."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from deploytui.base.clock import SystemClock
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import HostSource, HttpSource
from deploytui.probes.answer import told_by
from deploytui.probes.demand import demands
from deploytui.probes.http import HttpProbe, Page
from deploytui.probes.probe import Told
from deploytui.probes.source import Sources, open_sources
from deploytui.probes.variable import Variables, address
from deploytui.probes.web import Resolver, Web

SHORT_S = 0.2  # for what hangs
PATIENT_S = 10  # for what answers, also on a busy machine


def web_gauge(
    measure: str,
    url: str = "",
    *,
    name: str = "",
    path: str = "",
    unit: str = "",
    every_s: float = 5,
    timeout_s: float = PATIENT_S,
) -> GaugeSpec:
    source = HttpSource(url, measure, path=path)
    return GaugeSpec(name or measure, measure, source, unit=unit, every_s=every_s, timeout_s=timeout_s)  # type: ignore[arg-type]


def host_gauge(part: str, *, unit: str = "%", every_s: int = 1, path: str = "", host: str = "") -> GaugeSpec:
    return GaugeSpec(part, part, HostSource(part, path=path), unit=unit, every_s=every_s, host=host)


def web_probe(
    url: str,
    *specs: GaugeSpec,
    resolver: Resolver | None = None,
    tls: ssl.SSLContext | None = None,
    timeout_s: float = PATIENT_S,
    proxy: str = "",
) -> HttpProbe:
    """A probe of `url`; of all simple measures where no gauge is given."""
    measures = ("up", "status", "latency", "error_rate")
    chosen = specs or tuple(web_gauge(measure, unit="ms", timeout_s=timeout_s) for measure in measures)
    where = address(Variables((), {}, {}).fill(url))
    through = address(Variables((), {}, {}).fill(proxy)) if proxy else None
    judged = [
        (spec, partial(told_by, spec.source, spec.unit))
        for spec in chosen
        if isinstance(spec.source, HttpSource)
    ]
    web = Web(resolver, lambda: tls) if tls is not None else Web(resolver)
    return HttpProbe(judged, Page(where, proxy=through), web, SystemClock())


def open_agreed(gauges: Sequence[GaugeSpec], variables: Variables, host: str = "box") -> Sources:
    """The probes of these gauges, as if somebody had agreed to all that they take and run."""
    agreed = demands(gauges, variables, Path.cwd())
    return open_sources(gauges, variables, SystemClock(), host, agreed=agreed)


async def answers(probe: HttpProbe) -> Mapping[str, Told]:
    return await probe.sample()


# Says its number, and is nobody's child, in a session of its own, holding nothing of whoever started it.
ESCAPED = """
import os, signal, time
os.fork() and os._exit(0)
os.setsid()
os.fork() and os._exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), flush=True)
os.close(1)
time.sleep(300)
"""
