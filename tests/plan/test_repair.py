"""Damage is undone where the way back is provable, and nothing that was right is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.plan.repair import is_binary, read_text

DAMAGED = [
    "☐ open ✅ done 🚀 go ⚠️ warned",
    "café – “déjà vu” … naïve",
    "Größe „gut“ Übung",
    "Привет и мир в доме",
    "日本語テスト",
    "ΑΒΓ δοκιμή",
    "عربي نص",
]
RIGHT = [
    "He said “über” – it’s ‘fine’",
    "“État”, l’été, n’était",
    "“MAÇÔ “CAFÉ” «é» voilà…”",
    "“Déployé…” Straß”",
    "√π ≈ 1.77, 5 ± 2, ≥ 80, ø ¬ ƒ",
    "ÇOK “ŞÜ” ğüş İstanbul",
    "Åland Ñandú Øre ¿Qué? ¡Sí! ¼ ½",
    "Привет, 日本語, ΑΒΓ",
    "☐ ✅ 🚀 → … “quoted”",
]


def damaged(text: str, codec: str) -> str:
    """`text` as UTF-8 that was read in `codec`; the bytes that codec lacks pass through, as programs let them."""

    def char(byte: int) -> str:
        try:
            return bytes([byte]).decode(codec)
        except UnicodeDecodeError:
            return chr(byte)

    return "".join(map(char, text.encode()))


@pytest.mark.parametrize("codec", ["mac_roman", "cp1252", "cp1254", "latin-1"])
@pytest.mark.parametrize("text", DAMAGED)
def test_damage_is_undone(text: str, codec: str) -> None:
    read = read_text(damaged(text, codec).encode())
    assert read.text == text
    assert read.repairs


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_stays(text: str) -> None:
    read = read_text(text.encode())
    assert read.text == text
    assert read.repairs == ()


def test_only_the_damaged_part_is_touched_and_named_with_its_line() -> None:
    read = read_text(f"“right” é\nplain\n- {damaged('☐', 'mac_roman')} box “right” é\n".encode())
    assert read.text == "“right” é\nplain\n- ☐ box “right” é\n"
    assert [(one.line, one.became) for one in read.repairs] == [(3, "☐")]


@given(
    st.text(st.sampled_from("☐☑✅❌🚀🔄→…“”–•≤ ab"), max_size=20), st.sampled_from(["mac_roman", "cp1252"])
)
def test_signs_come_back_wherever_they_stand(text: str, codec: str) -> None:
    read = read_text(damaged(text, codec).encode())
    assert read.text == text
    assert [damaged(one.became, codec) for one in read.repairs] == [one.found for one in read.repairs]


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        (b"\xef\xbb\xbfa\n", "a\n", "byte order mark of UTF-8"),
        ("a ☐\n".encode("utf-16"), "a ☐\n", "byte order mark of UTF-16"),
        ("\ufeffa ☐\n".encode("utf-16-be"), "a ☐\n", "byte order mark of UTF-16"),
        ("\ufeffa ☐\n".encode("utf-32-le"), "a ☐\n", "byte order mark of UTF-32"),
        ("# Plan\n- [ ] one\n".encode("utf-16-le"), "# Plan\n- [ ] one\n", "UTF-16 without byte order mark"),
        (b"a\r\nb\r\n", "a\nb\n", "Windows line ends (CRLF) in 2 lines"),
        (b"a\rb\r", "a\nb\n", "old Mac line ends (CR) in 2 places"),
        (b"a\nb\x00c", "a\nb␀c", "NUL"),
        (b"caf\xe9\n", "café\n", "byte 0xE9, not UTF-8"),
        (b"\x81 caf\xe9\n", "\x81 café\n", "byte 0x81, not UTF-8"),
    ],
)
def test_encodings_and_line_ends(source: bytes, text: str, found: str) -> None:
    read = read_text(source)
    assert read.text == text
    assert found in [one.found for one in read.repairs]


def test_one_bad_line_leaves_the_others_utf_8() -> None:
    assert read_text("é\n".encode() + b"caf\xe9\n" + "☐\n".encode()).text == "é\ncafé\n☐\n"


@given(st.binary(max_size=300))
def test_any_bytes_become_text(source: bytes) -> None:
    text = read_text(source).text
    assert "\r" not in text
    assert "\x00" not in text
    is_binary(source)


def test_images_are_binary_and_texts_are_not() -> None:
    assert is_binary(b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 4)
    assert not is_binary("# Plan\n\n- [ ] ☐ é 日本\n".encode() * 9)
    assert not is_binary("# Plan ☐\n".encode("utf-16"))
    assert not is_binary(b"\x1b[31mpasted from a terminal\x1b[0m\n" * 3)
