"""Where a gauge's number comes from: one struct a kind, with its key of the format and its question in words.

A kind is a member of `Source`, and by its base one of those of which `probes/demand.py` knows what they take from this
machine; `probes/source.py` makes its probe. URLs, addresses and commands may hold `${variables}`.
"""

from __future__ import annotations

import shlex
from typing import ClassVar, Literal, get_args

from msgspec import Struct

from deploytui.base.units import left
from deploytui.plan.shape import COMMAND, GAUGE, LINES, Either, IdOf, Key, ListOf, Shape
from deploytui.plan.word import ADDRESS, BLOCK, DURATION, HOST, LINE, PROXY, URL, one_of

MEASURES = ("up", "status", "latency", "p50", "p95", "p99", "error_rate", "header", "field", "body")
_HOST_PARTS = ("cpu", "memory", "swap", "disk", "load", "network")
_WINDOWED = ("error_rate", "p50", "p95", "p99")
_DEFAULT_OVER_S = 60
_IN_WORDS = {
    "up": "whether it answers",
    "error_rate": "the share of errors",
    "latency": "the time it takes",
    "status": "the status",
    "header": "the header",
    "field": "the field",
    "body": "whether the body holds",
}


class _Source(Struct, frozen=True, kw_only=True):
    """`needs` is a key without which the kind's own says nothing, what to say then, and what is expected."""

    needs: ClassVar[tuple[str, str, str] | None] = None
    line: int = 0

    @property
    def measure(self) -> str:
        """Which number it is, where a kind has several."""
        return ""

    @property
    def window_s(self) -> int:
        """The span that latencies and the error rate are taken over; 0 where the latest answer alone counts."""
        return 0


class LocalSource(_Source, frozen=True):
    """Nothing is run for it, and nothing leaves this machine."""


class RemoteSource(_Source, frozen=True):
    address: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """What is sent to the address, as the checklist has it."""
        return (self.address,)


class PortSource(RemoteSource, frozen=True):
    """`address` is host:port."""


class WebSource(RemoteSource, frozen=True, kw_only=True):
    """`address` is a URL. Redirects are followed within its host, and to the hosts of `redirects`, or not at all."""

    token_env: str = ""
    token_file: str = ""
    redirects: tuple[str, ...] | Literal["none"] = ()
    proxy: str = ""

    @property
    def _way(self) -> str:
        return " through a proxy" if self.proxy else ""


class HostSource(LocalSource, frozen=True):
    """`path` is the mount point of `disk`."""

    key: ClassVar[Key] = Key("host", one_of(*_HOST_PARTS), "A number of this machine.", attr="measure")
    measure: str = ""
    path: str = ""

    def question(self, _shown: str) -> str:
        return f"{self.measure} of this machine" + (f", {self.path}" if self.path else "")


class HttpSource(WebSource, frozen=True):
    """`path` is the header, the JSON field or the text that `measure` looks for."""

    key: ClassVar[Key] = Key("http", URL, "A URL to request.", attr="address")
    needs = ("measure", "an http source without measure", " or ".join(MEASURES))
    measure: str = ""
    over_s: int = 0
    path: str = ""

    @property
    def window_s(self) -> int:
        return (self.over_s or _DEFAULT_OVER_S) if self.measure in _WINDOWED else 0

    def question(self, shown: str) -> str:
        words = _IN_WORDS.get(self.measure, self.measure) + (f" {self.path}" if self.path else "")
        over = f" over {left(self.window_s)}" if self.window_s else ""
        return f"GET {shown or self.address}{self._way}: {words}{over}"


class TlsSource(PortSource, frozen=True):
    key: ClassVar[Key] = Key("tls", ADDRESS, "host:port; the days its certificate has left.", attr="address")

    def question(self, shown: str) -> str:
        return f"days that the certificate of {shown or self.address} is still valid"


class TcpSource(PortSource, frozen=True):
    key: ClassVar[Key] = Key("tcp", ADDRESS, "host:port; whether it accepts a connection.", attr="address")

    def question(self, shown: str) -> str:
        return f"TCP connection to {shown or self.address}"


class PrometheusSource(WebSource, frozen=True):
    key: ClassVar[Key] = Key("prometheus", URL, "The base URL of a Prometheus server.", attr="address")
    needs = ("query", "a prometheus source without query", 'the key "query"')
    query: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.address, self.query)

    def question(self, _shown: str) -> str:
        return f"Prometheus {self.address}{self._way}: {self.query}"


class CommandSource(_Source, frozen=True):
    key: ClassVar[Key] = Key("command", COMMAND, "A command whose output or exit status is the number.")
    command: tuple[str, ...] = ()
    read: str = "number"

    def question(self, shown: str) -> str:
        what = "exit status" if self.read == "exit" else "number printed"
        return f"{what} of: {shown or shlex.join(self.command)}"


class GaugeSource(LocalSource, frozen=True):
    key: ClassVar[Key] = Key("gauge", IdOf(GAUGE), "Another gauge's id, for a second pair of limits.")
    gauge: str = ""

    def question(self, _shown: str) -> str:
        return f"the gauge {self.gauge}"


class ScriptedSource(LocalSource, frozen=True):
    key: ClassVar[Key] = Key("scripted", LINES, "Prepared values, for rehearsals.", attr="values")
    values: tuple[str, ...] = ()

    def question(self, _shown: str) -> str:
        return "scripted values"


Source = (
    HostSource
    | HttpSource
    | TlsSource
    | TcpSource
    | PrometheusSource
    | CommandSource
    | GaugeSource
    | ScriptedSource
)
KINDS: tuple[type[Source], ...] = get_args(Source)

_REDIRECTS = Either((one_of("none", expected="none, or a list of hosts"), ListOf(HOST, least=1)))
_BESIDE = (
    Key("measure", one_of(*MEASURES), "http: what is measured."),
    Key("over", DURATION, "http: the span that latencies and error rate are taken over.", attr="over_s"),
    Key("path", LINE, "http: header, JSON field or text in the body; host disk: the mount point."),
    Key("query", BLOCK, "prometheus: the query."),
    Key("read", one_of("number", "exit"), "command: what is read."),
    Key("token_env", LINE, "http, prometheus: environment variable with the bearer token."),
    Key("token_file", LINE, "http, prometheus: file with the bearer token."),
    Key("redirects", _REDIRECTS, "http, prometheus: hosts that redirects may lead to, or none."),
    Key("proxy", PROXY, "http, prometheus: the HTTP proxy to ask through. The environment names none."),
)
SOURCE = Shape(
    "source",
    "a source",
    "Where a gauge's number comes from: exactly one kind, with that kind's keys.",
    (*(kind.key for kind in KINDS), *_BESIDE),
    Source,
)


def keys_of(kind: type[Source]) -> tuple[Key, ...]:
    """The kind's own key, and those that may stand beside it: what else has a field to fill."""
    others = set(kind.__struct_fields__) - {kind.key.fills}
    return (kind.key, *(key for key in _BESIDE if key.fills in others))
