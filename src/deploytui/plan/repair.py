"""Bytes of a document as clean text: its encoding found, damage undone only where that is provable, each repair named.

A repair is provable when the damaged characters, written in the wrong encoding, are UTF-8 again, and what they
become is something a person writes. Right quotes beside an accented letter look like damage too; they stay.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache

from msgspec import Struct

from deploytui.plan.finding import Repair

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_SAMPLE = 4096
_STRAY_CONTROLS = 16  # so many also stand in a text that was pasted from a terminal
# Characters that end or open a quotation: an accented letter before them is no damage.
_QUOTES = frozenset("“”‘’„‚«»‹›–—…\u00a0´`")
_ROMANIAN = frozenset("ȘșȚț")


class Decoded(Struct, frozen=True):
    text: str
    repairs: tuple[Repair, ...]


def read_text(source: bytes) -> Decoded:
    """The text of a document with LF line ends, no NUL and no byte order mark."""
    repairs: list[Repair] = []
    text = _decode(source, repairs)
    text = _normalize(text, repairs)
    if not text.isascii():
        text = _undo_damage(text, repairs)
    return Decoded(text, tuple(repairs))


def is_binary(source: bytes) -> bool:
    """Whether the bytes are no text at all: an image, a program."""
    head = source[:_SAMPLE]
    if any(head.startswith(bom) for bom, _, _ in _BOMS) or _is_utf_16(head):
        return False
    control = sum(1 for byte in head if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
    return control > _STRAY_CONTROLS and control * 10 > len(head)


def _decode(source: bytes, repairs: list[Repair]) -> str:
    for bom, codec, name in _BOMS:
        if source.startswith(bom):
            repairs.append(
                Repair(1, f"byte order mark of {name}", "removed" if name == "UTF-8" else "read as UTF-8")
            )
            body = source[len(bom) :]
            return _decode_utf_8(body, repairs) if name == "UTF-8" else _decode_wide(body, codec, repairs)
    if codec := _is_utf_16(source[:_SAMPLE]):
        repairs.append(Repair(1, "UTF-16 without byte order mark", "read as UTF-8"))
        return _decode_wide(source, codec, repairs)
    return _decode_utf_8(source, repairs)


def _is_utf_16(head: bytes) -> str:
    """The codec, where every other byte of mostly Latin text is NUL; else nothing."""
    if len(head) < 8:
        return ""
    half = len(head) // 2
    if head[1::2].count(0) > half * 0.7 and head[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if head[0::2].count(0) > half * 0.7 and head[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return ""


def _decode_wide(body: bytes, codec: str, repairs: list[Repair]) -> str:
    try:
        return body.decode(codec)
    except UnicodeDecodeError as error:
        line = body[: error.start].decode(codec, "replace").count("\n") + 1
        repairs.append(Repair(line, "bytes that are no character", "�"))
        return body.decode(codec, "replace")


def _decode_utf_8(source: bytes, repairs: list[Repair]) -> str:
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError:
        pass
    lines: list[str] = []
    for number, raw in enumerate(source.split(b"\n"), 1):
        try:
            lines.append(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            chars, bad = _chars_of("cp1252"), raw[error.start]
            became = f"{chars[bad]} (read as Windows-1252)"
            repairs.append(Repair(number, f"byte 0x{bad:02X}, not UTF-8", became))
            lines.append("".join(chars[byte] for byte in raw))
    return "\n".join(lines)


@cache
def _chars_of(*names: str) -> list[str]:
    """What each byte is in the first of the encodings that has it, else in Latin-1."""
    chars = [chr(byte) for byte in range(0x100)]
    for name in reversed(names):
        read = (bytes([byte]).decode(name, "ignore") for byte in range(0x100))
        chars = [char or before for char, before in zip(read, chars, strict=True)]
    return chars


def _normalize(text: str, repairs: list[Repair]) -> str:
    if "\r" in text:
        windows = text.count("\r\n")
        if windows:
            repairs.append(Repair(1, f"Windows line ends (CRLF) in {windows:,} lines", "LF"))
        if alone := text.count("\r") - windows:
            repairs.append(Repair(1, f"old Mac line ends (CR) in {alone:,} places", "LF"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        for number, line in enumerate(text.split("\n"), 1):
            if found := line.count("\x00"):
                repairs.append(Repair(number, f"NUL, {found} times" if found > 1 else "NUL", "␀"))
        text = text.replace("\x00", "␀")
    return text


class _Codec(Struct, frozen=True):
    """A single-byte encoding that UTF-8 was read as: what its characters were as bytes, and runs of them."""

    name: str
    to_byte: dict[str, int]
    runs: re.Pattern[str]


class _Run(Struct):
    """A stretch of characters that are UTF-8 when written in the codec: one token of damage, if it is damage."""

    start: int
    end: int
    found: str
    became: str
    codec: str
    is_strong: bool = False
    script: str = ""
    is_doubtful: bool = False


@cache
def _codecs() -> tuple[_Codec, ...]:
    mac = {char: byte for byte, char in enumerate(_chars_of("mac_roman")) if byte >= 0x80}
    western = {
        char: byte
        for chars in (_chars_of(), _chars_of("cp1254"), _chars_of("cp1252"))
        for byte, char in enumerate(chars)
        if byte >= 0x80
    }
    return _codec("mac", mac), _codec("western", western)


def _codec(name: str, to_byte: dict[str, int]) -> _Codec:
    def of(low: int, high: int) -> str:
        return "[" + "".join(re.escape(char) for char, byte in to_byte.items() if low <= byte <= high) + "]"

    tail = of(0x80, 0xBF)
    pattern = f"(?:{of(0xF0, 0xF4)}{tail}{{3}}|{of(0xE0, 0xEF)}{tail}{{2}}|{of(0xC2, 0xDF)}{tail})+"
    return _Codec(name, to_byte, re.compile(pattern))


def _undo_damage(text: str, repairs: list[Repair]) -> str:
    runs = {codec.name: _runs(text, codec) for codec in _codecs()}
    # Strong evidence for one encoding makes its doubtful tokens believable, and comes first where both read.
    strong = {name: sum(len(run.became) for run in found if run.is_strong) for name, found in runs.items()}
    chosen: list[_Run] = []
    taken: set[int] = set()
    for name in sorted(runs, key=lambda name: -strong[name]):
        # What damaged words of two letters or more prove; then single letters of the script are damage too.
        scripts = {run.script for run in runs[name] if run.script and len(run.became) > 1}
        for run in runs[name]:
            is_alone = run.script in scripts if run.script else not run.is_doubtful or strong[name] > 0
            if (run.is_strong or is_alone) and taken.isdisjoint(range(run.start, run.end)):
                chosen.append(run)
                taken.update(range(run.start, run.end))
    return _replace(text, sorted(chosen, key=lambda run: run.start), repairs)


def _runs(text: str, codec: _Codec) -> list[_Run]:
    found: list[_Run] = []
    for match in codec.runs.finditer(text):
        try:
            became = bytes(codec.to_byte[char] for char in match.group()).decode("utf-8")
        except UnicodeDecodeError:
            continue
        run = _Run(match.start(), match.end(), match.group(), became, codec.name)
        if _judge(run, text, codec):
            found.append(run)
    return found


def _judge(run: _Run, text: str, codec: _Codec) -> bool:
    """Whether what the run would become is believable at all; notes how sure that is."""
    letters: set[str] = set()
    for char in run.became:
        if unicodedata.category(char) in ("Cn", "Co", "Cc", "Cs"):
            return False
        if _is_symbol(char):
            run.is_strong = True
        elif ord(char) < 0x180 or char in _ROMANIAN:
            run.is_doubtful = run.is_doubtful or _is_doubtful_latin(run, text, codec)
        elif script := _script(char):
            letters.add(script)
        else:
            return False
    if not letters:
        return True
    before, after = text[run.start - 1 : run.start], text[run.end : run.end + 1]
    if len(letters) > 1 or _is_latin(before) or _is_latin(after):
        return False
    run.script = letters.pop()
    run.is_strong = len(run.became) > 2
    return True


def _is_symbol(char: str) -> bool:
    """Signs, dashes, quotes, boxes, emoji and their selectors: no letters, and never written with three letters."""
    code = ord(char)
    return 0x2000 <= code < 0x2C00 or 0x3000 <= code < 0x3020 or 0xFE00 <= code < 0xFE10 or 0xFF00 <= code < 0xFFF0 or (
        code == 0xFEFF or (code > 0xFFFF and unicodedata.category(char) in ("So", "Sk", "Sm", "Mn", "Cf"))
    )  # fmt: skip


def _is_doubtful_latin(run: _Run, text: str, codec: _Codec) -> bool:
    """Two characters that may be meant: `“MAÇÔ, `√π`. Damage only where the document has surer damage."""
    if any(char in _QUOTES for char in run.found[1::2]):
        return True
    if codec.name != "mac" or run.found.startswith("¬"):
        return False
    return not (_is_latin(text[run.start - 1 : run.start]) or _is_latin(text[run.end : run.end + 1]))


def _is_latin(char: str) -> bool:
    return char.isalpha() and ord(char) < 0x250


def _script(char: str) -> str:
    """The script of a letter that is not Latin; nothing for what people do not write alone."""
    if not unicodedata.category(char).startswith(("L", "M", "N", "P")) or 0x180 <= ord(char) < 0x370:
        return ""
    word = unicodedata.name(char, "").split(" ")[0]
    if word in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "CJK", "IDEOGRAPHIC", "FULLWIDTH"):
        return "CJK"
    return word if word not in ("LATIN", "COMBINING", "MODIFIER", "") else ""


def _replace(text: str, runs: list[_Run], repairs: list[Repair]) -> str:
    parts: list[str] = []
    at = line_at = 0
    line = 1
    for run in runs:
        line += text.count("\n", line_at, run.start)
        line_at = run.start
        parts += (text[at : run.start], run.became)
        at = run.end
        repairs.append(Repair(line, run.found, run.became))
    parts.append(text[at:])
    return "".join(parts)
