"""Whatever stands in checklists, sessions, names and arguments: no control character of it reaches the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

import deploytui.base.text
import deploytui.cli.console
from tests.cli.conftest import PLAN, Box, Result

PAYLOADS = {
    "colour": "\x1b[31mred",
    "title": "\x1b]0;pwned\x07",
    "clipboard": "\x1b]52;c;cm0gLXJm\x1b\\",
    "device": "\x1bP+q544e\x1b\\",
    "8-bit": "\x9b31m\x9d0;x\x9c",
    "overwrite": "safe\r\x08\x08evil",
    "delete": "a\x7fb",
    "bidi": "\u202egnp.exe\u2066",
    "invisible": "a\u200bb\ufeff\u2060",
    "tags": "\U000e0041\U000e0042",
    "lines": "a\u2028error: forged\u2029b",
    "markup": "[@click=app.quit]x[/] [/nope] {[true]}",
}
UNSAFE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def unsafe(text: str) -> list[str]:
    return [f"U+{ord(char):04X}" for char in text if char != "\n" and unicodedata.category(char) in UNSAFE]


def commands(box: Box, payload: str) -> Iterator[tuple[str, Result]]:
    """Every command with the payload in each place it can take one."""
    name = payload.replace("/", "")
    yaml_text = "".join(f"\\U{ord(char):08x}" for char in payload)
    hostile = PLAN.replace("title: Ship it", f'title: "Ship {yaml_text}"')
    hostile = hostile.replace("text: Back up the database", f'text: "Back {yaml_text} up"')
    hostile = hostile.replace("phase: Execute", f'phase: "Go {yaml_text}"')
    box.session("s", plan=hostile)
    box.session("t")
    (box.root / f"{name}.yaml").write_text(hostile)
    broken = hostile.replace("deploytui: 1", f'deploytui: 1\n"{yaml_text}": "{yaml_text}"')
    (box.root / f"broken {name}.yaml").write_text(broken)
    (box.state / f"{name}.deploytui").write_text("no session at all, but long enough to look like one")
    lines = [
        f"# Ship {payload}",
        "",
        f"**Owner {payload}:** {payload}",
        "",
        f"- [ ] Back {payload} up",
        "",
        payload,
    ]
    (box.root / f"{name}.md").write_text("\n".join(lines), "utf-8")
    for words in (
        ["import", f"{name}.md"],
        ["import", f"{name}.md", "-o", f"made {name}.yaml"],
        ["import", payload],
        ["check", f"{name}.md"],
        ["check", f"{name}.yaml"],
        ["check", f"{name}.yaml", "--json"],
        ["check", f"broken {name}.yaml"],
        ["check", f"broken {name}.yaml", "--json"],
        ["check", payload],
        ["print", f"{name}.yaml"],
        ["print", "s"],
        ["print", payload],
        ["note", "s", payload, "--as", payload],
        ["tick", "s", "pre.backup", "--as", payload, "--evidence", payload],
        ["tick", "s", "pre.call", "--fail", "--reason", payload],
        ["tick", "s", payload],
        ["tick", payload, "pre.call"],
        ["status", "s"],
        ["status", "s", "--json"],
        ["status", payload],
        ["sessions"],
        ["sessions", "--json"],
        ["sessions", "--store", payload],
        ["sessions", "--store", f"{payload}://x"],
        ["verify", "s", "--expect", payload],
        ["verify", payload],
        ["verify", f"{name}.deploytui"],
        ["recover", "s", payload],
        ["close", "s", "--outcome", payload],
        ["doctor", f"{name}.yaml"],
        ["doctor", payload],
        ["run", payload],
        ["run", f"{name}.yaml"],
        ["resume", payload],
        ["watch", payload],
        ["completion", payload],
        [payload],
        ["sessions", f"--{payload}"],
        ["sessions", payload],
        ["--color", payload, "sessions"],
    ):
        yield words[0], box.run(*words)
    folder = box.root / "checklists"
    folder.mkdir()
    (folder / f"{name}.yaml").write_text(hostile)
    yield "the picker", box.run(typed="99\n")


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_nothing_unsafe_is_printed(box: Box, payload: str) -> None:
    box.env |= {
        "TERM": payload.replace("\x00", ""),
        "XDG_CONFIG_HOME": str(box.root / payload.replace("/", "")),
    }
    count = 0
    for command, found in commands(box, payload):
        count += 1
        assert found.code in (0, 2, 3, 4), (command, found)
        assert unsafe(found.out) == [], (command, found.out)
        assert unsafe(found.err) == [], (command, found.err)
        assert "Traceback" not in found.err
        if command != "import":  # which says beside the YAML what it was made from
            assert all(line.startswith("error: ") for line in found.err.splitlines()), (command, found.err)
    assert count == 41


def test_without_the_cleaning_the_same_check_fails(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a program that prints what it is given is found out."""
    for module in (deploytui.cli.console, deploytui.base.text):
        monkeypatch.setattr(module, "clean_line", lambda text: text)
    monkeypatch.setattr("deploytui.cli.shelf.clean_line", lambda text: text)
    found = [result for _, result in commands(box, PAYLOADS["title"])]
    assert any(unsafe(result.out) for result in found)
    assert any(unsafe(result.err) for result in found)


def test_a_surrogate_out_of_the_command_line_is_printed_and_stored_as_a_sign(
    box: Box, tmp_path: Path
) -> None:
    box.session("s")
    assert box.run("note", "s", "caf\udce9", "--as", "Ren\udce9").code == 0
    found = box.run("status", "s")
    assert "caf\N{REPLACEMENT CHARACTER}" in found.out
    assert unsafe(found.out) == []


def test_a_note_of_many_lines_cannot_forge_one_of_ours(box: Box) -> None:
    box.session("s")
    box.run("note", "s", "first\n  state     closed, done")
    found = box.run("status", "s")
    assert not [line for line in found.out.splitlines() if line.startswith("  state     closed")]
