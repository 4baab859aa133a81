"""From gauges to probes, or to the reason why there is none."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

import deploytui
from deploytui.base.clock import SystemClock
from deploytui.plan.model import GaugeSpec, Variable
from deploytui.plan.source import (
    CommandSource,
    GaugeSource,
    HttpSource,
    PrometheusSource,
    ScriptedSource,
    TcpSource,
    TlsSource,
)
from deploytui.probes import source as source_module
from deploytui.probes.demand import demands
from deploytui.probes.source import Sources, open_sources
from deploytui.probes.variable import Variables
from tests.probes.make import SHORT_S, host_gauge, open_agreed, web_gauge

SRC = Path(deploytui.__file__).parent.parent


def opened(*gauges: GaugeSpec, given: Mapping[str, str] | None = None) -> Sources:
    return open_agreed(gauges, Variables((), given or {}, {}), "ana-mbp.example")


def test_gauges_of_one_address_share_a_probe() -> None:
    gauges = [web_gauge(measure, "${app}/health") for measure in ("up", "p95", "error_rate")]
    other = web_gauge("status", "${app}/other")
    slow = web_gauge("latency", "${app}/health", every_s=60)
    found = opened(*gauges, other, slow, given={"app": "http://app"})
    assert [probe.gauges for probe in found.probes] == [
        ("up", "p95", "error_rate"),
        ("status",),
        ("latency",),
    ]
    assert found.unread == {}
    assert found.shown["p95"] == "http://app/health"


def test_host_gauges_of_one_interval_share_a_round() -> None:
    found = opened(
        host_gauge("cpu"), host_gauge("memory"), host_gauge("disk", every_s=30), host_gauge("load")
    )
    assert [probe.gauges for probe in found.probes] == [("cpu", "memory", "load"), ("disk",)]


def test_a_mount_point_has_a_probe_of_its_own() -> None:
    found = opened(host_gauge("cpu"), host_gauge("disk", path="/data"))
    assert [type(probe).__name__ for probe in found.probes] == ["HostProbe", "MountProbe"]


def test_what_is_not_set_is_not_asked() -> None:
    found = opened(web_gauge("up", "${app_url}/health"), host_gauge("cpu"))
    assert [probe.gauges for probe in found.probes] == [("cpu",)]
    assert found.unread == {"up": "app_url is not set (--set app_url=…)"}


def test_every_kind_of_source_has_its_probe() -> None:
    sources = {
        "prometheus": PrometheusSource("http://prom:9090/", query="sum(up)"),
        "tls": TlsSource("app.example:443"),
        "tcp": TcpSource("[::1]:22"),
        "scripted": ScriptedSource(values=("1",)),
    }
    found = opened(*(GaugeSpec(kind, kind, source) for kind, source in sources.items()))
    assert {type(probe).__name__ for probe in found.probes} == {
        "HttpProbe",
        "TlsProbe",
        "TcpProbe",
        "ScriptedProbe",
    }
    assert found.unread == {}
    assert found.shown["prometheus"] == "http://prom:9090/api/v1/query?…"
    assert (found.shown["tls"], found.shown["tcp"]) == ("app.example:443", "[::1]:22")


def test_a_gauge_that_looks_at_another_has_no_probe_and_no_complaint() -> None:
    other = GaugeSpec("again", "again", GaugeSource("up"))
    found = opened(web_gauge("up", "http://app"), other)
    assert [probe.gauges for probe in found.probes] == [("up",)]
    assert found.unread == {}


def test_an_address_without_a_port_is_no_endpoint() -> None:
    for text in ("app.example", "app.example:x", ":443", "app:99999", "user@app:1", "app:1/path"):
        assert opened(GaugeSpec("c", "c", TlsSource(text))).unread == {"c": "its address is not host:port"}


def test_what_is_taken_or_run_must_have_been_agreed_to_word_for_word() -> None:
    sources = {
        "command": CommandSource(command=("echo", "${n}", "${mine}")),
        "token": HttpSource("http://app/", "up", token_env="TOKEN"),
        "file": PrometheusSource("http://app/", query="up", token_file="/etc/token"),
        "query": HttpSource("http://app/?k=${key}", "up"),
        "name": TcpSource("${key}.example:443"),
        "login": HttpSource("http://app/", "up", proxy="http://${key}@p:1"),
    }
    gauges = [GaugeSpec(name, name, source) for name, source in sources.items()]
    free = GaugeSpec("free", "free", HttpSource("http://app/?n=${n}", "up"))
    declared = [Variable("n", value="7"), Variable("key", env="KEY", is_secret=True)]
    variables = Variables(declared, {}, {"KEY": "s3cret", "TOKEN": "t", "PATH": "/bin"})
    found = open_sources([*gauges, free], variables, SystemClock(), "box")
    assert [probe.gauges for probe in found.probes] == [("free",)]
    assert found.unread == dict.fromkeys(sources, "not trusted yet (--trust)")
    for spec in gauges:
        other = [one for one in gauges if one is not spec]
        agreed = demands(other, variables, Path.cwd())
        assert open_sources([spec], variables, SystemClock(), "box", agreed=agreed).unread == {
            spec.id: "not trusted yet (--trust)"
        }
    (command,) = demands(gauges[:1], variables, Path.cwd())
    moved = [
        replace(command, folder="/"),
        replace(command, words=("8", "${mine}")),
        replace(command, program="/x"),
    ]
    assert len(open_sources(gauges[:1], variables, SystemClock(), "box", agreed=moved).probes) == 0
    found = open_agreed(gauges[:1], variables)
    assert [type(probe).__name__ for probe in found.probes] == ["CommandProbe"]
    assert found.shown["command"] == "echo 7 '${mine}'"


def test_a_token_that_is_not_set_is_said_before_anybody_is_asked_to_trust() -> None:
    spec = GaugeSpec("up", "up", HttpSource("http://app/", "up", token_env="TOKEN"))
    found = open_sources([spec], Variables((), {}, {}), SystemClock(), "box")
    assert found.unread == {"up": "TOKEN is not set in the environment"}


def test_a_token_file_that_does_not_answer_is_given_up_within_the_time_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mount that hangs: nobody waits for it, and no exit either."""
    ended = threading.Event()

    def hang(path: Path) -> bytes:
        ended.wait()
        return b""

    monkeypatch.setattr(source_module, "read_small", hang)
    source = HttpSource("http://app", "up", token_file=str(tmp_path / "token"))
    spec = GaugeSpec("up", "up", source, timeout_s=SHORT_S)  # type: ignore[arg-type]
    try:
        assert opened(spec).unread == {"up": f"the token file {tmp_path}/token did not answer within 0.2 s"}
        assert {thread.daemon for thread in threading.enumerate() if thread.name == "aside"} == {True}
    finally:
        ended.set()


def test_a_host_gauge_speaks_for_its_own_machine_only() -> None:
    assert opened(host_gauge("cpu", host="app-1")).unread == {"cpu": "this is ana-mbp.example, not app-1"}
    for name in ("", "ana-mbp.example", "ana-mbp", "ANA-MBP"):
        assert opened(host_gauge("cpu", host=name)).unread == {}


def test_a_token_file_is_read_and_named_when_it_cannot_be(tmp_path: Path) -> None:
    path = tmp_path / "token"
    spec = GaugeSpec("up", "up", HttpSource("http://app", "up", token_file=str(path)))
    assert opened(spec).unread == {"up": f"the token file {path} does not exist"}
    path.write_text("\n")
    assert "holds no token" in opened(spec).unread["up"]
    path.write_text("abc\n")
    assert opened(spec).unread == {}


def test_what_stands_in_a_token_files_place_is_neither_waited_for_nor_read_whole(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long").write_bytes(b"x" * (64 * 1024 + 1))
    (tmp_path / "blob").write_bytes(b"\xff\xfe")
    for place, why in (
        (f"{tmp_path}/pipe", "is a pipe, not a regular file"),
        ("/dev/zero", "is a device, not a regular file"),
        (f"{tmp_path}/long", "is larger than 64 KiB"),
        (f"{tmp_path}/blob", "holds no token: it is empty or has characters that no token has"),
        ("~no.such.user/token", 'cannot be read: no user "no.such.user"'),
    ):
        spec = GaugeSpec("up", "up", HttpSource("http://app", "up", token_file=place))
        assert opened(spec).unread == {"up": f"the token file {place} {why}"}


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, deploytui.probes.source, deploytui.probes.runner, deploytui.metrics.collector;"
        "print([name for name in ('psutil', 'h11', 'httpx', 'httpcore', 'textual', 'rich') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(SRC)}
    )
    assert run.stdout.strip() == "[]"
