"""Themes: the two that ship, and what a theme file is refused for, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.theme import Theme

from deploytui.base.errors import UsageError
from deploytui.base.paths import bundled_dirs
from deploytui.ui.theme import COLORS, contrast, load_theme, read_theme

GOOD = """\
name: mine
dark: true
background: "#0B0F14"
text: "#F2F5F7"
muted: "#B8C4CE"
ok: "#3DDC97"
watch: "#FFD000"
breach: "#FF8577"
info: "#7AA2FF"
border: "#8796A5"
"""
# As measured for shared screens.
SHIPPED = {
    "bridge-dark": {
        "text": 17.6,
        "muted": 10.8,
        "ok": 10.9,
        "watch": 13.1,
        "breach": 8.1,
        "info": 7.7,
        "border": 6.3,
    },
    "bridge-light": {
        "text": 18.2,
        "muted": 8.9,
        "ok": 8.9,
        "watch": 8.1,
        "breach": 10.9,
        "info": 9.5,
        "border": 4.9,
    },
}


def shipped(name: str) -> Theme:
    return load_theme(name, {}, Path("/nonexistent"))


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    return path


def problems(tmp_path: Path, text: str) -> str:
    with pytest.raises(UsageError) as caught:
        read_theme(written(tmp_path, text))
    return str(caught.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_themes_have_the_measured_contrasts(name: str) -> None:
    theme = shipped(name)
    measured = {
        role: round(contrast(theme.variables[role], theme.variables["background"]), 1)
        for role in SHIPPED[name]
    }
    assert measured == SHIPPED[name]
    assert theme.name == name


def test_every_shipped_theme_loads() -> None:
    for path in (path for folder in bundled_dirs("themes") for path in folder.glob("*.yaml")):
        assert read_theme(path).name == path.stem


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


def test_a_theme_of_ones_own_is_found_first(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "bridge-dark.yaml").write_text(GOOD)
    assert load_theme("bridge-dark", {}, tmp_path).name == "mine"


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        load_theme("nope\x1b[31m", {}, Path("/nonexistent"))
    assert 'no theme named "nope␛[31m"; try one of these: bridge-dark, bridge-light' in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("muted:", "mutde:", "mine.yaml:5:1: mutde: found an unknown key, expected one of name, dark"),
        ("muted:", "mutde:", "mine.yaml:1: found no muted, expected all of them"),
        (
            '"#3DDC97"',
            "#3DDC97",
            'mine.yaml:6:1: ok: found nothing, expected a colour such as "#0B0F14"; try quotes',
        ),
        ('"#3DDC97"', '"greenish"', 'mine.yaml:6:1: ok: found "greenish", expected a colour'),
        ('"#3DDC97"', '"#3DDC9780"', "expected an opaque colour"),
        ('"#3DDC97"', "ansi_green", "expected an opaque colour"),
        ('"#3DDC97"', "auto", "mine.yaml:6:1: ok: found"),
        ('"#3DDC97"', "[a, b]", "mine.yaml:6:1: ok: found a list or mapping, expected one value"),
        ("dark: true", "dark: yes", 'mine.yaml:2:1: dark: found "yes", expected true or false'),
        ("name: mine", "name: '../x'", "mine.yaml:1:1: name: found"),
        (
            '"#8796A5"',
            '"#4A5560"',
            'mine.yaml:10: border: found a contrast of 2.5 on "#0B0F14", expected 4.5 or more',
        ),
        ('"#3DDC97"', '"#2A8A60"', "mine.yaml:6: ok: found a contrast of 4.5"),
        ("name: mine", "name: mine\nname: mine", "mine.yaml:2"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in problems(tmp_path, GOOD.replace(old, new))


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('"#3DDC97"', "nope").replace('"#FFD000"', "neither").replace("dark: true", "dark: 1")
    assert len(problems(tmp_path, text).splitlines()) == 3


def test_files_that_are_no_themes_are_refused(tmp_path: Path) -> None:
    for text in ("", "- a\n", "text\n", "{", "a: [", GOOD + "#" * 70_000):
        assert "mine.yaml" in problems(tmp_path, text)
    with pytest.raises(UsageError):
        read_theme(tmp_path)


@pytest.mark.parametrize("name", SHIPPED)
def test_textuals_variables_hold_only_our_colours(name: str) -> None:
    theme = shipped(name)
    own = {theme.variables[role] for role in COLORS}
    variables = theme.to_color_system().generate() | theme.variables
    assert [variables[role] for role in COLORS] == [theme.variables[role] for role in COLORS]
    for said in ("foreground", "background", "surface", "panel", "primary", "error", "scrollbar", "text-muted",
                 "input-cursor-background", "footer-foreground", "block-cursor-foreground"):  # fmt: skip
        assert variables[said] in own, said
