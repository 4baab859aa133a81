"""A desktop notification through the terminal, in the form that this terminal takes, or nothing at all. Pure.

OSC 9 and OSC 777 are swallowed by whatever reads control strings as xterm does. A terminal that is not known to
do so gets nothing: it would print them. Inside tmux they are wrapped, so that tmux hands them on where it may and
swallows them where it may not.
"""

from __future__ import annotations

from collections.abc import Mapping

from deploytui.base.text import clean_line, shorten

BELL = "\a"
_MOST = 160
_LIKE_XTERM = (
    "xterm", "rxvt", "alacritty", "foot", "ghostty", "gnome", "iterm", "kitty", "konsole", "mintty", "st", "vte", "wezterm",
)  # fmt: skip


def notification(env: Mapping[str, str], title: str, text: str, *, is_ascii: bool = False) -> str:
    """What to write to the terminal; "" where it is not known to understand it."""
    term = env.get("TERM", "").lower()
    is_tmux = term.startswith("tmux") or (term.startswith("screen") and bool(env.get("TMUX")))
    if not is_tmux and not _is_like_xterm(term):
        return ""
    title, text = (_plain(part, is_ascii) for part in (title, text))
    if env.get("VTE_VERSION") or term.startswith("rxvt"):
        body = f"\x1b]777;notify;{title.replace(';', ',')};{text}\x1b\\"
    else:  # a text that began with a digit would be a command to some
        body = f"\x1b]9;{title}: {text}\x1b\\"
    return "\x1bPtmux;" + body.replace("\x1b", "\x1b\x1b") + "\x1b\\" if is_tmux else body


def _is_like_xterm(term: str) -> bool:
    """By the first word of its name: `xterm-256color`, `foot-extra`, `st-256color`."""
    return term.partition("-")[0] in _LIKE_XTERM


def _plain(text: str, is_ascii: bool) -> str:
    text = shorten(clean_line(text), _MOST)
    return text.encode("ascii", "replace").decode("ascii") if is_ascii else text
