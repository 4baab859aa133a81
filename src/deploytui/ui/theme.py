"""Colour themes: eight named roles, read from YAML and refused when they cannot be read on a shared screen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import textual.theme
from msgspec import Struct
from textual.color import Color, ColorParseError

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


class Theme(Struct, frozen=True):
    """Colours by what they mean, as `#RRGGBB`."""

    name: str
    is_dark: bool
    background: str
    text: str
    muted: str
    ok: str
    watch: str
    breach: str
    info: str
    border: str

    def to_textual(self) -> textual.theme.Theme:
        """The same for Textual's stylesheets: `$ok`, `$watch`, … beside its own names, none with alpha."""
        return textual.theme.Theme(
            name=self.name,
            dark=self.is_dark,
            primary=self.info,
            secondary=self.muted,
            accent=self.info,
            success=self.ok,
            warning=self.watch,
            error=self.breach,
            foreground=self.text,
            background=self.background,
            surface=self.background,
            panel=self.background,
            boost=self.background,
            variables=self._variables(),
        )

    def _variables(self) -> dict[str, str]:
        own = {role: str(getattr(self, role)) for role in COLORS if role not in ("text", "background")}
        # Textual's own names once more, since it turns each colour into HSL and back, and not exactly.
        by_color = {
            self.text: (
                "foreground text text-primary text-secondary text-accent foreground-muted "
                "foreground-disabled text-disabled "
                "block-cursor-background block-cursor-blurred-background input-cursor-background "
                "input-selection-background button-foreground button-color-foreground footer-foreground "
                "footer-description-foreground footer-key-foreground screen-selection-background link-color"
            ),
            self.background: (
                "block-cursor-foreground block-cursor-blurred-foreground input-cursor-foreground surface-active "
                "input-selection-foreground screen-selection-foreground footer-background scrollbar-background "
                "scrollbar-background-hover scrollbar-background-active scrollbar-corner-color "
                "block-hover-background link-background-hover background surface panel boost"
            ),
            self.info: "primary accent",
            self.muted: "secondary text-muted scrollbar scrollbar-hover scrollbar-active link-color-hover",
            self.border: "border-blurred",
            self.ok: "success text-success",
            self.watch: "warning text-warning",
            self.breach: "error text-error",
        }
        return {**own, **{name: color for color, names in by_color.items() for name in names.split()}}


def load_theme(name: str, env: Mapping[str, str], cwd: Path) -> Theme:
    """The theme of that name: the working folder's, the user's or a bundled one. UsageError says what is wrong."""
    found = find_all("themes", (".yaml", ".yml"), env, cwd)
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        raise UsageError(Problem(f"no theme named {quoted(name)}", try_=f"one of these: {known}"))
    return read_theme(found[name])


def read_theme(path: Path) -> Theme:
    """Read and check one theme file; UsageError carries every problem with its line."""
    try:
        with path.open("rb") as file:
            source = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(Problem(f"cannot be read: {error.strerror}", file=str(path))) from None
    if len(source) > MAX_BYTES:
        raise UsageError(Problem(f"more than {MAX_BYTES:,} bytes", "a theme of ten lines", file=str(path)))
    root, problems = read_yaml(source, str(path))
    if problems:
        raise UsageError(problems)
    if not isinstance(root, MappingNode):
        line = None if root is None else root.line
        raise UsageError(Problem("no keys", f"the keys {', '.join(_KEYS)}", file=str(path), line=line))
    values, problems = _values(root, path)
    if not problems:
        problems = _contrast_problems(values, path)
    if problems:
        raise UsageError(problems)
    colors = {role: Color.parse(values[role].text).hex for role in COLORS}
    return Theme(name=values["name"].text, is_dark=values["dark"].text == "true", **colors)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2 defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in Color.parse(color).normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _values(root: MappingNode, path: Path) -> tuple[dict[str, Scalar], list[Problem]]:
    values: dict[str, Scalar] = {}
    problems: list[Problem] = []
    for key, value in root.entries:
        at = {"file": str(path), "line": key.line, "col": key.col, "key": quoted(key.text).strip('"')}
        if key.text not in _KEYS:
            problems.append(Problem("an unknown key", f"one of {', '.join(_KEYS)}", **at))  # type: ignore[arg-type]
        elif not isinstance(value, Scalar):
            problems.append(Problem("a list or mapping", "one value", **at))  # type: ignore[arg-type]
        elif fault := _fault(key.text, value):
            problems.append(Problem(*fault, **at))  # type: ignore[arg-type]
        else:
            values[key.text] = value
    named = {key.text for key, _ in root.entries}
    if missing := [key for key in _KEYS if key not in named]:
        problems.append(Problem(f"no {', '.join(missing)}", "all of them", file=str(path), line=root.line))
    return values, problems


def _fault(key: str, value: Scalar) -> tuple[str, str, str | None] | None:
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


def _contrast_problems(values: Mapping[str, Scalar], path: Path) -> list[Problem]:
    problems: list[Problem] = []
    background = values["background"].text
    for role in (*_READ, "border"):
        least = LINE_CONTRAST if role == "border" else TEXT_CONTRAST
        ratio = contrast(values[role].text, background)
        if ratio < least:
            found = f"a contrast of {ratio:.1f} on {quoted(background)}"
            problems.append(
                Problem(found, f"{least:g} or more", file=str(path), line=values[role].line, key=role)
            )
    return problems
