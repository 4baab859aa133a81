"""Whatever a stranger's checklist or session file names: without an answer nothing of this machine is read, run or sent."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import create
from deploytui.journal.store import Header
from deploytui.session.act import By
from deploytui.session.session_rules import opening
from tests.cli.conftest import NOW, PLAN, Box

IN_ENV, IN_FILE = "pLanted-env-7d3f", "pLanted-file-91ac"
NOBODY_ANSWERS = "\n" * 6
EVENTS = ("open", "subprocess.Popen", "os.posix_spawn", "os.exec", "socket.getaddrinfo")
OURS = (sys.executable, os.fsencode(sys.executable))
_seen: list[tuple[str, Any]] | None = None


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _seen is not None and event in EVENTS:
        what = args[0] if event in ("open", "socket.getaddrinfo") else args
        # The trial of the disk's locks is a program of our own; a command runs under another, its supervisor.
        if what is not args or args[0] not in OURS or "supervisor" in repr(args[1]):
            _seen.append((event, what))


sys.addaudithook(_hook)


class Machine:
    """A box with planted things in it, and a server of the stranger's that keeps what it is sent."""

    def __init__(self, folder: Path) -> None:
        private = folder / "private"
        private.mkdir(parents=True)
        self.token = private / "token"
        self.token.write_text(IN_FILE)
        self.program = private / "probe.sh"
        self.program.write_text("#!/bin/sh\necho 1\n")
        self.program.chmod(0o755)
        (folder / "plans").mkdir()
        env = {"DEPLOYTUI_STATE_DIR": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config"),
               "LOGNAME": "ana", "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": f"{private}:/bin",
               "HOME": str(private), "KEY": IN_ENV}  # fmt: skip
        self.box = Box(folder, env)
        self.sent: list[bytes] = []
        self.server = create_server(("127.0.0.1", 0))
        self.server.settimeout(0.05)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server.getsockname()[1]}"

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                peer, _ = self.server.accept()
            except TimeoutError:
                continue
            with peer:
                peer.settimeout(0.5)
                try:
                    self.sent.append(peer.recv(65536))
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1")
                except OSError:
                    continue

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self.server.close()

    def broken(self, seen: list[tuple[str, Any]]) -> list[str]:
        """What was read, run or sent that nobody agreed to."""
        found = [f"started {what!r}" for event, what in seen if event not in ("open", "socket.getaddrinfo")]
        found += [
            f"opened {what!r}" for event, what in seen if event == "open" and "/private/" in f"{what!r}"
        ]
        found += [
            f"looked up {what!r}"
            for event, what in seen
            if event == "socket.getaddrinfo" and "planted" in f"{what!r}".lower()
        ]
        return found + [f"sent {data!r}" for data in self.sent if b"planted" in data.lower()]


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    global _seen
    _seen = seen = []
    try:
        yield seen
    finally:
        _seen = None


class NoScreen:
    """The dashboard without its screen: each gauge is asked once, the plan's file is looked at once."""

    is_terminal_gone = False
    return_code = 0

    def __init__(self, desk: Any, **_settings: Any) -> None:
        self._desk = desk

    def run(self) -> None:
        async def ask() -> None:
            try:
                if hasattr(self._desk.gauges, "ask_once"):  # a rehearsal's make their answers up
                    await self._desk.gauges.ask_once()
            finally:
                await self._desk.gauges.stop()

        asyncio.run(ask())
        if self._desk.plan_file is not None:
            self._desk.plan_file._look()


@pytest.fixture(autouse=True)
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploytui.cli.compose.DashboardApp", NoScreen)


WORDS = st.sampled_from(
    ["probe.sh", "./probe.sh", "TOKEN", "sh", "-c", "echo ${env}; : ${host}", "${env}", "${host}", "cat"]
)
VALUES = st.sampled_from(["", ";touch x", "TOKEN", "PLACE", "~/token"])


@st.composite
def source(draw: st.DrawFn) -> dict[str, Any]:
    """Where a number comes from, with planted things in every field that can name one."""
    secrets: dict[str, Any] = draw(
        st.sampled_from([{}, {"token_env": "KEY"}, {"token_file": "TOKEN"}, {"token_file": "~/token"}])
    )
    if draw(st.booleans()):
        secrets = {
            **secrets,
            "proxy": draw(st.sampled_from(["http://PLACE", "http://${env}:x@PLACE", "http://${host}"])),
        }
    if draw(st.booleans()):
        secrets = {**secrets, "redirects": ["PLACE", "private"]}
    address = draw(
        st.sampled_from(
            ["http://PLACE/", "http://PLACE/?k=${env}", "http://${env}.localhost/", "http://${host}/"]
        )
    )
    port = draw(st.sampled_from(["PLACE", "${host}", "${env}.localhost:1"]))
    return draw(
        st.sampled_from(
            [
                {"http": address, "measure": "up", **secrets},
                {"prometheus": address, "query": "up{a='${env}'}", **secrets},
                {"tcp": port},
                {"tls": port},
                {"command": draw(st.lists(WORDS, min_size=1, max_size=4))},
            ]
        )
    )


CHECKLISTS = st.fixed_dictionaries(
    {
        "sources": st.lists(source(), min_size=1, max_size=4),
        "ask": VALUES,
        "mask": st.lists(VALUES, max_size=1),
        "plan_path": st.sampled_from(["TOKEN", "PROGRAM", "/dev/zero", "CHECKLIST"]),
    }
)


def checklist(machine: Machine, shape: Mapping[str, Any]) -> str:
    gauges = {
        f"g{place}": {"title": f"G{place}", "source": one, "timeout": "1s"}
        for place, one in enumerate(shape["sources"])
    }
    more = {
        "variables": {"env": {"env": "KEY"}, "host": {"ask": "where"}},
        "gauges": gauges,
    }
    if any(shape["mask"]):
        more["mask"] = [text for text in shape["mask"] if text]
    text = PLAN.replace("mask: [db-1.internal]\n", "") + yaml.safe_dump(more)
    return named(machine, text)


def named(machine: Machine, text: str) -> str:
    return text.replace("TOKEN", str(machine.token)).replace("PLACE", machine.place)


def stranger_session(machine: Machine, text: str, shape: Mapping[str, Any]) -> Path:
    """A session file made elsewhere: whatever it says of its checklist, its variables and its host."""
    box = machine.box
    paths = {
        "TOKEN": machine.token,
        "PROGRAM": machine.program,
        "CHECKLIST": box.root / "plans" / "ship.yaml",
    }
    path = box.state / "theirs.deploytui"
    box.state.mkdir(mode=0o700, exist_ok=True)
    header = Header(
        session="theirs", title="Ship it", plan_name="ship.yaml", created_at=NOW, program="0.1.0", mode="live",
        plan_path=str(paths.get(shape["plan_path"], shape["plan_path"])),
        plan_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    kept = (f"host={named(machine, shape['ask'])}",) if shape["ask"] else ()
    drafts = opening(By("EVE"), NOW + timedelta(hours=2), "pre", (), variables=kept)
    took = Draft(DriverTook("elsewhere", ""), by="EVE")
    store = create(
        path, header, text.encode(), clock=box.clock, holder=this_process("EVE"), opening=[*drafts, took]
    )
    store.release(store.lease().epoch)
    store.close()
    return path


COMMANDS = (
    ("check", "plans/ship.yaml"),
    ("check", "plans/ship.yaml", "--json"),
    ("print", "plans/ship.yaml"),
    ("probe", "plans/ship.yaml"),
    ("probe", "plans/ship.yaml", "--json"),
    ("doctor", "plans/ship.yaml"),
    ("status", "theirs"),
    ("status", "theirs", "--json"),
    ("sessions", "--json"),
    ("verify", "theirs"),
    ("report", "theirs"),
    ("print", "theirs"),
    ("tick", "theirs", "pre.backup", "--as", "ANA"),
    ("note", "theirs", "hello", "--as", "ANA"),
    ("move", "theirs", "end", "+10m", "--as", "ANA", "--reason", "agreed"),
    ("recover", "theirs", "sound.deploytui"),
    ("import", "plans/ship.md"),
    ("schema",),
    ("completion", "bash"),
)
AT_A_TERMINAL: tuple[tuple[str, ...], ...] = (
    (),
    ("watch", "theirs"),
    ("resume", "theirs", "--as", "ANA"),
    ("run", "plans/ship.yaml", "--go-live", "now+2h", "--as", "ANA"),
    ("run", "plans/ship.yaml", "--go-live", "now+2h", "--as", "ANA", "--rehearse"),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(shape=CHECKLISTS)
def test_without_an_answer_nothing_is_taken(
    shape: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("machine")
    machine = Machine(folder)
    try:
        text = checklist(machine, shape)
        (folder / "plans" / "ship.yaml").write_text(text)
        (folder / "plans" / "ship.md").write_text(f"# Ship\n\n- [ ] Do it\n\n```yaml\n{text}```\n")
        stranger_session(machine, text, shape)
        with watched() as seen:
            for words in COMMANDS:
                assert machine.box.run(*words).code != 70, words
                assert machine.broken(seen) == [], words
            for words in AT_A_TERMINAL:
                assert machine.box.run(*words, typed=NOBODY_ANSWERS).code != 70, words
                assert machine.broken(seen) == [], words
            machine.box.run("close", "theirs", "--outcome", "done", "--as", "ANA")
            assert machine.broken(seen) == []
    finally:
        machine.close()
        shutil.rmtree(folder)


CONTROLS = {
    "sent b": [{"http": "http://PLACE/", "measure": "up", "token_env": "KEY"}],
    "opened": [{"http": "http://PLACE/", "measure": "up", "token_file": "TOKEN"}],
    "started": [{"command": ["probe.sh"]}],
    "looked up": [{"tcp": "${env}.localhost:1"}],
}


@pytest.mark.parametrize("what", CONTROLS)
def test_the_watch_sees_what_is_taken_once_it_was_agreed_to(what: str, tmp_path: Path) -> None:
    """The control: the same machine and the same judge, with `--trust`."""
    machine = Machine(tmp_path)
    try:
        shape = {"sources": CONTROLS[what], "ask": "", "mask": [], "plan_path": "CHECKLIST"}
        (tmp_path / "plans" / "ship.yaml").write_text(checklist(machine, shape))
        with watched() as seen:
            machine.box.run("probe", "plans/ship.yaml", "--trust")
            assert [found for found in machine.broken(seen) if found.startswith(what)]
    finally:
        machine.close()
