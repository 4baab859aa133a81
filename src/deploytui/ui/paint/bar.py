"""The one-line bars: identity and clocks, stages, alarm, key hints; and what each leaves out where it is tight."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len
from textual.strip import Strip

from deploytui.base.units import clock_z, left, over
from deploytui.session.view import AlarmView, IdentityView, Progress, StageView
from deploytui.ui.command import BY_ID, Command
from deploytui.ui.layout import LEAST
from deploytui.ui.paint.skin import LEVELS, PROGRESS_ROLES, Line, Piece, Role, Skin, measure

_LEAST_NAME = 12  # a plan's title is cut to this before a clock or the date goes
_UNDO = 22
_LEAST_REASON = 20


class Chips(Struct, frozen=True):
    """Small words of the screen itself, at the right of the identity bar."""

    frozen: str = ""
    is_locked: bool = False
    hidden: int = 0
    unmasked_s: int = 0

    def words(self) -> list[str]:
        words = ["LOCKED"] if self.is_locked else []
        if self.unmasked_s:
            words.append(f"UNMASKED {self.unmasked_s} s")
        elif self.hidden:
            words.append(f"{self.hidden} masked")
        return words


class Notice(Struct, frozen=True):
    """What the last row says instead of the key hints. One that `stays` is closed with esc."""

    text: str
    role: Role = Role.INFO
    stays: bool = False


def identity(view: IdentityView, chips: Chips, width: int, skin: Skin) -> Strip:
    """Who, what and when, in reverse. The plan's clock is never dropped; the driver's name stays next longest."""
    fill = skin.style(reverse=True)
    bold = skin.style(bold=True, reverse=True)
    name = skin.foreign(view.title)
    environment = skin.foreign(view.environment).upper()
    mode = view.mode.upper() if view.mode != "live" else ""
    held = "ON HOLD" if view.is_held else ""
    head = " ".join(word for word in (mode, held, view.outcome.upper(), environment) if word)
    until = f"{held} until {view.held_until} {skin.glyphs.separator}" if view.held_until else held
    whole = " ".join(word for word in (mode, until, view.outcome.upper(), environment) if word)
    driver = _driver(view, skin)
    since = f" since {clock_z(view.driver_since)}" if view.driver_since and view.driver else ""
    note = f", {skin.foreign(view.driver_note)}" if view.driver_note else ""
    clock = f"FROZEN {chips.frozen}" if chips.frozen else f"{view.zone_clock[0]} {view.zone_clock[1]}"
    local = "" if chips.frozen or view.local_clock is None else f"{view.local_clock[0]} {view.local_clock[1]}"
    if local and view.local_date:
        local = f"{view.local_date} {local}"
    words = "  ".join(chips.words())
    who = driver + since + note
    left_text = right_text = ""
    for first, title, lefts, rights, least in (
        (whole, name, who, (words, view.date, clock, local), _LEAST_NAME),
        (head, name, who, (words, view.date, clock, local), _LEAST_NAME),
        (head, name, who, (words, view.date, clock), _LEAST_NAME),
        (head, name, driver + note, (words, view.date, clock), _LEAST_NAME),
        (head, name, driver + note, (words, clock), 8),
        (head, "", driver + note, (words, clock), 0),
        (head, "", driver, (clock,), 0),
        (head, "", _driver(view, skin, is_short=True), (clock,), 0),
    ):
        right_text = "  ".join(text for text in rights if text)
        fixed = sum(cell_len(text) + 2 for text in (first, lefts) if text) + cell_len(right_text) + 4
        room = width - fixed
        shown = title if cell_len(title) <= room else skin.cut(title, room) if room >= least else title
        left_text = "  ".join(text for text in (first, shown, lefts) if text)
        if room >= cell_len(shown):
            break
    line = skin.spread([(" " + left_text, bold)], [(right_text + " ", bold)], width, fill)
    return skin.strip(line, width, fill)


def _driver(view: IdentityView, skin: Skin, *, is_short: bool = False) -> str:
    name = skin.foreign(view.driver) or "nobody"
    if is_short:
        return name if view.is_driving else f"FOLLOWING {name}"
    return f"driver {name}" if view.is_driving else f"FOLLOWING, driver {name}"


def stages(views: Sequence[StageView], tail: str, width: int, skin: Skin) -> Strip:
    """The stages; the current one in reverse. Short of room, calm stages lose their counts, then the time goes."""
    line: list[Piece] = []
    for detail, said in ((3, tail), (2, tail), (1, tail), (1, ""), (0, "")):
        line = [(" ", skin.style())]
        for view in views:
            line += [*_stage(view, detail, skin), ("  ", skin.style())]
        room = width - measure(line) - (len(said) + 1 if said else 0)
        if room >= 0:
            if said:
                line = [*line, (" " * room + said, skin.style(bold=True))]
            break
    return skin.strip(line, width)


def _stage(view: StageView, detail: int, skin: Skin) -> list[Piece]:
    is_current = view.is_current
    role = Role.MUTED if view.progress is Progress.OPEN else PROGRESS_ROLES[view.progress]
    style = skin.style(role, bold=is_current, reverse=is_current)
    counts = view.counts
    settled = counts.done + counts.overridden
    words = f"{skin.glyphs.of_progress(view.progress)} {view.title.upper()}"
    is_aside = view.progress is Progress.SET_ASIDE
    if is_current or (detail >= 2 and not is_aside):
        words += f" {settled} of {counts.total}"
    if counts.failed_in_all and (is_current or detail >= 1):
        words += f" {skin.glyphs.separator} {counts.failed_in_all} FAILED"
    if counts.unplanned and detail >= 2:
        words += f" {skin.glyphs.separator} unplanned {counts.unplanned.done} of {counts.unplanned.total}"
    if is_aside and detail >= 2:
        words += f" {view.earlier} not in this session" if detail >= 3 else " set aside"
    elif view.earlier and detail >= 3:
        words += f" {skin.glyphs.separator} earlier: {view.earlier}, not in this session"
    if is_current and view.ends_at is not None and view.left_s is not None:
        if view.left_s < 0:
            words += f", {over(-view.left_s)} over"
        elif detail >= 1:
            words += f", ends {clock_z(view.ends_at)}, {left(view.left_s)} left"
    return [(f" {words} " if is_current else words, style)]


def alarm(view: AlarmView, width: int, skin: Skin, *, has_keys: bool = False) -> Strip:
    """The worst alarm in reverse, and the last minute to roll back, which is never dropped."""
    more = f" (+{view.more})" if view.more else ""
    right = _rollback(view, view.rollback, skin)
    text, hint = skin.foreign(view.text), "enter triggers" if has_keys else view.hint
    if has_keys and view.short and measure(right) + len(text) + len(more) + len(hint) + 10 > width:
        text = skin.foreign(view.short)
    if measure(right) + len(text) + len(more) + len(hint) + 10 > width:
        hint = ""
    if measure(right) + len(text) + len(more) + 8 > width and view.short:
        text = skin.foreign(view.short)
    if measure(right) + len(text) + len(more) + 8 > width and view.rollback_short:
        right = _rollback(view, view.rollback_short, skin)
    if measure(right) + len(text) + len(more) + 6 > width and view.rollback_least:
        right = _rollback(view, view.rollback_least, skin)
    if view.level is not None and measure(right) + 16 > width:
        text, more = LEVELS[view.level].word, f"+{view.more}" if view.more else ""
        right = _rollback(view, view.rollback_short.partition(",")[0], skin)
    room = width - measure(right) - 1
    edges = 4 if view.level is not None else 1
    if view.level is not None and not hint and text == skin.foreign(view.short):
        text = _with_reason(text, view, room - edges - len(more), skin)
    words = skin.cut(text, max(0, room - edges - len(more))) + more
    line = _alarm_left(view, skin.glyphs.cursor if has_keys else " ", words, skin)
    if hint:
        line += [("  " + hint, skin.style(Role.MUTED))]
    pieces = [*skin.crop(line, max(room, 0), skin.style()), *right] if right else line
    return skin.strip(pieces, width)


def _with_reason(short: str, view: AlarmView, room: int, skin: Skin) -> str:
    """As many words of the reason behind the short text as there is room for, and no half of a number."""
    since = short.rpartition(", ")[2]  # it is said already
    reason = skin.foreign(view.text).partition(": ")[2].removesuffix(f", for {since}")
    words = skin.cut(f"{short}: {reason}", room)
    if not reason or len(words) < len(short) + _LEAST_REASON:
        return short
    whole = words.rpartition(" ")[0].rstrip(",:;") if words.endswith(skin.glyphs.cut) else words
    return f"{whole} {skin.glyphs.cut}" if whole != words else words


def _alarm_left(view: AlarmView, begin: str, text: str, skin: Skin) -> list[Piece]:
    if view.level is None:
        return [(begin, skin.style(bold=True)), (text, skin.style(Role.MUTED))]
    style = skin.level_style(view.level, bold=True, reverse=True)
    return [(f"{begin}{skin.level_words(view.level, text)} ", style)]


def _rollback(view: AlarmView, text: str, skin: Skin) -> list[Piece]:
    if not text:
        return []
    if view.rollback_level is None:
        return [(" " + skin.foreign(text) + " ", skin.style(bold=True))]
    style = skin.level_style(view.rollback_level, bold=True, reverse=True)
    return [(" " + skin.foreign(text) + " ", style)]


def hints(commands: Sequence[Command], undo: str, notice: Notice | None, width: int, skin: Skin) -> Strip:
    """The last row: what the keys do, or a notice. `? help` is never dropped."""
    help_ = [("? ", skin.style(bold=True)), ("help ", skin.style(Role.MUTED))]
    if notice is not None:
        return _notice(notice, help_, width, skin)
    room = width - measure(help_) - 1
    chosen: dict[str, list[Piece]] = {}
    for command in sorted(commands, key=lambda command: command.rank):
        piece = _hint(command, command.footer, skin)
        if command.id != "screen.help" and measure(piece) <= room:
            chosen[command.id] = piece
            room -= measure(piece)
    if undo and "checklist.undo" in chosen:
        words = f": {skin.cut(skin.foreign(undo), max(0, min(_UNDO, room - 2)))}"
        if room >= _UNDO or len(words) >= len(undo) + 2:
            chosen["checklist.undo"] = _hint(BY_ID["checklist.undo"], "undo" + words, skin)
    line: list[Piece] = [(" ", skin.style())]
    for command in commands:
        line += chosen.get(command.id, [])
    return skin.strip([*line, *help_], width)


def _hint(command: Command, words: str, skin: Skin) -> list[Piece]:
    key = command.shown.split()[0]
    return [(key, skin.style(bold=True)), (f" {words}  ", skin.style(Role.MUTED))]


def _notice(notice: Notice, help_: Line, width: int, skin: Skin) -> Strip:
    style = skin.style(notice.role, bold=True, reverse=notice.stays)
    tail: list[Piece] = (
        [("esc ", skin.style(bold=True)), ("closes  ", skin.style(Role.MUTED))] if notice.stays else []
    )
    room = width - measure(tail) - measure(help_)
    text = f" {skin.foreign(notice.text)} "
    return skin.strip([*skin.crop([(text, style)], room, skin.style()), *tail, *help_], width)


def too_small(width: int, height: int, skin: Skin) -> Strip:
    """The one line of a window that is too small to work in."""
    by = "x" if skin.is_ascii else "×"
    needs = f"{width}{by}{height}, needs {LEAST[0]}{by}{LEAST[1]}"
    text = f"too small: {needs}"
    if len(text) > width:  # what to do is worth more than what it is called
        text = needs
    return skin.strip([(text, skin.style(bold=True))], width)
