"""Half-typed texts: kept at esc and over a crash, gone once saved, masked when they are offered, and never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploytui.base.errors import UnusableSession
from deploytui.journal.draft_store import Begun, DraftFile, DraftsLost
from deploytui.journal.store import Appended
from deploytui.session.act import AddNote
from deploytui.ui.draft import DraftKeeper, Drafts
from deploytui.ui.screens.ask import TextModal
from deploytui.ui.screens.palette import PaletteModal
from deploytui.ui.service import Services
from tests.session.fake import ANA
from tests.ui.bridge import Bridge, bridge
from tests.ui.night import make_services


class ListDrafts:
    """The kept texts in a list; `why` is what a disk says that takes none."""

    def __init__(self, kept: Sequence[Begun] = (), why: str = "") -> None:
        self.kept = list(kept)
        self.why = why
        self.tries = 0

    def load(self) -> list[Begun]:
        return list(self.kept)

    def save(self, texts: Sequence[Begun]) -> None:
        self.tries += 1
        if self.why:
            raise DraftsLost(self.why)
        self.kept = list(texts)


def desk_with(store: ListDrafts | DraftFile, by: str = "ANA") -> Services:
    services, _ = make_services()
    services.draft_keeper = DraftKeeper(services.drafts, store, services.session, by)
    return services


async def until(night: Bridge, store: ListDrafts, texts: list[tuple[str, str]]) -> None:
    """Until exactly these are kept."""
    async with asyncio.timeout(5):
        while [(one.key, one.text) for one in store.kept] != texts:
            await asyncio.sleep(0.005)
    await night.settle()


def notes(night: Bridge) -> list[str]:
    return [event.fact.text for event in night.session.events if event.kind == "note.added"]


# -- pure --------------------------------------------------------------------------------------------------


def test_a_text_that_was_sent_is_offered_to_nobody_and_still_kept() -> None:
    drafts = Drafts()
    drafts.keep("note a", "half")
    drafts.send("note a", 1)
    assert drafts.offered("note a") == ""
    assert drafts.all() == [("note a", "half")]
    drafts.saved(1)
    assert drafts.all() == []


def test_what_was_not_saved_is_there_again_unless_another_was_begun() -> None:
    drafts = Drafts()
    drafts.keep("note a", "first")
    drafts.send("note a", 1)
    drafts.not_saved(1)
    assert drafts.offered("note a") == "first"
    drafts.send("note a", 2)
    drafts.keep("note a", "second")
    drafts.not_saved(2)
    assert drafts.offered("note a") == "second"


def test_what_is_typed_counts_more_than_what_was_kept() -> None:
    drafts = Drafts()
    drafts.keep("note a", "now")
    drafts.take_over({"note a": "before", "note b": "other"})
    assert drafts.all() == [("note a", "now"), ("note b", "other")]


# -- at the dashboard --------------------------------------------------------------------------------------


async def test_what_is_typed_is_kept_a_moment_later_and_gone_once_saved() -> None:
    store = ListDrafts()
    async with bridge(services=desk_with(store)) as night:
        await night.press("n")
        await night.write("Kim restarts")
        await until(night, store, [("note exec.1", "Kim restarts")])
        assert store.kept[0].by == "ANA"
        assert store.tries < 6  # not once a key
        await night.press("enter")
        await until(night, store, [])
        assert notes(night) == ["Kim restarts"]


async def test_it_is_offered_again_by_the_next_program_in_the_words_of_esc() -> None:
    store = ListDrafts([Begun("note exec.1", "Kim rest", "ANA", 1)])
    async with bridge(services=desk_with(store)) as night:
        await night.press("n")
        assert "Kim rest" in night.text
        await night.write("arts")
        await night.press("escape")
        assert "the text is kept: n goes on with it" in night.footer
        await night.press("n", "enter")
        assert notes(night) == ["Kim restarts"]


@pytest.mark.parametrize(
    ("keys", "text", "draft", "again"),
    [
        (("s",), "not to", "skip exec.1", "s goes on"),
        (("o",), "known", "override exec.1", "o goes on"),
        (("i",), "restart", "insert", "i goes on"),
        (("e",), "10 Ki", "Promise", "e goes on"),
        ((":",), "hold 10m wai", "command", ": goes on"),
    ],
)
async def test_every_dialog_keeps_what_was_begun_in_it(
    keys: tuple[str, ...], text: str, draft: str, again: str
) -> None:
    store = ListDrafts()
    async with bridge(services=desk_with(store)) as night:
        await night.press(*keys)
        await night.write(text)
        await until(night, store, [(draft, text)])
        await night.press("escape")
        assert again in night.footer
        await night.press(*keys)
        assert isinstance(night.app.screen, TextModal | PaletteModal)
        assert night.app.screen.field is not None
        assert night.app.screen.field.value == text


async def test_why_something_failed_is_kept_though_it_is_due() -> None:
    store = ListDrafts()
    async with bridge(services=desk_with(store)) as night:
        await night.press("f")
        await night.write("3 err")
        await night.press("escape")
        assert "the reason is due: f adds it" in night.footer
        await until(night, store, [("fail exec.1", "3 err")])
        await night.press("f")
        assert "3 err" in night.text


async def test_a_search_in_the_palette_is_not_kept() -> None:
    async with bridge() as night:
        await night.press(":")
        await night.write("find")
        await night.press("escape")
        assert "kept" not in night.footer
        assert night.services.drafts.all() == []


async def test_a_command_that_was_done_is_gone_and_one_that_was_refused_is_kept() -> None:
    store = ListDrafts()
    async with bridge(services=desk_with(store)) as night:
        await night.press(":")
        await night.write("hold 10m waiting")
        await night.press("enter")
        assert night.session.state.hold is not None
        await until(night, store, [])
        await night.press(":")
        await night.write("hold 5m again")
        await night.press("enter")
        await until(night, store, [("Hold", "5m again")])


async def test_a_disk_that_does_not_save_the_event_leaves_the_text() -> None:
    store = ListDrafts()
    services = desk_with(store)

    def full(*args: object) -> Appended:
        raise UnusableSession("the disk is full")

    async with bridge(services=services) as night:
        services.session.store.append = full  # type: ignore[method-assign]
        await night.press("n")
        await night.write("Kim")
        await night.press("enter")
        assert "NOT SAVED: a note" in night.footer
        await until(night, store, [("note exec.1", "Kim")])
        assert night.services.drafts.offered("note exec.1") == "Kim"


async def test_a_secret_is_masked_until_it_is_gone_on_with() -> None:
    store = ListDrafts([Begun("note exec.1", "call +49 170 1234567", "ANA", 1)])
    async with bridge(services=desk_with(store)) as night:
        await night.press("n")
        assert "call ••••" in night.text
        assert "1234567" not in night.text
        await night.write("8")
        assert "call +49 170 12345678" in night.text
        await night.press("enter")
        assert notes(night) == ["call +49 170 12345678"]


async def test_what_another_person_began_is_neither_offered_nor_lost() -> None:
    theirs = Begun("note exec.1", "Kim's words", "KIM", 1)
    store = ListDrafts([theirs])
    async with bridge(services=desk_with(store)) as night:
        await night.press("n")
        assert "Kim's words" not in night.text
        await night.write("mine")
        await until(night, store, [("note exec.1", "Kim's words"), ("note exec.1", "mine")])
        await night.press("enter")
        await until(night, store, [("note exec.1", "Kim's words")])
        assert store.kept == [theirs]


async def test_what_the_journal_holds_already_is_not_offered_again() -> None:
    store = ListDrafts()
    services = desk_with(store)
    before = services.session.state.seq
    services.session.perform(AddNote("Kim restarts", "exec.1"), ANA)
    store.kept = [Begun("note exec.1", "Kim restarts", "ANA", before)]
    async with bridge(services=services) as night:
        await until(night, store, [])
        assert night.services.drafts.all() == []


async def test_who_follows_reads_and_writes_none() -> None:
    store = ListDrafts([Begun("command", "hold 10m", "", 1)])
    services = desk_with(store, by="")
    services.session.is_driving = False
    async with bridge(services=services) as night:
        await night.press(":")
        await night.write("move end")
        await night.press("escape")
    assert (store.tries, len(store.kept)) == (0, 1)


async def test_who_lost_the_lease_leaves_the_file_to_who_drives_now() -> None:
    store = ListDrafts()
    async with bridge(services=desk_with(store)) as night:
        await night.press("n")
        await night.write("mine")
        await until(night, store, [("note exec.1", "mine")])
        tries = store.tries
        night.session.is_driving = False  # as when another program has taken the lease
        await night.write(" too")
        await night.press("escape")
    assert store.tries == tries


async def test_a_disk_that_takes_no_texts_is_said_once_and_everything_else_goes_on() -> None:
    store = ListDrafts(why="no space left on device")
    async with bridge(140, 40, services=desk_with(store)) as night:
        await night.press("n")
        await night.write("Kim")
        async with asyncio.timeout(5):
            while not store.tries:
                await asyncio.sleep(0.005)
        await night.settle()
        assert "half-typed texts would not survive a crash now: no space left on device" in night.footer
        await night.press("enter", "space")
        assert notes(night) == ["Kim"]
        assert "[✓]" in night.row("exec.1")


async def test_what_was_typed_last_is_on_the_disk_when_one_leaves(tmp_path: Path) -> None:
    services, _ = make_services()
    file = DraftFile(tmp_path / "s.drafts", services.session.header)
    services.draft_keeper = DraftKeeper(services.drafts, file, services.session, "ANA")
    async with bridge(services=services) as night:
        await night.press("n")
        await night.write("Kim")
        await night.services.draft_keeper.stop()  # type: ignore[union-attr]
    assert [one.text for one in file.load()] == ["Kim"]
