"""From a plan's gauges to probes, or to the reason why a gauge is not read."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, assert_never

from msgspec import Struct, field

from deploytui.base.clock import Clock
from deploytui.base.small_file import Unreadable, read_small
from deploytui.base.text import clean_line
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import (
    CommandSource,
    GaugeSource,
    HostSource,
    HttpSource,
    PortSource,
    PrometheusSource,
    ScriptedSource,
    TcpSource,
    TlsSource,
    WebSource,
)
from deploytui.probes import prometheus
from deploytui.probes.answer import sample_of
from deploytui.probes.aside import within
from deploytui.probes.command import CommandProbe
from deploytui.probes.demand import Demand, command_line, demands_of, token_path
from deploytui.probes.host import HostProbe
from deploytui.probes.http import HttpProbe, Judge
from deploytui.probes.mount import MountProbe
from deploytui.probes.probe import Probe
from deploytui.probes.prometheus import query_url
from deploytui.probes.redirect import Redirects
from deploytui.probes.scripted import ScriptedProbe
from deploytui.probes.tcp import TcpProbe
from deploytui.probes.tls import Contexts, TlsProbe
from deploytui.probes.variable import Address, Endpoint, Secret, Unset, Variables, address, endpoint, token
from deploytui.probes.web import Web

UNTRUSTED = "not trusted yet (--trust)"


class Sources(NamedTuple):
    """The probes to run; by gauge id why it has none, or the address it asks, fit to be shown."""

    probes: tuple[Probe, ...]
    unread: Mapping[str, str]
    shown: Mapping[str, str]


class _WebKey(NamedTuple):
    """Gauges that agree in all of this are answered by one request."""

    address: Address
    token: Secret | None
    every_s: int
    timeout_s: int
    redirects: Redirects
    proxy: Address | None


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
    rounds: dict[tuple[int, str], list[GaugeSpec]] = {}
    pages: dict[_WebKey, list[tuple[GaugeSpec, Judge]]] = {}
    singles: list[Probe] = []
    contexts: Contexts = field(default_factory=Contexts)

    def add(self, spec: GaugeSpec) -> None:
        """Raises Unset with the reason why the gauge cannot be read."""
        source, fill = spec.source, self.variables.fill
        if isinstance(source, WebSource) and source.token_env:
            self.variables.token(source.token_env)  # one that is not set is the first thing to mend
        if not self.agreed.issuperset(demands_of(spec, self.variables, self.folder)):
            raise Unset(UNTRUSTED)
        match source:
            case HostSource():
                _check_host(spec, self.this_host)
                mount = source.path if source.measure == "disk" else ""
                self.rounds.setdefault((spec.every_s, mount), []).append(spec)
            case HttpSource():
                self._page(spec, source, address(fill(source.address)), partial(sample_of, source, spec.unit))
            case PrometheusSource():
                place = address(query_url(fill(source.address), fill(source.query)))
                self._page(spec, source, place, prometheus.sample_of)
            case TcpSource():
                port = self._port(spec, source)
                self.singles.append(TcpProbe(spec, port, self.web.resolver, self.clock))
            case TlsSource():
                port = self._port(spec, source)
                self.singles.append(TlsProbe(spec, port, self.web.resolver, self.contexts, self.clock))
            case ScriptedSource():
                self.singles.append(ScriptedProbe(spec, source.values, self.clock))
            case GaugeSource():
                pass  # the probe of the gauge that it looks at answers for it
            case CommandSource():
                line = command_line(source, self.variables, self.folder)
                self.shown[spec.id] = clean_line(shlex.join(line.argv))
                self.singles.append(
                    CommandProbe(
                        spec,
                        line.argv,
                        self.clock,
                        self.may_run,
                        read=source.read,
                        program=line.demand.program,
                        folder=line.demand.folder,
                        environ={**self.variables.environ, **line.environment},
                    )
                )
            case _:
                assert_never(source)

    def _port(self, spec: GaugeSpec, source: PortSource) -> Endpoint:
        place = endpoint(self.variables.fill(source.address))
        self.shown[spec.id] = place.shown
        return place

    def _page(self, spec: GaugeSpec, source: WebSource, place: Address, judge: Judge) -> None:
        bearer = _token(source, spec.timeout_s, self.variables, self.folder)
        proxy = address(self.variables.fill(source.proxy)) if source.proxy else None
        key = _WebKey(place, bearer, spec.every_s, spec.timeout_s, Redirects.of(source), proxy)
        self.shown[spec.id] = place.shown
        self.pages.setdefault(key, []).append((spec, judge))

    def sources(self) -> Sources:
        clock = self.clock
        probes: list[Probe] = [
            MountProbe(specs, mount, clock) if mount else HostProbe(specs, clock)
            for (_, mount), specs in self.rounds.items()
        ]
        for key, judged in self.pages.items():
            probes.append(
                HttpProbe(judged, key.address, key.token, self.web, clock, key.redirects, key.proxy)
            )
        return Sources((*probes, *self.singles), self.unread, self.shown)


def _check_host(spec: GaugeSpec, this_host: str) -> None:
    if spec.host and spec.host.lower() not in (this_host.lower(), this_host.lower().partition(".")[0]):
        raise Unset(f"this is {clean_line(this_host)}, not {spec.host}")


def _token(source: WebSource, timeout_s: float, variables: Variables, folder: Path) -> Secret | None:
    if not source.token_file:
        return variables.token(source.token_env)
    place, path = f"the token file {source.token_file}", token_path(source.token_file, timeout_s, folder)
    try:
        text = within(timeout_s, partial(read_small, path)).decode("ascii", "replace")
    except Unreadable as why:
        raise Unset(f"{place} {why}") from None
    except TimeoutError:
        raise Unset(f"{place} did not answer within {timeout_s} s") from None
    return token(text, place)
