"""Notifications: one form for each terminal, nothing where it would be printed, and nothing foreign that escapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from deploytui.metrics.board import Level
from deploytui.ui.app import DashboardApp
from deploytui.ui.notification import notification
from tests.session.fake import small_plan
from tests.ui.bridge import Bridge, bridge
from tests.ui.night import ToldGauges, make_services, readings

OSC9 = "\x1b]9;deploytui n: breach\x1b\\"
OSC777 = "\x1b]777;notify;deploytui n;breach\x1b\\"
IN_TMUX = "\x1bPtmux;\x1b\x1b]9;deploytui n: breach\x1b\x1b\\\x1b\\"


@pytest.mark.parametrize(
    ("env", "written"),
    [
        ({"TERM": "xterm-256color"}, OSC9),
        ({"TERM": "xterm-256color", "SSH_TTY": "/dev/pts/1"}, OSC9),
        ({"TERM": "xterm-kitty"}, OSC9),
        ({"TERM": "foot-extra"}, OSC9),
        ({"TERM": "st-256color"}, OSC9),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7200"}, OSC777),
        ({"TERM": "rxvt-unicode-256color"}, OSC777),
        ({"TERM": "tmux-256color"}, IN_TMUX),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, IN_TMUX),
        ({"TERM": "screen-256color"}, ""),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts"}, ""),
        ({"TERM": "linux"}, ""),
        ({"TERM": "vt100"}, ""),
        ({"TERM": "eterm-color"}, ""),
        ({"TERM": "dumb"}, ""),
        ({"TERM": "stterm"}, ""),
        ({}, ""),
    ],
)
def test_the_form_for_each_terminal(env: dict[str, str], written: str) -> None:
    assert notification(env, "deploytui n", "breach") == written


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_in_a_text_ends_the_sequence_or_begins_another(title: str, text: str) -> None:
    for term, frame in (("xterm", 2), ("tmux", 5)):
        found = notification({"TERM": term}, title, text)
        assert found.count("\x1b") == (frame if term == "xterm" else 6)
        inner = found.replace("\x1b", "")
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in inner)
        assert len(found) < 400


def test_the_title_cannot_end_early_and_ascii_stays_ascii() -> None:
    found = notification({"TERM": "rxvt"}, "a;b", "c;d")
    assert found == "\x1b]777;notify;a,b;c;d\x1b\\"
    assert notification({"TERM": "xterm"}, "n", "✗ größer", is_ascii=True).isascii()


# -- on the screen -------------------------------------------------------------------------------------


class Outside:
    """What was sent to the terminal besides the picture."""

    def __init__(self, night: Bridge, monkeypatch: pytest.MonkeyPatch, term: str = "xterm") -> None:
        self.sent: list[str] = []
        monkeypatch.setattr(DashboardApp, "tell_terminal", lambda app, text: self.sent.append(text))
        night.app._env = {"TERM": term}

    def take(self) -> list[str]:
        sent, self.sent = self.sent, []
        return sent


def calm() -> ToldGauges:
    return ToldGauges(tuple(replace(one, level=Level.OK) for one in readings()))


def go(gauges: ToldGauges, gauge: str, level: Level) -> None:
    gauges.readings = tuple(
        replace(one, level=level, why="8 %, breach is > 5, mail kim@example.com") if one.id == gauge else one
        for one in gauges.readings
    )


async def test_each_new_alarm_is_told_once_and_the_bell_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    gauges = calm()
    services, _ = make_services(small_plan(), gauges=gauges)
    async with bridge(services=services) as night:
        outside = Outside(night, monkeypatch)
        await night.tick()
        assert outside.take() == []
        go(gauges, "errors", Level.BREACH)
        go(gauges, "latency", Level.WATCH)
        await night.tick()
        (sent,) = outside.take()
        assert sent.startswith("\x1b]9;deploytui night: BREACH error rate: 8 %")
        assert "(+1)" in sent
        assert "kim@example.com" not in sent
        assert "\a" not in sent
        await night.tick()
        assert outside.take() == []


async def test_it_can_be_switched_off_and_a_bell_on(monkeypatch: pytest.MonkeyPatch) -> None:
    gauges = calm()
    services, _ = make_services(small_plan(), gauges=gauges)
    async with bridge(services=services) as night:
        outside = Outside(night, monkeypatch)
        await night.tick()
        night.screen.perform("alarm.notify")
        await night.settle()
        assert "notifications of new alarms are off" in night.footer
        night.screen.perform("alarm.bell")
        go(gauges, "errors", Level.BREACH)
        await night.tick()
        assert outside.take() == ["\a"]


async def test_what_was_there_when_it_was_opened_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bridge() as night:
        outside = Outside(night, monkeypatch)
        for _ in range(3):
            await night.tick()
        assert outside.take() == []


# -- the row -------------------------------------------------------------------------------------------


async def test_enter_on_the_alarm_row_shows_the_triggers() -> None:
    async with bridge() as night:
        await night.press("shift+tab")
        row = night.text.splitlines()[2]
        assert row.startswith("▌")
        assert "enter triggers" in row
        await night.press("enter")
        assert "Rollback triggers" in night.text
        await night.press("escape", "escape")
        assert night.text.splitlines()[2].startswith(" ▲")
        assert "┏━ 1 Checklist" in night.text


@pytest.mark.parametrize(("cols", "rows"), [(80, 24), (60, 16)])
async def test_the_alarm_row_takes_no_room_from_the_panes(cols: int, rows: int) -> None:
    async with bridge(cols, rows) as night:
        await night.press("4", "z")
        before = night.text.splitlines()[4:-1]
        await night.press("tab")
        assert night.text.splitlines()[2].startswith("▌")
        assert len(night.text.splitlines()) == rows
        assert night.text.splitlines()[4:-1] == before
