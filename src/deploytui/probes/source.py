"""From a plan's gauges to probes, or to the reason why a gauge is not read."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from deploytui.base.clock import Clock
from deploytui.base.small_file import Unreadable, read_small
from deploytui.base.text import clean_line
from deploytui.metrics.board import Sample
from deploytui.plan.model import GaugeSpec
from deploytui.probes import prometheus
from deploytui.probes.answer import Answer, sample_of
from deploytui.probes.aside import within
from deploytui.probes.command import CommandProbe
from deploytui.probes.demand import Demand, command_line, demands_of, token_path
from deploytui.probes.host import HostProbe
from deploytui.probes.http import HttpProbe
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
    is_prometheus: bool
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
    consent = _Consent(frozenset(agreed), folder or Path.cwd(), may_run)
    opened = _Opening(variables, clock, this_host, web or Web(), consent)
    for spec in gauges:
        try:
            opened.add(spec)
        except Unset as reason:
            opened.unread[spec.id] = str(reason)
    return opened.sources()


class _Consent(NamedTuple):
    """What somebody agreed to, where it was, and whether commands may run right now."""

    agreed: frozenset[Demand]
    folder: Path
    may_run: Callable[[], bool]


class _Opening:
    """Gauges on their way to probes; those that one question answers come together."""

    def __init__(
        self,
        variables: Variables,
        clock: Clock,
        this_host: str,
        web: Web,
        consent: _Consent,
    ) -> None:
        self.unread: dict[str, str] = {}
        self._variables = variables
        self._clock = clock
        self._this_host = this_host
        self._web = web
        self._consent = consent
        self._shown: dict[str, str] = {}
        self._rounds: dict[tuple[int, str], list[GaugeSpec]] = {}
        self._pages: dict[_WebKey, list[GaugeSpec]] = {}
        self._singles: list[Probe] = []
        self._contexts = Contexts()

    def add(self, spec: GaugeSpec) -> None:
        """Raises Unset with the reason why the gauge cannot be read."""
        source = spec.source
        if source.token_env:
            self._variables.token(source.token_env)  # one that is not set is the first thing to mend
        if not self._consent.agreed.issuperset(demands_of(spec, self._variables, self._consent.folder)):
            raise Unset(UNTRUSTED)
        match source.kind:
            case "host":
                _check_host(spec, self._this_host)
                mount = source.path if source.address == "disk" else ""
                self._rounds.setdefault((spec.every_s, mount), []).append(spec)
            case "http" | "prometheus":
                key = self._web_key(spec)
                self._shown[spec.id] = key.address.shown
                self._pages.setdefault(key, []).append(spec)
            case "tcp" | "tls":
                self._singles.append(self._port(spec, endpoint(self._variables.fill(source.address))))
            case "scripted":
                self._singles.append(ScriptedProbe(spec, self._clock))
            case "command":
                line = command_line(spec, self._variables, self._consent.folder)
                self._shown[spec.id] = clean_line(shlex.join(line.argv))
                self._singles.append(
                    CommandProbe(
                        spec,
                        line.argv,
                        self._clock,
                        self._consent.may_run,
                        program=line.demand.program,
                        folder=line.demand.folder,
                        environ={**self._variables.environ, **line.environment},
                    )
                )

    def _port(self, spec: GaugeSpec, place: Endpoint) -> Probe:
        self._shown[spec.id] = place.shown
        if spec.source.kind == "tcp":
            return TcpProbe(spec, place, self._web.resolver, self._clock)
        return TlsProbe(spec, place, self._web.resolver, self._contexts, self._clock)

    def sources(self) -> Sources:
        clock = self._clock
        probes: list[Probe] = [
            MountProbe(specs, clock) if mount else HostProbe(specs, clock)
            for (_, mount), specs in self._rounds.items()
        ]
        for key, specs in self._pages.items():
            judge = _from_prometheus if key.is_prometheus else sample_of
            probes.append(HttpProbe(specs, key.address, key.token, self._web, clock, judge, key.proxy))
        return Sources((*probes, *self._singles), self.unread, self._shown)

    def _web_key(self, spec: GaugeSpec) -> _WebKey:
        source, fill = spec.source, self._variables.fill
        is_prometheus = source.kind == "prometheus"
        filled = fill(source.address)
        place = address(query_url(filled, fill(source.query)) if is_prometheus else filled)
        bearer, redirects = _token(spec, self._variables, self._consent.folder), Redirects.of(source)
        proxy = address(fill(source.proxy)) if source.proxy else None
        return _WebKey(place, bearer, spec.every_s, spec.timeout_s, redirects, is_prometheus, proxy)


def _from_prometheus(_spec: GaugeSpec, answer: Answer, at: datetime, mono_s: float) -> Sample:
    return prometheus.sample_of(answer, at, mono_s)


def _check_host(spec: GaugeSpec, this_host: str) -> None:
    if spec.host and spec.host.lower() not in (this_host.lower(), this_host.lower().partition(".")[0]):
        raise Unset(f"this is {clean_line(this_host)}, not {spec.host}")


def _token(spec: GaugeSpec, variables: Variables, folder: Path) -> Secret | None:
    source = spec.source
    if not source.token_file:
        return variables.token(source.token_env)
    place, path = f"the token file {source.token_file}", token_path(spec, folder)
    try:
        text = within(spec.timeout_s, partial(read_small, path)).decode("ascii", "replace")
    except Unreadable as why:
        raise Unset(f"{place} {why}") from None
    except TimeoutError:
        raise Unset(f"{place} did not answer within {spec.timeout_s} s") from None
    return token(text, place)
