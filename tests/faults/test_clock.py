"""The real dashboard while somebody sets the machine's clock, while the machine sleeps, and in the two nights in which the
hour changes: order stays, every step is journaled and shown, the forecast comes back, and nothing is lost."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deploytui.base.clock import SystemClock
from deploytui.journal.event import Event
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import open_store
from tests.e2e.terminal import Terminal
from tests.faults.conftest import IN_CI
from tests.faults.dashboard_run import PROGRAM
from tests.faults.guarded_run import ROOT
from tests.probes.hazard import talker

BLIND = (sys.executable, str(Path(__file__).with_name("blind_clock.py")))
HOUR_S = 3600
STEPS = (HOUR_S, -HOUR_S, -HOUR_S, HOUR_S, HOUR_S, -HOUR_S, -HOUR_S, HOUR_S, HOUR_S, -HOUR_S)
BETWEEN_S = 0.9  # a tick of a step soon after the one before is refused, as it should be
ITEMS, STEP_MIN = 24, 10


def plan_text(zone: str = "UTC") -> str:
    """One long phase of steps with their durations, so that there is a forecast."""
    items = [
        f"            - {{id: s{place:02d}, text: Step {place:02d}, duration: {STEP_MIN}m}}"
        for place in range(ITEMS)
    ]
    head = ["deploytui: 1", "title: Night", f"zone: {zone}", "stages:", "  pre-deploy: []", "  execution:"]
    phase = ["    - phase: Work", "      id: w", "      window: T-1m .. T+6h", "      groups:"]
    group = [
        "        - group: Steps",
        "          id: w.g",
        "          ordered: true",
        "          items:",
        *items,
    ]
    return "\n".join([*head, *phase, *group, "  post-deploy: []", ""])


class SetClock:
    """The clock of programs that are started with `env`, and what was done to it."""

    def __init__(self, folder: Path, library: str, offset_s: int = 0, *, sleeps: bool = False) -> None:
        self._file = folder / "offset"
        self.offset_s = offset_s
        self._write()
        self.env = {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "0" if sleeps else "1",
        }

    def step(self, seconds: int) -> None:
        self.offset_s += seconds
        self._write()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset_s)

    def _write(self) -> None:
        # In place of the old one at once: a program that reads a half-written file has no time at all.
        new = self._file.with_suffix(".new")
        new.write_text(f"{self.offset_s:+d}s\n")
        new.replace(self._file)


class Night:
    """One session under a clock that is set; programs come and go."""

    def __init__(self, folder: Path, clock: SetClock, zone: str = "UTC") -> None:
        self.folder = folder
        self.clock = clock
        self.path = folder / "state" / "s.deploytui"
        (folder / "night.yaml").write_text(plan_text(zone))
        self.env = {
            "PYTHONPATH": str(ROOT / "src"),
            "DEPLOYTUI_STATE_DIR": str(folder / "state"),
            "LOGNAME": "ana",
            "TZ": zone,
            **clock.env,
        }

    def terminal(self, program: Sequence[str], *words: str) -> Terminal:
        return Terminal([*program, *words], cols=120, rows=40, env=self.env, cwd=self.folder)

    def begin(self, program: Sequence[str] = PROGRAM, go_live: str = "now+1m") -> Terminal:
        return self.terminal(
            program, "run", "night.yaml", "--go-live", go_live, "--session", "s", "--as", "ana"
        )

    def events(self) -> list[Event]:
        store = open_store(self.path, writable=False, clock=SystemClock())
        try:
            assert verify(store).broken is None
            return list(store.events())
        finally:
            store.close()

    def of_kind(self, kind: str) -> list[Event]:
        return [event for event in self.events() if event.kind == kind]


@pytest.fixture
def library(counted: Callable[[str], None]) -> str:
    """The path of libfaketime."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        counted("skipped: libfaketime is not installed")
        if IN_CI:
            pytest.fail("libfaketime is not installed, and this suite may not be skipped here")
        pytest.skip("libfaketime is not installed")
    return str(found[0])


def tick(terminal: Terminal, place: int) -> None:
    terminal.settle(BETWEEN_S)
    terminal.send(" ")
    terminal.wait_for(re.compile(rf"\[✓\] {place + 1:02d} Step {place:02d}"), 10)


def stepped_s(night: Night) -> list[float]:
    """By how much the clock was set, as it is journaled; what the machine slept is none."""
    found = night.of_kind("clock.stepped")
    return [event.fact.seconds for event in found if not event.fact.suspended]


def is_forecast(terminal: Terminal, at: datetime) -> bool:
    """Whether the timeline says that the work ends then, give or take the minutes of one step."""
    if f"{at.day} {at:%b} F " in terminal.text:  # past midnight the day stands there
        return True
    found = re.search(r"(\d\d):(\d\d) F ", terminal.text)
    if found is None:
        return False
    minutes = int(found[1]) * 60 + int(found[2]) - at.hour * 60 - at.minute
    return min(minutes % 1440, -minutes % 1440) <= STEP_MIN + 1


def test_a_clock_that_is_set_again_and_again(
    tmp_path: Path, library: str, counted: Callable[[str], None]
) -> None:
    night = Night(tmp_path, clock := SetClock(tmp_path, library))
    with night.begin() as driver:
        driver.wait_for("driver ana", 20)
        with night.terminal(PROGRAM, "watch", "s") as follower:
            follower.wait_for("FOLLOWING", 20)
            for place, seconds in enumerate(STEPS):
                clock.step(seconds)
                word = "forward" if seconds > 0 else "back"
                driver.wait_for(lambda _, least=place: len(stepped_s(night)) > least)
                driver.wait_for(f"the wall clock was set {word} by 60 min")
                tick(driver, place)
                open_min = (ITEMS - place - 1) * STEP_MIN
                driver.wait_for(
                    lambda seen, m=open_min: is_forecast(seen, clock.now() + timedelta(minutes=m)), 20
                )
                follower.wait_for(re.compile(rf"\[✓\] {place + 1:02d} Step"), 5)
                assert "silent" not in follower.text
        driver.process.kill()
    clock.step(-HOUR_S)
    with night.terminal(PROGRAM, "resume", "s", "--as", "BO") as second:
        second.wait_for("driver BO", 20)
        tick(second, len(STEPS))
        second.signal(signal.SIGTERM)
        second.wait()
    judged(night, STEPS)
    counted(
        f"the wall clock set {len(STEPS)} times by an hour: every step told, {len(STEPS) + 1} ticks in their order"
    )


def judged(night: Night, steps: Sequence[int]) -> None:
    """Every step is told with its size, every tick is there in its order, and the order is not that of the clock."""
    assert all(abs(told - real) <= 2 for told, real in zip(stepped_s(night), steps, strict=True))
    events = night.events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    ticked = [event.item for event in events if event.kind == "item.checked"]
    assert ticked == [f"s{place:02d}" for place in range(len(steps) + 1)]
    assert sorted(events, key=lambda event: event.at) != events  # or the clock was never set


def test_a_program_that_is_blind_to_its_clock_is_caught(
    tmp_path: Path, library: str, counted: Callable[[str], None]
) -> None:
    night = Night(tmp_path, clock := SetClock(tmp_path, library))
    with night.begin(BLIND) as driver:
        driver.wait_for("driver ana", 20)
        clock.step(HOUR_S)
        tick(driver, 0)
        clock.step(-HOUR_S)
        tick(driver, 1)
        driver.settle(1.5)
        driver.signal(signal.SIGTERM)
        driver.wait()
    found = stepped_s(night)
    counted(f"  control, blind to its clock: {len(found)} of 2 steps told")
    assert found == []


def test_a_machine_that_slept_says_so_and_its_clock_was_not_set(tmp_path: Path, library: str) -> None:
    """Asleep, both clocks go on."""
    night = Night(tmp_path, clock := SetClock(tmp_path, library, sleeps=True))
    with night.begin() as driver:
        driver.wait_for("driver ana", 20)
        tick(driver, 0)
        clock.step(HOUR_S)
        driver.wait_for("this machine slept for", 10)
        tick(driver, 1)
        driver.signal(signal.SIGTERM)
        driver.wait()
    assert stepped_s(night) == []
    (slept,) = night.of_kind("clock.stepped")
    assert abs(slept.fact.seconds - HOUR_S) <= 2


CHANGES = [
    (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), 120, 60),
    (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), 60, 120),
]


@pytest.mark.parametrize(("change_at", "before_min", "after_min"), CHANGES, ids=["autumn", "spring"])
def test_the_hour_changes_in_the_middle_of_a_window(
    change_at: datetime, before_min: int, after_min: int, tmp_path: Path, library: str
) -> None:
    """The real clock goes over the change: what is left is counted in hours that pass, and nobody set the clock."""
    zone = "Europe/Berlin"
    to_change_s = round((change_at - datetime.now(UTC)).total_seconds())
    night = Night(tmp_path, clock := SetClock(tmp_path, library, to_change_s - 5), zone)
    with night.begin(go_live=f"{change_at:%Y-%m-%dT%H:%MZ}") as driver:
        driver.wait_for("driver ana", 20)
        driver.wait_for(lambda _: clock.now() >= change_at, 20)
        local = change_at.astimezone(ZoneInfo(zone))
        driver.wait_for(re.compile(rf"{local:%H}:0[0-5]:\d\d"), 10)
        tick(driver, 0)
        assert re.search(r"ends 0[67]:00Z?.*5 h 59 left", driver.text)
        driver.signal(signal.SIGTERM)
        driver.wait()
    events = night.events()
    assert stepped_s(night) == []
    opened, (ticked,) = events[0], night.of_kind("item.checked")
    assert (opened.offset_min, ticked.offset_min) == (before_min, after_min)
    assert opened.at < change_at <= ticked.at
    local_before, local_after = (event.at.astimezone(ZoneInfo(zone)) for event in (opened, ticked))
    # The wall would have said that an hour passed, or that time ran back.
    assert abs((local_after.replace(tzinfo=None) - local_before.replace(tzinfo=None)).total_seconds()) > 1800
    assert (ticked.at - opened.at).total_seconds() < 120


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")
async def test_a_clock_in_the_past_is_the_reason_why_no_certificate_holds(
    tmp_path: Path, library: str
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    make += " -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    good = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    env = os.environ | {"PYTHONPATH": str(ROOT / "src"), "SSL_CERT_FILE": str(certificate)}
    async with talker(good, server_side) as port:
        gauge = f'{{title: Web, source: {{http: "https://127.0.0.1:{port}/", measure: up}}, ok: "= 1"}}'
        text = plan_text().replace("stages:", f"gauges: {{web: {gauge}}}\nstages:", 1)
        (tmp_path / "night.yaml").write_text(text)
        past = SetClock(tmp_path, library, -400 * 86400)
        told = await probed(tmp_path, env | past.env)
        # The control: the same certificate holds today.
        today = await probed(tmp_path, env)
    assert "TLS: the certificate is not valid yet" in told
    assert told.startswith("no data")
    assert today.startswith("ok")


async def probed(folder: Path, env: dict[str, str]) -> str:
    words = [*PROGRAM, "probe", "night.yaml"]
    process = await asyncio.create_subprocess_exec(
        *words, env=env, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    out, _ = await process.communicate()
    return out.decode()
