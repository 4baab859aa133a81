"""Every scene of the gauge pane says what it is about, in words, at each size and in both themes."""

from __future__ import annotations

import pytest

from deploytui.ui.app import DashboardApp
from tests.pictures.gauges import SIZES, THEMES, VIEWS
from tests.pictures.scene import SCENES, make_scene
from tests.ui.drawn import screen_text

WORDS = {
    "ok": ("✓ OK", "no alarms"),
    "watch": ("▲ WATCH", "0.42 %", "37 s"),
    "breach": ("✗ BREACH", "8.66 %", "4 min"),
    "acknowledged": ("✗ BREACH", "acknowledged: BREACH error rate"),
    "shelved": ("ROLLBACK TRIGGER Data loss", "trigger shelved until 03:11Z"),
    "no-data": ("○ NO DATA",),
    "stale": ("○ STALE", "2 min old"),
    "settling": ("▶ SETTL", "no alarms"),
    "planned-stop": ("■ ", "STOP", "no alarms"),
    "every": ("▲ WATCH", "○ NO DATA", "○ STALE", "✓ OK"),
    "many": ("▲ WATCH", " more", "(+11)"),
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", SCENES)
async def test_a_scene_in_words(name: str, size: tuple[int, int], theme: str) -> None:
    app = DashboardApp(make_scene(name, theme))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = screen_text(app)
    for word in WORDS[name]:
        assert word in text, word
    # A title beside any level still says which gauge it is.
    assert name == "many" or all(
        title in text for title in ("Error", "Respon", "CPU", "memory", "DB", "disk")
    )
    assert ("1 h " in text) is (size[0] == 200 and name != "many")


async def test_zoomed_over_200_columns_the_past_is_longer_and_its_gap_is_seen() -> None:
    app = DashboardApp(make_scene("every"))
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.press("3", "z")
        await pilot.pause()
        lines = [line for line in screen_text(app).splitlines() if " h " in line and "▂" in line]
    assert lines
    assert all("2 h " in line for line in lines)
    gaps = {line.index("▂ ", 60) for line in lines if "▂  " in line[60:]}
    assert gaps


def test_each_scene_has_its_words_and_each_view_its_scene() -> None:
    assert set(WORDS) == set(SCENES)
    assert set(VIEWS) <= set(SCENES)
