"""Prometheus' answers, in every shape: as texts, and from a real server that scrapes a real node exporter."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploytui.metrics.board import Level, Sample
from deploytui.metrics.collector import Collector
from deploytui.plan.model import Band, GaugeSpec, Limit, Variable
from deploytui.plan.source import PrometheusSource
from deploytui.probes.answer import Answer
from deploytui.probes.probe import Told
from deploytui.probes.prometheus import told_by
from deploytui.probes.variable import Variables
from tests.metrics.make import START
from tests.probes.hazard import hazards
from tests.probes.make import open_agreed

PROGRAMS = ("prometheus", "prometheus-node-exporter")
real = pytest.mark.skipif(
    os.environ.get("CI") != "true" and not all(map(shutil.which, PROGRAMS)),
    reason="no Prometheus and node exporter installed here",
)


def body(kind: str, result: object, **more: object) -> bytes:
    data = {"resultType": kind, "result": result}
    return json.dumps({"status": "success", "data": data, **more}).encode()


def error(kind: str) -> bytes:
    return json.dumps({"status": "error", "errorType": kind, "error": "\x1b[31ms3cret"}).encode()


ONE = {"metric": {}, "value": [1, "2.5"]}
EMPTY = "empty result: no series matches the query"
NOT_ITS = "the answer is not one of Prometheus"


@pytest.mark.parametrize(
    ("status", "answer", "value", "words"),
    [
        (200, body("vector", [ONE]), 2.5, ""),
        (200, body("scalar", [1, "7"]), 7, ""),
        (200, body("vector", []), None, EMPTY),
        (200, body("vector", [ONE, ONE]), None, "2 series match: narrow the query to one"),
        (200, body("vector", [{"metric": {}, "histogram": [1, {}]}]), None, "the query answers a histogram"),
        (200, body("string", [1, "x"]), None, "the query answers a text, not a number"),
        (200, body("matrix", []), None, "the query answers a range of values"),
        (200, body("vector", [ONE], warnings=["x"]), None, "the answer is partial"),
        (200, body("vector", [ONE], infos=["x"]), 2.5, ""),
        (200, body("vector", [{"value": [1, "x"]}]), None, 'the value "x" is not a number'),
        (200, body("scalar", [1, "1_0"]), None, 'the value "1_0" is not a number'),
        (200, body("scalar", [1, "١٢"]), None, 'the value "١٢" is not a number'),
        (200, body("vector", ["x"]), None, "the query answers a histogram"),
        (200, body("scalar", [1]), None, NOT_ITS),
        (200, body("vector", 5), None, NOT_ITS),
        (200, b"<html>", None, NOT_ITS),
        (200, b"[]", None, NOT_ITS),
        (200, b"{}", None, NOT_ITS),
        (200, b"[" * 100_000, None, NOT_ITS),
        (400, error("bad_data"), None, "Prometheus cannot read the query (answered 400)"),
        (422, error("execution"), None, "Prometheus cannot evaluate the query (answered 422)"),
        (503, error("timeout"), None, "the query took Prometheus too long (answered 503)"),
        (400, error("\x1b]0;x"), None, "Prometheus refused the query (answered 400)"),
        (401, b"", None, "answered 401: the token is missing or not accepted"),
        (502, b"<html>", None, "answered 502"),
        (302, b"", None, "answered 302, a redirect, not followed"),
    ],
)
def test_every_shape_has_a_defined_look(status: int, answer: bytes, value: float | None, words: str) -> None:
    sample = told_by(Answer(0.1, status, body=answer))
    assert sample.value == value
    assert sample.error.startswith(words)
    assert bool(sample.error) == bool(words)
    assert "s3cret" not in sample.error


@pytest.mark.parametrize(
    ("number", "words"),
    [("NaN", "not a number (NaN)"), ("+Inf", "infinite"), ("-Inf", "infinite"), ("1e400", "infinite")],
)
def test_what_is_no_finite_number_is_no_data(number: str, words: str) -> None:
    told = told_by(Answer(0.1, 200, body=body("scalar", [1, number])))
    sample = Sample(START, 0, told.value, told.error)
    spec = GaugeSpec("g", "g", PrometheusSource(), ok=Band(Limit("<", 1e308)))
    desk = Collector([spec])
    desk.take("g", sample)
    (reading,) = desk.board(0).readings
    assert (reading.level, reading.why) == (Level.NO_DATA, f"the answer is {words}")


async def test_no_answer_says_why() -> None:
    assert told_by(Answer(1, fault="connection refused")).error == "connection refused"


async def test_the_query_and_the_token_are_sent_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    async with hazards() as server:
        source = PrometheusSource(
            f"{server.url}/ok/",
            query='up{job="${job}"}[5m] & x',
            token_file=str(tmp_path / "token"),
        )
        variables = Variables([Variable("job", value="s3cret job", is_secret=True)], {}, {})
        sources = open_agreed([GaugeSpec("g", "g", source)], variables)
        (probe,) = sources.probes
        (sample,) = (await probe.sample()).values()
        await probe.close()
    assert sample.error == NOT_ITS
    head = server.requests[0]
    asked = "/ok/api/v1/query?query=up%7Bjob%3D%22s3cret%20job%22%7D%5B5m%5D%20%26%20x"
    assert head.startswith(f"GET {asked} HTTP/1.1")
    assert "authorization: bearer s3cret" in head.lower()
    assert "s3cret" not in repr((sources, vars(probe), sample))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@asynccontextmanager
async def prometheus(folder: Path) -> AsyncIterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real server of our own that scrapes a real node exporter of our own; ready when it has scraped twice."""
    port, exporter_port = free_port(), free_port()
    config = folder / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 1s}\n"
        f"scrape_configs: [{{job_name: node, static_configs: [{{targets: ['127.0.0.1:{exporter_port}']}}]}}]\n"
    )
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    collectors = ["--collector.disable-defaults", "--collector.loadavg"]
    listening = f"--web.listen-address=127.0.0.1:{exporter_port}"
    data = f"--storage.tsdb.path={folder / 'data'}"
    server_options = [f"--config.file={config}", data, f"--web.listen-address=127.0.0.1:{port}"]
    exporter = subprocess.Popen([PROGRAMS[1], *collectors, listening], **quiet)  # type: ignore[call-overload]
    server = subprocess.Popen([PROGRAMS[0], *server_options], **quiet)  # type: ignore[call-overload]
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(60):
            while (await asked(url, 'count_over_time(up{job="node"}[1m]) > 1')).value is None:
                assert server.poll() is None
                assert exporter.poll() is None
                await asyncio.sleep(0.1)
        yield url, server
    finally:
        for process in (server, exporter):
            process.kill()
            process.wait()


async def asked(url: str, query: str) -> Told:
    spec = GaugeSpec("g", "g", PrometheusSource(url, query=query), timeout_s=5)
    (probe,) = open_agreed([spec], Variables((), {}, {})).probes
    try:
        (sample,) = (await probe.sample()).values()
        return sample
    finally:
        await probe.close()


@real
async def test_a_real_server(tmp_path: Path) -> None:
    async with prometheus(tmp_path) as (url, server):
        for query, value in (
            ('up{job="node"}', 1),
            ("vector(0) - 3", -3),
            ("scalar(vector(4))", 4),
            ("count(up)", 1),
        ):
            assert (await asked(url, query)).value == value
        load = await asked(url, "node_load1")
        assert load.value is not None
        assert load.value >= 0
        for query, words in (
            ('up{job="nobody"}', EMPTY),
            ('{__name__=~"node_load.*"}', "3 series match"),
            ('"text"', "the query answers a text"),
            ("up[1m]", "the query answers a range"),
            ("up{", "Prometheus cannot read the query (answered 400)"),
            ("up + on() group_left() node_load1 + {__name__=~'node_load.*'} * on() up", "Prometheus cannot"),
        ):
            sample = await asked(url, query)
            assert (sample.value, sample.error[: len(words)]) == (None, words)
        assert str((await asked(url, "vector(0)/0")).value) == "nan"
        await killed(url, server)


async def killed(url: str, server: subprocess.Popen[bytes]) -> None:
    """What was ok is no data with the reason after the server has gone, and stale when nothing is asked any more."""
    spec = GaugeSpec(
        "g", "g", PrometheusSource(url, query="up"), every_s=5, timeout_s=3, ok=Band(Limit("=", 1))
    )
    desk = Collector([spec])
    (probe,) = open_agreed([spec], Variables((), {}, {})).probes
    (told,) = (await probe.sample()).values()
    desk.take("g", Sample(START, 0, told.value, told.error))
    assert desk.board(0).readings[0].level is Level.OK
    assert desk.board(11).readings[0].level is Level.STALE
    server.kill()
    server.wait()
    (told,) = (await probe.sample()).values()
    desk.take("g", Sample(START, 1, told.value, told.error))
    await probe.close()
    reading = desk.board(1).readings[0]
    assert (reading.level, reading.why) == (Level.NO_DATA, "connection refused")
