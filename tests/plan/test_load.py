"""From a path to a plan: what is no readable file is said at once, and nothing ever blocks."""

from __future__ import annotations

import gc
import hashlib
import os
import socket
import time
from pathlib import Path

import pytest

from deploytui.base.errors import DeploytuiError, InvalidChecklist, UsageError
from deploytui.plan.load import load_plan, read_plan
from deploytui.plan.yaml import MAX_BYTES
from tests.plan.sample import FULL, with_items


def test_a_loaded_plan_keeps_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "night.yaml"
    path.write_text(FULL)
    loaded = load_plan(path)
    assert loaded.source == FULL.encode()
    assert loaded.sha256 == hashlib.sha256(FULL.encode()).hexdigest()
    assert (loaded.name, loaded.path) == ("night.yaml", path)
    assert (loaded.findings, loaded.recognized, loaded.repairs) == ((), (), ())
    again = read_plan(loaded.source, loaded.name)
    assert (again.plan, again.sha256, again.path) == (loaded.plan, loaded.sha256, None)


def _failure(path: Path) -> DeploytuiError:
    start = time.perf_counter()
    with pytest.raises(DeploytuiError) as caught:
        load_plan(path)
    assert time.perf_counter() - start < 1
    assert caught.value.exit_code == 2
    return caught.value


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.yaml"
    os.mkfifo(fifo)
    unix = tmp_path / "s.yaml"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(unix))
        cases = {
            tmp_path / "none.yaml": "no such file",
            tmp_path: "a folder",
            fifo: "a pipe or device",
            unix: "a socket or pipe",
            Path("/dev/null"): "a pipe or device",
            tmp_path / ("n" * 300 + ".yaml"): "File name too long",
            tmp_path / "a\0b.yaml": "a name that cannot be a path",
            fifo / "x.yaml": "Not a directory",
        }
        for path, part in cases.items():
            error = _failure(path)
            assert isinstance(error, UsageError)
            assert part in str(error)


def test_a_loop_of_links_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert "cannot be read" in str(_failure(tmp_path / "a.yaml"))


def test_a_file_without_permission_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert "read permission" in str(_failure(tmp_path / "x.yaml"))


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES * 1000)
    error = _failure(path)
    assert isinstance(error, InvalidChecklist)
    assert "larger than 16 MiB" in str(error)


@pytest.mark.parametrize("name", ["plan.conf", "plan", "plan.yaml.bak", "plan.json"])
def test_another_kind_of_file_is_refused(name: str) -> None:
    with pytest.raises(InvalidChecklist, match=r"\.yaml"):
        read_plan(FULL.encode(), name)


def test_a_name_is_safe_in_messages() -> None:
    with pytest.raises(InvalidChecklist) as caught:
        read_plan(b"", "a\x1b[31m.yaml")
    assert str(caught.value).isprintable()


def test_the_collector_runs_again_afterwards() -> None:
    assert gc.isenabled()
    read_plan(FULL.encode(), "x.yaml")
    with pytest.raises(InvalidChecklist):
        read_plan(b"[", "x.yaml")
    assert gc.isenabled()


def test_a_hundred_thousand_items_are_read_in_seconds() -> None:
    items = "\n".join(f"- {{id: i{n}, text: Response times < {n}ms}}" for n in range(100_000))
    source = with_items(items).encode()
    start = time.perf_counter()
    plan = read_plan(source, "big.yaml").plan
    assert time.perf_counter() - start < 8  # 2 s on a quiet machine
    assert len(plan.stages[1].phases[0].groups[0].items) == 100_000


def test_the_time_grows_with_the_items_and_no_faster() -> None:
    def took_s(count: int) -> float:
        source = with_items("\n".join(["- Check the logs"] * count)).encode()
        start = time.process_time()
        read_plan(source, "big.yaml")
        return time.process_time() - start

    took_s(1_000)
    small, large = took_s(4_000), took_s(32_000)
    assert large < small * 8 * 4


def test_a_markdown_file_that_cannot_be_read_is_named_as_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00" * 40)
    with pytest.raises(InvalidChecklist) as refused:
        load_plan(tmp_path / "plan.md")
    assert refused.value.problems[0].file == str(tmp_path / "plan.md")
