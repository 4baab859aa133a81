"""The file of half-typed texts: its own, replaced as a whole, never believed when it is damaged or another's."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from deploytui.base.clock import FrozenClock
from deploytui.journal.draft_store import (
    MOST_KEPT,
    Begun,
    DraftFile,
    DraftsLost,
    drafts_path,
    unsent,
)
from deploytui.journal.event import Draft, stamp
from deploytui.journal.fact import NoteAdded
from tests.journal.sample import AT, HEADER

NOTE = Begun("note exec.1", "Kim restarts the wor", "ANA", 7)


def file_in(folder: Path) -> DraftFile:
    return DraftFile(folder / "s.drafts", HEADER)


def test_it_stands_beside_the_session(tmp_path: Path) -> None:
    assert drafts_path(tmp_path / "night.deploytui") == tmp_path / "night.drafts"


def test_what_was_kept_comes_back_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        file_in(tmp_path).save([NOTE])
    finally:
        os.umask(before)
    assert file_in(tmp_path).load() == [NOTE]
    assert stat.S_IMODE((tmp_path / "s.drafts").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["s.drafts"]


def test_with_nothing_to_keep_there_is_no_file(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    file.save([])
    file.save([NOTE])
    file.save([])
    assert os.listdir(tmp_path) == []
    assert file.load() == []


def test_what_a_kill_left_half_written_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "s.drafts.new").write_bytes(b'{"deploytui_dr')
    file_in(tmp_path).save([NOTE])
    assert file_in(tmp_path).load() == [NOTE]
    assert os.listdir(tmp_path) == ["s.drafts"]


def test_it_is_bounded_the_newest_stay(tmp_path: Path) -> None:
    many = [replace(NOTE, key=f"note {number}") for number in range(MOST_KEPT + 5)]
    file_in(tmp_path).save(many)
    assert file_in(tmp_path).load() == many[5:]


def test_the_texts_of_another_session_of_that_name_are_not_taken(tmp_path: Path) -> None:
    later = replace(HEADER, created_at=AT + timedelta(days=1))
    DraftFile(tmp_path / "s.drafts", later).save([NOTE])
    assert file_in(tmp_path).load() == []


def test_what_was_changed_by_hand_is_cleaned_where_it_enters(tmp_path: Path) -> None:
    file_in(tmp_path).save([replace(NOTE, text="a\x1b]52;c;x\x07b\u202e")])
    assert "\x1b" not in file_in(tmp_path).load()[0].text
    assert "\u202e" not in file_in(tmp_path).load()[0].text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff\xfe\x00"),
        lambda path: path.write_bytes(b'{"deploytui_drafts": 1}'),
        lambda path: path.write_bytes(b"[" * 100_000),
        lambda path: path.write_bytes(b" " * 2_000_000),
        lambda path: path.mkdir(),
        lambda path: os.mkfifo(path),
        lambda path: path.symlink_to("/etc/passwd"),
    ],
)
def test_damage_is_told_and_never_believed(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    spoil(tmp_path / "s.drafts")
    with pytest.raises(DraftsLost):
        file_in(tmp_path).load()


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / "s.drafts").symlink_to("theirs")
    (tmp_path / "s.drafts.new").symlink_to("theirs")
    file_in(tmp_path).save([NOTE])
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert file_in(tmp_path).load() == [NOTE]


def test_a_folder_that_takes_nothing_is_told_and_what_was_kept_stays(tmp_path: Path) -> None:
    file_in(tmp_path).save([NOTE])
    (tmp_path / "s.drafts.new").mkdir()  # stands in for a disk that is full or read-only
    with pytest.raises(DraftsLost, match="director"):
        file_in(tmp_path).save([replace(NOTE, text="another")])
    assert file_in(tmp_path).load() == [NOTE]
    with pytest.raises(DraftsLost, match="no such file"):
        DraftFile(tmp_path / "gone" / "s.drafts", HEADER).save([NOTE])


def test_a_text_that_a_later_event_holds_was_sent() -> None:
    said = Draft(NoteAdded(text=NOTE.text, item="exec.1"), by="ANA")
    clock = FrozenClock(AT)
    assert unsent([NOTE], [stamp(said, 8, 1, clock)]) == []
    assert unsent([NOTE], [stamp(said, 7, 1, clock)]) == [NOTE]  # the same words, said before
    assert unsent([NOTE], []) == [NOTE]
