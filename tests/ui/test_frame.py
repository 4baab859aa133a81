"""The frame of a pane is Textual's: what stands on it is drawn as it is, in the pane's width, and masked."""

from __future__ import annotations

import pytest
from textual.strip import Strip

from deploytui.base.text import clean_line
from tests.faults.hostile import HOSTILE
from tests.ui.bridge import Bridge, bridge
from tests.ui.drawn import width_of

SECRET = "call +49 170 1234567"


def frames(night: Bridge) -> list[Strip]:
    """The lines of the screen with a title of a pane."""
    strips = night.app.screen._compositor.render_strips()
    return [strip for strip in strips if "Checklist" in strip.text or "more below" in strip.text]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hostile_text_on_a_frame_is_drawn_literally_and_keeps_the_width(size: tuple[int, int]) -> None:
    async with bridge(*size) as night:
        for word in HOSTILE:
            night.screen.checklist.say_aside(clean_line(word))
            await night.pilot.pause()
            for strip in frames(night):
                assert width_of(strip) == size[0], word
                assert "\x1b" not in strip.text
                assert "\x07" not in strip.text
                assert not any(one.style and (one.style.meta or one.style.link) for one in strip), word


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("word", ["[bold]x[/bold]", "[@click=app.quit]x[/]", "[WARN] disk", "[/nope]"])
async def test_markup_on_a_frame_is_seen_as_it_was_written(size: tuple[int, int], word: str) -> None:
    async with bridge(*size) as night:
        night.screen.checklist.say_aside(word)
        await night.settle()
        assert f"1 Checklist  {word}" in night.text


async def test_what_is_masked_on_a_frame_is_counted() -> None:
    async with bridge() as night:
        night.screen.checklist.say_aside(SECRET)
        await night.settle()
        assert "1234567" not in night.text
        assert night.screen.checklist.count_hidden() == 1


async def test_other_words_on_the_frame_repaint_its_two_lines_only() -> None:
    async with bridge() as night:
        asked: list[int] = []
        checklist = night.screen.checklist
        refresh = checklist.refresh
        checklist.refresh = lambda *regions, **k: (
            asked.extend(region.y for region in regions),
            refresh(*regions, **k),
        )[1]  # type: ignore[method-assign]
        checklist.say_aside("Execution 1 of 14")
        assert asked == [-1, checklist.size.height]
        checklist.say_aside("Execution 1 of 14")
        assert len(asked) == 2


async def test_the_pane_that_has_the_keys_is_heavy() -> None:
    async with bridge() as night:
        assert "┏━ 1 Checklist " in night.text
        await night.press("2")
        assert "┌─ 1 Checklist " in night.text
        assert "┏━ 2 Timeline " in night.text
