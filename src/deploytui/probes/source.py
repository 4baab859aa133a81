"""From a plan's gauges to probes, or to the reason why a gauge is not read."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, assert_never

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.base.small_file import Unreadable, read_small
from deploytui.base.text import clean_line
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import (
    CommandSource,
    GaugeSource,
    HostSource,
    HttpSource,
    PrometheusSource,
    ScriptedSource,
    TcpSource,
    TlsSource,
    WebSource,
)
from deploytui.probes import prometheus
from deploytui.probes.answer import told_by
from deploytui.probes.aside import within
from deploytui.probes.command import CommandProbe
from deploytui.probes.demand import Demand, command_line, demands_of, token_path
from deploytui.probes.host import HostProbe, MountProbe
from deploytui.probes.http import HttpProbe, Judge, Page, further_hosts
from deploytui.probes.port import TcpProbe, TlsProbe
from deploytui.probes.probe import Probe
from deploytui.probes.scripted import ScriptedProbe
from deploytui.probes.variable import Address, Secret, Unset, Variables, address, endpoint, token
from deploytui.probes.web import Web

UNTRUSTED = "not trusted yet (--trust)"


class Sources(NamedTuple):
    """The probes to run; by gauge id why it has none, or the address it asks, fit to be shown."""

    probes: tuple[Probe, ...]
    unread: Mapping[str, str]
    shown: Mapping[str, str]


def open_sources(
    gauges: Iterable[GaugeSpec],
    variables: Variables,
    clock: Clock,
    this_host: str,
    web: Web | None = None,
    *,
    agreed: Collection[Demand] = (),
    folder: Path | None = None,
    may_run: Callable[[], bool] = lambda: True,
) -> Sources:
    """Nothing is loaded or asked yet. `this_host` is the name of the machine that host gauges measure. What a gauge
    takes or runs must stand in `agreed`, word for word; commands run in `folder`, and each time only if `may_run`."""
    opened = _Opening(
        variables, clock, this_host, web or Web(), frozenset(agreed), folder or Path.cwd(), may_run
    )
    for spec in gauges:
        try:
            opened.add(spec)
        except Unset as reason:
            opened.unread[spec.id] = str(reason)
    return opened.sources()


class _Opening(Struct):
    """Gauges on their way to probes; those that one question answers come together."""

    variables: Variables
    clock: Clock
    this_host: str
    web: Web
    agreed: frozenset[Demand]
    folder: Path
    may_run: Callable[[], bool]
    unread: dict[str, str] = {}
    shown: dict[str, str] = {}
    rounds: dict[int, list[GaugeSpec]] = {}
    pages: dict[tuple[Page, int, int], list[tuple[GaugeSpec, Judge]]] = {}
    singles: list[Probe] = []

    def add(self, spec: GaugeSpec) -> None:
        """Raises Unset with the reason why the gauge cannot be read."""
        source, fill = spec.source, self.variables.fill
        if isinstance(source, WebSource) and source.token_env:
            self.variables.token(source.token_env)  # one that is not set is the first thing to mend
        if not self.agreed.issuperset(demands_of(spec, self.variables, self.folder)):
            raise Unset(UNTRUSTED)
        match source:
            case HostSource():
                self._check_host(spec)
                if source.measure == "disk" and source.path:
                    self.singles.append(MountProbe(spec, source.path, self.clock))
                else:
                    self.rounds.setdefault(spec.every_s, []).append(spec)
            case HttpSource():
                self._page(spec, source, address(fill(source.address)), partial(told_by, source, spec.unit))
            case PrometheusSource():
                place = address(prometheus.query_url(fill(source.address), fill(source.query)))
                self._page(spec, source, place, prometheus.told_by)
            case TcpSource() | TlsSource():
                port = endpoint(fill(source.address))
                self.shown[spec.id] = port.shown
                kind = TcpProbe if isinstance(source, TcpSource) else TlsProbe
                self.singles.append(kind(spec, port, self.web, self.clock))
            case ScriptedSource():
                self.singles.append(ScriptedProbe(spec, source.values, self.clock))
            case GaugeSource():
                pass  # the probe of the gauge that it looks at answers for it
            case CommandSource():
                line = command_line(source, self.variables, self.folder)
                self.shown[spec.id] = clean_line(shlex.join(line.argv))
                environ = {**self.variables.environ, **line.environment}
                where = line.demand.program, line.demand.folder
                self.singles.append(CommandProbe(spec, line.argv, self.clock, self.may_run, *where, environ))
            case _:
                assert_never(source)

    def _check_host(self, spec: GaugeSpec) -> None:
        name = self.this_host.lower()
        if spec.host and spec.host.lower() not in (name, name.partition(".")[0]):
            raise Unset(f"this is {clean_line(self.this_host)}, not {spec.host}")

    def _page(self, spec: GaugeSpec, source: WebSource, place: Address, judge: Judge) -> None:
        proxy = address(self.variables.fill(source.proxy)) if source.proxy else None
        page = Page(place, self._token(source, spec.timeout_s), further_hosts(source), proxy)
        self.shown[spec.id] = place.shown
        self.pages.setdefault((page, spec.every_s, spec.timeout_s), []).append((spec, judge))

    def _token(self, source: WebSource, timeout_s: float) -> Secret | None:
        if not source.token_file:
            return self.variables.token(source.token_env)
        place = f"the token file {source.token_file}"
        path = token_path(source.token_file, timeout_s, self.folder)
        try:
            text = within(timeout_s, partial(read_small, path)).decode("ascii", "replace")
        except Unreadable as why:
            raise Unset(f"{place} {why}") from None
        except TimeoutError:
            raise Unset(f"{place} did not answer within {timeout_s} s") from None
        return token(text, place)

    def sources(self) -> Sources:
        rounds = [HostProbe(specs, self.clock) for specs in self.rounds.values()]
        pages = [HttpProbe(judged, page, self.web, self.clock) for (page, *_), judged in self.pages.items()]
        return Sources((*rounds, *pages, *self.singles), self.unread, self.shown)
