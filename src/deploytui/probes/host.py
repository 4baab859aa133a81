"""Measures the machine the program runs on. One round answers all host gauges of one interval.

Only calls that cost microseconds are used: no walk over processes or connections.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.metrics.board import Sample
from deploytui.plan.model import GaugeSpec
from deploytui.probes.probe import Answers
from deploytui.probes.round import Round

_PER_SECOND = {"B/s": 1, "kB/s": 1e3, "MB/s": 1e6, "kbit/s": 125, "Mbit/s": 125e3, "Gbit/s": 125e6}
_LEAST_S = 0.5  # over less than this a share of the CPU is noise: the kernel counts in hundredths


class _Counter(Struct, frozen=True):
    """A counter of the kernel at one moment; what is shown is the difference of two, as a share of `whole`."""

    amount: float
    whole: float
    mono_s: float


class HostProbe(Round):
    """All host gauges that share an interval. `load_psutil` is for tests that bring their own host."""

    is_local = True

    def __init__(
        self, specs: Sequence[GaugeSpec], clock: Clock, load_psutil: Callable[[], Any] | None = None
    ) -> None:
        super().__init__(specs, clock)
        self._load_psutil = load_psutil or _psutil
        self._host: Any = None
        self._before: dict[str, _Counter] = {}

    def prepare(self) -> None:
        self._host = self._load_psutil()
        for address in {spec.source.measure for spec in self._specs} & {"cpu", "network"}:
            self._difference(address)

    async def sample(self) -> Answers:
        """One round. CPU and network are differences: they have no answer before the second round."""
        at, mono_s = self._clock.now(), self._clock.monotonic_s()
        if self._host is None:
            self._host = self._load_psutil()
        round_: dict[str, float | str | None] = {}
        answers = []
        for spec in self._specs:
            address = spec.source.measure
            if address not in round_:
                round_[address] = self._measure(address)
            found = round_[address]
            if isinstance(found, str):
                answers.append((spec.id, Sample(at, mono_s, None, error=found)))
            elif found is not None:
                answers.append((spec.id, Sample(at, mono_s, _in_unit(spec, found))))
        return answers

    def _measure(self, address: str) -> float | str | None:
        """A number, why there is none, or None while a difference has only one end."""
        try:
            return self._value(address)
        except Exception as error:
            return refusal(address, error)

    def _value(self, address: str) -> float | str | None:
        host = self._host
        match address:
            case "memory":
                return float(host.virtual_memory().percent)
            case "swap":
                swap = host.swap_memory()
                return float(swap.percent) if swap.total else "this machine has no swap"
            case "disk":
                return float(host.disk_usage("/").percent)
            case "load":
                return float(host.getloadavg()[0])
            case _:
                return self._difference(address)

    def _difference(self, address: str) -> float | None:
        mono_s = self._clock.monotonic_s()
        read = _cpu if address == "cpu" else _network
        now = _Counter(*read(self._host, mono_s), mono_s)
        before = self._before.get(address)
        if before is not None and mono_s - before.mono_s < _LEAST_S:
            return None
        self._before[address] = now
        if before is None or now.amount < before.amount or now.whole <= before.whole:
            return None
        return (now.amount - before.amount) / (now.whole - before.whole)


def refusal(address: str, error: Exception) -> str:
    """Why the machine does not say; psutil's own errors are told by name, it may not be loaded."""
    is_denied = isinstance(error, PermissionError) or type(error).__name__ == "AccessDenied"
    return f"{address} is n/a (permission)" if is_denied else f"{address} cannot be read here"


def _psutil() -> Any:
    import psutil  # heavy: loaded when a plan has a host gauge, after the first frame

    return psutil


def _cpu(host: Any, _mono_s: float) -> tuple[float, float]:
    """Busy and whole seconds, in percent. Linux counts a guest's time in `user` as well."""
    times = host.cpu_times()
    whole = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return 100 * (whole - times.idle - getattr(times, "iowait", 0.0)), whole


def _network(host: Any, mono_s: float) -> tuple[float, float]:
    """Bytes both ways, over seconds, without the loopback's own."""
    cards = host.net_io_counters(pernic=True)
    return sum(card.bytes_sent + card.bytes_recv for name, card in cards.items() if name != "lo"), mono_s


def _in_unit(spec: GaugeSpec, value: float) -> float:
    return value / _PER_SECOND.get(spec.unit, 1) if spec.source.measure == "network" else value
