"""A plan file that changes while the session runs: said in the alarm row, journaled once, never read again."""

from __future__ import annotations

from deploytui.plan.watch import Became, Seen
from deploytui.session.act import CloseSession
from deploytui.session.status import status_payload
from deploytui.session.writer import Writer
from tests.session.fake import ANA, Driven
from tests.ui.bridge import Bridge, bridge
from tests.ui.night import ToldGauges, make_services


class ToldFile:
    """A watch that has seen what the test says."""

    def __init__(self, seen: Seen | None = None) -> None:
        self.seen = seen
        self.is_started = False

    def start(self) -> None:
        self.is_started = True

    def stop(self) -> None:
        self.is_started = False


def alarm(night: Bridge) -> str:
    return night.text.splitlines()[2]


def told(night: Bridge) -> list[str]:
    return [event.fact.became for event in night.session.events if event.kind == "plan.file_changed"]


async def test_a_change_is_announced_stays_and_is_written_once() -> None:
    services, _ = make_services(gauges=ToldGauges())
    services.plan_file = file = ToldFile(Seen(Became.SAME, "00"))
    async with bridge(services=services) as night:
        assert file.is_started
        await night.tick()
        assert told(night) == []
        file.seen = Seen(Became.CHANGED, "ab12")
        for _ in range(3):
            await night.tick()
        assert told(night) == ["changed"]
        assert "PLAN FILE CHANGED" in alarm(night)
        await night.press("escape")
        assert "PLAN FILE CHANGED" in alarm(night)
        assert "SYS ▲ the plan file changed on disk, now ab12" in night.text
        file.seen = Seen(Became.SAME, "00")
        await night.tick()
        assert told(night) == ["changed", "same"]
        assert "no alarms" in alarm(night)


async def test_a_further_change_is_an_alarm_again_after_the_first_was_acknowledged() -> None:
    services, _ = make_services(gauges=ToldGauges())
    services.plan_file = file = ToldFile(Seen(Became.CHANGED, "ab12"))
    async with bridge(160, 40, services=services) as night:
        await night.tick()
        await night.press("a")
        assert "a ack" not in alarm(night)
        file.seen = Seen(Became.CHANGED, "cd34")
        await night.tick()
        assert "a ack" in alarm(night)


async def test_gone_and_unreadable_have_words_of_their_own() -> None:
    services, _ = make_services(gauges=ToldGauges())
    services.plan_file = file = ToldFile(Seen(Became.MISSING))
    async with bridge(200, 50, services=services) as night:
        await night.tick()
        assert "PLAN FILE GONE: this session keeps the plan it was opened with" in alarm(night)
        file.seen = Seen(Became.UNREADABLE, why="a folder")
        await night.tick()
        assert "PLAN FILE UNREADABLE, a folder: this session keeps the plan it was opened with" in alarm(
            night
        )


async def test_a_resumed_session_says_it_still_and_does_not_write_it_again() -> None:
    services, clock = make_services(gauges=ToldGauges())
    services.plan_file = ToldFile(Seen(Became.CHANGED, "ab12"))
    async with bridge(services=services) as night:
        await night.tick()
        store = night.store
    session = Driven(services.session.plan, store, clock, store.events())
    session.drive(store.lease().epoch)
    again, _ = make_services(gauges=ToldGauges())
    again.session, again.plan_file = session, services.plan_file
    again.viewer._session, again.writer, again.machine = session, Writer(session.core, clock), clock
    again.clock = clock
    async with bridge(services=again) as night:
        assert "PLAN FILE CHANGED" in alarm(night)
        await night.tick()
        assert told(night) == ["changed"]


async def test_status_says_it_too_and_a_follower_writes_nothing() -> None:
    services, clock = make_services(gauges=ToldGauges())
    services.plan_file = file = ToldFile(Seen(Became.CHANGED, "ab12"))
    async with bridge(services=services) as night:
        await night.tick()
        payload = status_payload(night.session, clock.now(), night.store.lease(), True, night.store.head())
        assert payload["alarms"][0].startswith("PLAN FILE CHANGED on disk: this session keeps")
        night.session.is_driving = False
        file.seen = Seen(Became.MISSING)
        await night.tick()
        assert told(night) == ["changed"]


async def test_a_closed_session_has_nothing_more_to_say() -> None:
    services, _ = make_services(gauges=ToldGauges())
    services.plan_file = ToldFile(Seen(Became.CHANGED, "ab12"))
    services.session.perform(CloseSession("done"), ANA)
    async with bridge(services=services) as night:
        await night.tick()
        assert told(night) == []
        assert "session is closed" not in night.footer
