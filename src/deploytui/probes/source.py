"""From a plan's gauges to probes, or to the reason why a gauge is not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from deploytui.base.clock import Clock
from deploytui.base.text import clean_line
from deploytui.plan.model import GaugeSpec, Source
from deploytui.probes.host import HostProbe
from deploytui.probes.http import HttpProbe, Web
from deploytui.probes.mount import MountProbe
from deploytui.probes.probe import Probe
from deploytui.probes.variable import Address, Secret, Unset, Variables, address, token


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


def open_sources(
    gauges: Iterable[GaugeSpec], variables: Variables, clock: Clock, this_host: str, web: Web | None = None
) -> Sources:
    """Nothing is loaded or asked yet. `this_host` is the name of the machine that host gauges measure."""
    unread: dict[str, str] = {}
    rounds: dict[tuple[int, str], list[GaugeSpec]] = {}
    pages: dict[_WebKey, list[GaugeSpec]] = {}
    for spec in gauges:
        try:
            if spec.source.kind == "host":
                _check_host(spec, this_host)
                mount = spec.source.path if spec.source.address == "disk" else ""
                rounds.setdefault((spec.every_s, mount), []).append(spec)
            else:
                pages.setdefault(_web_key(spec, variables), []).append(spec)
        except Unset as reason:
            unread[spec.id] = str(reason)
    shared = web or Web()
    probes: list[Probe] = [
        MountProbe(specs, clock) if mount else HostProbe(specs, clock) for (_, mount), specs in rounds.items()
    ]
    probes += [HttpProbe(specs, key.address, key.token, shared, clock) for key, specs in pages.items()]
    shown = {spec.id: key.address.shown for key, specs in pages.items() for spec in specs}
    return Sources(tuple(probes), unread, shown)


def _check_host(spec: GaugeSpec, this_host: str) -> None:
    if spec.is_relative:
        raise Unset("this version does not compare with a baseline yet")
    if spec.host and spec.host.lower() not in (this_host.lower(), this_host.lower().partition(".")[0]):
        raise Unset(f"this is {clean_line(this_host)}, not {spec.host}")


def _web_key(spec: GaugeSpec, variables: Variables) -> _WebKey:
    if spec.is_relative:
        raise Unset("this version does not compare with a baseline yet")
    if spec.source.kind != "http":
        raise Unset(f"this version does not read {spec.source.kind} sources yet")
    place = address(variables.fill(spec.source.address))
    return _WebKey(place, _token(spec.source, variables), spec.every_s, spec.timeout_s)


def _token(source: Source, variables: Variables) -> Secret | None:
    if not source.token_file:
        return variables.token(source.token_env)
    try:
        text = Path(source.token_file).expanduser().read_text("utf-8")
    except (OSError, ValueError, RuntimeError):
        raise Unset(f"the token file {source.token_file} cannot be read") from None
    return token(text, f"the token file {source.token_file}")
