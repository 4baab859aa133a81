"""What a gauge asks, in words, and what came back. Pure."""

from __future__ import annotations

import shlex

from msgspec import Struct

from deploytui.base.units import left
from deploytui.metrics.window import is_windowed, span_s
from deploytui.plan.model import GaugeSpec

_MEASURES = {
    "up": "whether it answers",
    "error_rate": "the share of errors",
    "latency": "the time it takes",
    "status": "the status",
    "header": "the header",
    "field": "the field",
    "body": "whether the body holds",
}


class Asked(Struct, frozen=True):
    """The question as it is put, and the latest answer as it came, cleaned and bounded; "" where it is no text."""

    question: str
    answer: str = ""


def question(spec: GaugeSpec, address: str = "") -> str:
    """`GET https://app/health: p95 over 1 min`. `address` is the one that is really asked, fit to be shown; left
    out, the plan's own stands there."""
    source = spec.source
    place = address or source.address
    way = " through a proxy" if source.proxy else ""
    match source.kind:
        case "http":
            return f"GET {place}{way}: {_measure(spec)}"
        case "prometheus":
            return f"Prometheus {source.address}{way}: {source.query}"
        case "tls":
            return f"days that the certificate of {place} is still valid"
        case "tcp":
            return f"TCP connection to {place}"
        case "command":
            what = "exit status" if source.read == "exit" else "number printed"
            return f"{what} of: {address or shlex.join(source.command)}"
        case "gauge":
            return f"the gauge {source.address}" + (
                ", compared with its baseline" if spec.is_relative else ""
            )
        case "host":
            return f"{source.address} of this machine" + (f", {source.path}" if source.path else "")
        case _:
            return f"{source.kind} values"


def _measure(spec: GaugeSpec) -> str:
    measure = spec.source.measure
    words = _MEASURES.get(measure, measure)
    if spec.source.path:
        words = f"{words} {spec.source.path}"
    return f"{words} over {left(span_s(spec))}" if is_windowed(spec) else words
