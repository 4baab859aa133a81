"""Colour themes: eight named roles, read from YAML and refused when they cannot be read on a shared screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from textual.color import Color, ColorParseError
from textual.theme import Theme as Theme

from deploytui.base.errors import Problem, UsageError
from deploytui.base.paths import find_all
from deploytui.base.text import quoted
from deploytui.plan.node import Mapping as MappingNode
from deploytui.plan.node import Scalar
from deploytui.plan.yaml import read_yaml

DEFAULT = "bridge-dark"
MAX_BYTES = 64 * 1024
TEXT_CONTRAST, LINE_CONTRAST = 7.0, 4.5
_READ = ("text", "muted", "ok", "watch", "breach", "info")
COLORS = ("background", *_READ, "border")
_KEYS = ("name", "dark", *COLORS)
_Fault = tuple[str, str, str | None]


# Textual's own names for the same colors, since it turns each into HSL and back, and not exactly.
_TEXTUALS = {
    "text": (
        "foreground text-primary text-secondary text-accent foreground-muted foreground-disabled text-disabled "
        "block-cursor-background block-cursor-blurred-background input-cursor-background "
        "input-selection-background button-foreground button-color-foreground footer-foreground "
        "footer-description-foreground footer-key-foreground screen-selection-background link-color"
    ),
    "background": (
        "block-cursor-foreground block-cursor-blurred-foreground input-cursor-foreground surface-active "
        "input-selection-foreground screen-selection-foreground footer-background scrollbar-background "
        "scrollbar-background-hover scrollbar-background-active scrollbar-corner-color "
        "block-hover-background link-background-hover surface panel boost"
    ),
    "info": "primary accent",
    "muted": "secondary text-muted scrollbar scrollbar-hover scrollbar-active link-color-hover",
    "border": "border-blurred",
    "ok": "success text-success",
    "watch": "warning text-warning",
    "breach": "error text-error",
}


def load_theme(name: str, env: Mapping[str, str], cwd: Path) -> Theme:
    """The theme of that name: the working folder's, the user's or a bundled one. UsageError says what is wrong."""
    found = find_all("themes", (".yaml", ".yml"), env, cwd)
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        raise UsageError(Problem(f"no theme named {quoted(name)}", try_=f"one of these: {known}"))
    return read_theme(found[name])


def read_theme(path: Path) -> Theme:
    """Read and check one theme file; UsageError carries every problem with its line. Each of `COLORS` is a variable of
    the theme, opaque, for painters and stylesheets alike."""
    try:
        with path.open("rb") as file:
            source = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(Problem(f"cannot be read: {error.strerror}", file=str(path))) from None
    if len(source) > MAX_BYTES:
        raise UsageError(Problem(f"more than {MAX_BYTES:,} bytes", "a theme of ten lines", file=str(path)))
    root, problems = read_yaml(source, str(path))
    values: dict[str, Scalar] = {}
    if isinstance(root, MappingNode) and not problems:
        values = {key.text: value for key, value in root.entries if isinstance(value, Scalar)}
        problems = list(_problems(root, str(path))) or list(_contrast_problems(values, str(path)))
    elif not problems:
        line = None if root is None else root.line
        problems = [Problem("no keys", f"the keys {', '.join(_KEYS)}", file=str(path), line=line)]
    if problems:
        raise UsageError(problems)
    colors = {color: Color.parse(values[color].text).hex for color in COLORS}
    own = {name: colors[color] for color, names in _TEXTUALS.items() for name in names.split()}
    return Theme(
        values["name"].text, own["primary"], dark=values["dark"].text == "true", variables=colors | own
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2 defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in Color.parse(color).normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _problems(root: MappingNode, file: str) -> Iterator[Problem]:
    for key, value in root.entries:
        if key.text not in _KEYS:
            fault: _Fault | None = ("an unknown key", f"one of {', '.join(_KEYS)}", None)
        elif isinstance(value, Scalar):
            fault = _fault(key.text, value)
        else:
            fault = ("a list or mapping", "one value", None)
        if fault:
            yield Problem(*fault, file=file, line=key.line, col=key.col, key=quoted(key.text).strip('"'))
    named = {key.text for key, _ in root.entries}
    if missing := [key for key in _KEYS if key not in named]:
        yield Problem(f"no {', '.join(missing)}", "all of them", file=file, line=root.line)


def _fault(key: str, value: Scalar) -> _Fault | None:
    """What was found, what was expected and what to try, where a value does not fit its key."""
    if key == "name":
        fits = 0 < len(value.text) <= 40 and value.text.replace("-", "").replace("_", "").isalnum()
        return None if fits else (quoted(value.text), "letters, digits and -", None)
    if key == "dark":
        return None if value.text in ("true", "false") else (quoted(value.text), "true or false", None)
    if value.is_null or not value.text:
        return "nothing", 'a colour such as "#0B0F14"', "quotes around it: # begins a comment"
    try:
        color = Color.parse(value.text)
    except ColorParseError:
        return quoted(value.text), 'a colour such as "#0B0F14"', None
    if color.a != 1 or color.ansi is not None or color.auto:
        return quoted(value.text), 'an opaque colour such as "#0B0F14"', None
    return None


def _contrast_problems(values: Mapping[str, Scalar], file: str) -> Iterator[Problem]:
    background = values["background"].text
    for color in (*_READ, "border"):
        least = LINE_CONTRAST if color == "border" else TEXT_CONTRAST
        if (ratio := contrast(values[color].text, background)) < least:
            found = f"a contrast of {ratio:.1f} on {quoted(background)}"
            yield Problem(found, f"{least:g} or more", file=file, line=values[color].line, key=color)
