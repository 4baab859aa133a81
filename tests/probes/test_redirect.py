"""Where a redirect may lead: within the target's host, to hosts that the checklist adds, and no secret goes elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import HttpSource
from deploytui.probes.http import follow, keeps_secrets
from deploytui.probes.probe import Told
from deploytui.probes.variable import Address, Filled, Secret, Variables, address
from tests.probes.hazard import Hazards, hazards
from tests.probes.make import PATIENT_S, SHORT_S, open_agreed, web_gauge


def place(url: str) -> Address:
    return address(Filled(Secret(url), url))


ELSEWHERE = "a redirect to another host, not followed"
NOWHERE = "a redirect to no web address"
AT = "https://ana:s3cret@app.example/a/b?key=1"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/c", "https://app.example/c"),
        ("c?x=1", "https://app.example/a/c?x=1"),
        ("?x=1", "https://app.example/a/b?x=1"),
        ("//app.example/c", "https://app.example/c"),
        ("HTTPS://APP.EXAMPLE:8443/c#part", "https://app.example:8443/c"),
        ("https://sso.example/", "https://sso.example/"),
    ],
)
def test_what_is_followed(location: str, url: str) -> None:
    found = follow(place(AT), place(AT), location, frozenset({"sso.example"}))
    wanted = place(url)
    assert isinstance(found, Address)
    assert (found.scheme, found.host, found.port, found.target) == (
        wanted.scheme,
        wanted.host,
        wanted.port,
        wanted.target,
    )
    assert (found.login is not None) == (found.authority == "app.example")


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://evil.example/", ELSEWHERE),
        ("https://app.example.evil.example/", ELSEWHERE),
        ("https://app.example@evil.example/", ELSEWHERE),
        ("//169.254.169.254/latest/meta-data/", ELSEWHERE),
        ("http://app.example/", "a redirect from https to http, not followed"),
        ("file:///etc/passwd", NOWHERE),
        ("javascript:alert(1)", NOWHERE),
        ("ftp://app.example/", NOWHERE),
        ("https://app.example:99999/", NOWHERE),
        ("https://[app.example/", NOWHERE),
        ("https://app.example/a b", NOWHERE),
        ("", "a redirect to nowhere"),
        (None, "a redirect to nowhere"),
    ],
)
def test_what_is_not_followed_says_why_in_our_words(location: str | None, words: str) -> None:
    assert follow(place(AT), place(AT), location, frozenset()) == words


def test_a_checklist_can_forbid_them() -> None:
    assert follow(place(AT), place(AT), "/c", None) == "a redirect, not followed"


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ("https://app.example/", "https://app.example/x", True),
        ("http://app.example/", "https://app.example/", True),
        ("http://app.example:8080/", "https://app.example/", False),
        ("https://app.example/", "https://app.example:8443/", False),
        ("https://app.example/", "https://sso.example/", False),
    ],
)
def test_where_a_secret_may_be_sent(first: str, then: str, kept: bool) -> None:
    assert keeps_secrets(place(first), place(then)) is kept


async def asked(
    url: str,
    *,
    times: int = 1,
    timeout_s: float = PATIENT_S,
    hosts: tuple[str, ...] = (),
    follows: bool = True,
) -> Mapping[str, Told]:
    """The last of so many answers to `up`, `status` and `field`."""
    gauges = []
    for measure in ("up", "status", "field"):
        source = HttpSource(
            url,
            measure,
            path="db.pools.0.free",
            token_env="TOKEN",
            redirects=hosts if follows else "none",
        )
        gauges.append(GaugeSpec(measure, measure, source, timeout_s=timeout_s))  # type: ignore[arg-type]
    sources = open_agreed(gauges, Variables((), {}, {"TOKEN": "s3cret"}))
    (probe,) = sources.probes
    try:
        for _ in range(times):
            found = await probe.sample()
        return found
    finally:
        await probe.close()


async def test_a_redirect_within_the_host_is_followed_over_one_kept_connection() -> None:
    async with hazards() as server:
        found = await asked(f"{server.url}/redirect", times=3)
        assert [found[name].value for name in ("up", "status", "field")] == [1, 200, 7]
        assert [request.split()[1] for request in server.requests] == ["/redirect", "/ok"] * 3
        assert server.connections == 1


async def test_a_redirect_is_shown_as_such_where_the_checklist_says_so() -> None:
    async with hazards() as server:
        found = await asked(f"{server.url}/redirect", follows=False)
        assert found["status"].value == 302
        assert found["up"].error == "answered 302, a redirect, not followed"
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "location", ["https://[app", "http://127.0.0.1:99999/", "file:///etc/passwd", "/" + "a" * 70_000]
)
async def test_a_redirect_to_no_address_is_still_an_answer(location: str) -> None:
    async with hazards() as server:
        server.redirect_to = location
        found = await asked(f"{server.url}/away")
        assert (found["status"].value, found["up"].value) == (302, 0)
        assert found["up"].error == f"answered 302, {NOWHERE}"


async def test_an_endless_redirect_ends_after_three() -> None:
    async with hazards() as server:
        found = await asked(f"{server.url}/loop")
        assert (found["up"].value, found["up"].error) == (0, "answered 301, redirected more than 3 times")
        assert len(server.requests) == 4


async def test_redirects_and_what_they_lead_to_have_one_deadline() -> None:
    async with hazards() as server:
        server.redirect_to = f"{server.url}/hang"
        found = await asked(f"{server.url}/away", timeout_s=SHORT_S)
        assert found["up"].error == "timed out after 0.20 s, waiting for the answer"


def heads(server: Hazards) -> list[str]:
    return [request.lower() for request in server.requests]


async def test_another_host_is_asked_only_where_the_checklist_allows_it_and_gets_no_token() -> None:
    async with hazards() as here, hazards() as there:
        here.redirect_to = f"http://localhost:{there.port}/ok"
        found = await asked(f"{here.url}/away")
        assert (found["up"].value, found["up"].error) == (0, f"answered 302, {ELSEWHERE}")
        assert there.connections == 0
        # The control: the same answer leads there once the checklist names the host.
        found = await asked(f"{here.url}/away", hosts=("LOCALHOST",))
        assert (found["up"].value, found["field"].value) == (1, 7)
        assert "authorization: bearer s3cret" in heads(here)[0]
        assert "s3cret" not in heads(there)[0]
        assert f"host: localhost:{there.port}" in heads(there)[0]


def test_gauges_that_differ_in_their_redirects_are_asked_apart() -> None:
    gauges = [web_gauge("up", "http://app.example/")]
    source = HttpSource("http://app.example/", "status", redirects="none")
    gauges.append(GaugeSpec("status", "status", source))
    sources = open_agreed(gauges, Variables((), {}, {}))
    assert len(sources.probes) == 2
