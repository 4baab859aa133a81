"""Name lookups that fail or hang."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from deploytui.probes.fault import Fault
from deploytui.probes.web import Resolver
from tests.probes.hazard import hazards, refusal
from tests.probes.make import SHORT_S, answers, web_probe


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "no such host"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "the host's name cannot be looked up now"),
        (UnicodeError("x"), "no such host"),
    ],
)
async def test_a_failed_lookup_says_nothing_of_the_target(error: Exception, words: str) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise error

    found = await answers(web_probe("http://app.example/", resolver=Resolver(fail)))
    assert {sample.error for sample in found.values()} == {words}
    assert {sample.value for sample in found.values()} == {None}


async def test_no_address_at_all() -> None:
    with pytest.raises(Fault, match="no such host"):
        await Resolver(lambda host, port: []).addresses("app.example", 80)


async def test_an_address_is_not_looked_up() -> None:
    def fail(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    assert await Resolver(fail).addresses("127.0.0.1", 80) == ["127.0.0.1"]
    assert await Resolver(fail).addresses("::1", 80) == ["::1"]


async def test_a_hung_lookup_ends_with_the_probe_and_is_not_repeated() -> None:
    release, calls = threading.Event(), []

    def hang(host: str, port: int) -> list[str]:
        calls.append(host)
        release.wait(20)
        return ["127.0.0.1"]

    async with hazards() as server:
        resolver = Resolver(hang)
        url = f"http://app.example:{server.port}/ok"
        probes = [web_probe(url, resolver=resolver, timeout_s=SHORT_S) for _ in range(3)]
        for _ in range(2):
            for found in await asyncio.gather(*(answers(probe) for probe in probes)):
                assert found["up"].error == "timed out after 0.20 s, looking up the name"
                assert found["up"].value is None  # it was never asked
        assert calls == ["app.example"]
        release.set()
        patient = web_probe(url, resolver=resolver)
        assert (await answers(patient))["up"].value == 1
        await patient.close()
    assert [thread for thread in threading.enumerate() if thread.name == "aside" and not thread.daemon] == []


async def test_every_address_of_a_host_is_tried() -> None:
    async with hazards() as server, refusal():
        resolver = Resolver(lambda host, port: ["127.0.0.2", "127.0.0.1"])
        probe = web_probe(f"http://app.example:{server.port}/ok", resolver=resolver)
        assert (await answers(probe))["up"].value == 1
        await probe.close()
    assert "Host: app.example:" in server.requests[0]
