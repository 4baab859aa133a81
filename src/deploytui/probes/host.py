"""Measures the machine the program runs on. One round answers all host gauges of one interval.

Only calls that cost microseconds are used: no walk over processes or connections. A mount point that the plan names may
hang (a network file system): it has a probe of its own, and is asked aside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from deploytui.base.clock import Clock
from deploytui.base.text import quoted
from deploytui.plan.model import GaugeSpec
from deploytui.probes.aside import Aside
from deploytui.probes.probe import Answers, Probe, SingleProbe, Told

_PER_SECOND = {"B/s": 1, "kB/s": 1e3, "MB/s": 1e6, "kbit/s": 125, "Mbit/s": 125e3, "Gbit/s": 125e6}
_LEAST_S = 0.5  # over less than this a share of the CPU is noise: the kernel counts in hundredths


def _psutil() -> Any:
    import psutil  # heavy: loaded when a plan has a host gauge, after the first frame

    return psutil


class HostProbe(Probe):
    """All host gauges that share an interval. `load_psutil` is for tests that bring their own host."""

    is_local = True

    def __init__(
        self, specs: Sequence[GaugeSpec], clock: Clock, load_psutil: Callable[[], Any] = _psutil
    ) -> None:
        super().__init__(specs, clock)
        self._load_psutil = load_psutil
        self._before: dict[str, tuple[float, float, float]] = {}

    def prepare(self) -> None:
        for part in {spec.source.measure for spec in self._specs} & {"cpu", "network"}:
            self._difference(self._load_psutil(), part)

    async def sample(self) -> Answers:
        """One round. CPU and network are differences: they have no answer before the second round."""
        found = {
            part: self._told(part) for part in dict.fromkeys(spec.source.measure for spec in self._specs)
        }
        told = {spec.id: _in_unit(spec, found[spec.source.measure]) for spec in self._specs}
        return {name: one for name, one in told.items() if one != Told()}

    def _told(self, part: str) -> Told:
        """A number, why there is none, or neither while a difference has only one end."""
        try:
            host = self._load_psutil()
            match part:
                case "memory":
                    return Told(float(host.virtual_memory().percent))
                case "swap":
                    swap = host.swap_memory()
                    return Told(float(swap.percent)) if swap.total else Told(error="this machine has no swap")
                case "disk":
                    return Told(float(host.disk_usage("/").percent))
                case "load":
                    return Told(float(host.getloadavg()[0]))
                case _:
                    return Told(self._difference(host, part))
        except Exception as error:
            return _refusal(part, error)

    def _difference(self, host: Any, part: str) -> float | None:
        """A counter of the kernel against the one before, as a share of the whole."""
        mono_s = self._clock.monotonic_s()
        amount, whole = _cpu(host) if part == "cpu" else (_network(host), mono_s)
        before = self._before.get(part)
        if before is not None and mono_s - before[2] < _LEAST_S:
            return None
        self._before[part] = amount, whole, mono_s
        if before is None or amount < before[0] or whole <= before[1]:
            return None
        return (amount - before[0]) / (whole - before[1])


class MountProbe(SingleProbe):
    """How full a mount point is. `load_psutil` is for tests."""

    is_local = True

    def __init__(
        self, spec: GaugeSpec, path: str, clock: Clock, load_psutil: Callable[[], Any] = _psutil
    ) -> None:
        super().__init__(spec, clock)
        self._path = path
        self._load_psutil = load_psutil
        self._aside: Aside[float] = Aside()
        self._step = ": the file system does not answer"

    async def _ask(self) -> Told:
        try:
            used = await self._aside.call("", lambda: self._load_psutil().disk_usage(self._path).percent)
            return Told(float(used))
        except FileNotFoundError:
            return Told(error=f"there is no {quoted(self._path)} on this machine")
        except Exception as error:
            return _refusal("disk", error)


def _refusal(part: str, error: Exception) -> Told:
    """Why the machine does not say; psutil's own errors are told by name, it may not be loaded."""
    is_denied = isinstance(error, PermissionError) or type(error).__name__ == "AccessDenied"
    return Told(error=f"{part} is n/a (permission)" if is_denied else f"{part} cannot be read here")


def _cpu(host: Any) -> tuple[float, float]:
    """Busy and whole seconds, in percent. Linux counts a guest's time in `user` as well."""
    times = host.cpu_times()
    whole = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return 100 * (whole - times.idle - getattr(times, "iowait", 0.0)), whole


def _network(host: Any) -> float:
    """Bytes both ways, without the loopback's own."""
    cards = host.net_io_counters(pernic=True)
    return float(sum(card.bytes_sent + card.bytes_recv for name, card in cards.items() if name != "lo"))


def _in_unit(spec: GaugeSpec, told: Told) -> Told:
    if told.value is None or spec.source.measure != "network":
        return told
    return Told(told.value / _PER_SECOND.get(spec.unit, 1))
