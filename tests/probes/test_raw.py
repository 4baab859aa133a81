"""The raw answer behind a gauge: cleaned, bounded, and without what was sent as a secret, however it is encoded."""

from __future__ import annotations

import base64

import pytest

from deploytui.base.clock import SystemClock
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import CommandSource
from deploytui.probes.answer import MOST_SHOWN, Answer, body_text, http_text, sent_secrets
from deploytui.probes.command import CommandProbe
from deploytui.probes.runner import ProbeRunner
from deploytui.probes.variable import MASK, Secret, Variables, address
from tests.probes.hazard import hazards
from tests.probes.make import web_probe

TOKEN = "sEntinel token/4c1d9a7b3e"


def test_it_is_cleaned_and_bounded() -> None:
    assert body_text(b"a\x1b[31m\x00b\xff\nc") == "a␛[31m␀b\ufffd\nc"
    text = body_text(b"x" * 50_000)
    assert text == "x" * MOST_SHOWN + " … 48000 more characters"
    assert body_text(b" \n ") == ""


@pytest.mark.parametrize("offset", [0, 1, 2, MOST_SHOWN - 10])
@pytest.mark.parametrize(
    "form", [TOKEN, "sEntinel%20token%2F4c1d9a7b3e", base64.b64encode(TOKEN.encode()).decode()]
)
def test_a_secret_that_comes_back_is_hidden(offset: int, form: str) -> None:
    text = body_text(b"." * offset + form.encode(), [Secret(TOKEN)])
    assert "sEntinel" not in text
    assert form[:12] not in text


def test_what_counts_as_sent() -> None:
    place = address(Variables((), {}, {}).fill("https://ana:pa%40ss1@h/p?key=k1234567&query=up"))
    assert {one.reveal() for one in sent_secrets(place, Secret("tok-1"))} == {
        "tok-1", "ana:pa@ss1", "pa@ss1", "k1234567",
    }  # fmt: skip


def test_no_answer_is_said_as_it_is_for_the_gauge() -> None:
    assert http_text(Answer(0.1, fault="connection refused"), []) == "connection refused"
    assert http_text(Answer(0.1, 503, body=b"down"), []) == "status 503, 4 bytes read\ndown"


async def test_a_web_probe_has_its_last_answer() -> None:
    async with hazards() as server:
        probe = web_probe(f"{server.url}/ok?token=s3cret-99")
        runner = ProbeRunner([probe], lambda gauge, sample: None, SystemClock())
        assert runner.last_answer("up") == ""
        await runner.ask_once()
        await probe.close()
    assert runner.last_answer("up").startswith("status 200, ")
    assert runner.last_answer("nothing") == ""


async def test_a_command_has_what_it_printed() -> None:
    spec = GaugeSpec("c", "c", CommandSource(command=("echo",)), timeout_s=5)  # type: ignore[arg-type]
    probe = CommandProbe(spec, ("printf", "4 rows\\033[2J"), SystemClock())
    assert probe.last_answer() == ""
    await probe.sample()
    await probe.close()
    assert probe.last_answer() == "4 rows␛[2J"


def test_a_secret_is_found_as_a_path_has_it_and_in_small_letters_too() -> None:
    for form in ("a/b%20c%3Fd9", "a%2fb%20c%3fd9"):
        assert body_text(f"no page /{form}!".encode(), [Secret("a/b c?d9")]) == f"no page /{MASK}!"
