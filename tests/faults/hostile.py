"""Texts that mean harm, one list for all: markup, escapes, bidi, wide and stacked characters."""

from __future__ import annotations

# Parsed as markup, each of these would act, crash, or lose a part of itself.
MARKUP = (
    "[@click=app.quit]x[/]", "[/", "[/nope]", "[/etc/x]", "[link=http://evil/]x[/link]", "x[0]", "{[true, false]}",
    "[WARN] disk", "[bold]not bold[/bold]", "[b", "\\[b]", "[red on blue]$primary[/]", "[@click='app.bell']\\",
)  # fmt: skip
# Written to a terminal, each of these would do something.
ESCAPES = (
    "\x1b[2J\x1b[H", "\x1b]0;evil title\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1b]8;;http://evil/\x1b\\x\x1b]8;;\x1b\\",
    "\x1bP$q\"p\x1b\\", "\x1b_apc\x1b\\", "\x9b31m", "\x9d0;evil\x9c", "ok\rFAILED", "abc\x08\x08\x08xyz",
    "\x07\x0e\x0f", "\x1b[31mred\x1b[0m",
)  # fmt: skip
# What is read differs from what is there, or the columns move.
CONFUSING = (
    "\u202etxt.exe\u202c", "a\u2066b\u2069", "pass\u200bword", "tag\U000e0041\U000e0042", "a" + "\u0301" * 40,
    "a\u2028b", "\ufeffbom", "soft\u00adhyphen", "👨‍👩‍👧‍👦 family", "🇩🇪🇩🇪", "東京タワー", "\ud800 lone",
    "العربية עברית", "x\x00y\ttab\nline",
)  # fmt: skip
HOSTILE = MARKUP + ESCAPES + CONFUSING
