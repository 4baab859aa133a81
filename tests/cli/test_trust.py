"""Trust: one page that says everything, asked once for each list, kept outside the checklist's folder."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.base.errors import DeploytuiError
from deploytui.cli.beginning import hidden_texts
from deploytui.cli.console import Console
from deploytui.cli.opened import given_at_start, restored
from deploytui.cli.trust import Agreed, agreed, settle_trust, wanted
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import create
from deploytui.journal.store import Header
from deploytui.plan.load import Loaded, load_plan, read_plan
from deploytui.session.act import By
from deploytui.session.session_rules import opening
from tests.cli.conftest import NOW, PLAN, Box, Screen
from tests.cli.test_process import environment

COMMANDS = """
gauges:
  pending: {title: Pending, source: {command: [/bin/echo, "3; rm -rf /", "$(id)"], read: number}, ok: "= 0"}
  health:
    title: Up
    source: {http: "http://app.example/health", measure: up, token_file: /etc/app.token, proxy: "http://p:3128"}
  rate: {title: Rate, source: {prometheus: "https://prom.example", query: up, token_env: PROM_TOKEN}}
  open: {title: Open, source: {http: "http://app.example/open", measure: up}}
"""


def loaded(folder: Path, text: str = PLAN + COMMANDS) -> tuple[Path, Loaded]:
    folder.mkdir(exist_ok=True)
    path = folder / "ship.yaml"
    path.write_text(text)
    return path, load_plan(path)


def console(
    state: Path, typed: str | None, folder: Path | None = None, **env: str
) -> tuple[Console, io.StringIO]:
    kind = io.StringIO if typed is None else Screen
    out = kind()
    return Console(
        env={"DEPLOYTUI_STATE_DIR": str(state), "TERM": "xterm", "LANG": "C.UTF-8", "PATH": "/bin", **env},
        cwd=folder or state.parent,
        stdin=kind(typed or ""),
        stdout=out,
        stderr=io.StringIO(),
        clock=FrozenClock(NOW),
    ), out


def settled(
    state: Path,
    path: Path,
    found: Loaded,
    typed: str | None,
    *,
    flag: bool = False,
    folder: Path | None = None,
    given: dict[str, str] | None = None,
    mask: tuple[str, ...] = (),
    **env: str,
) -> tuple[Agreed, str]:
    here, out = console(state, typed, folder, **env)
    here.trusts = flag
    here.hide(mask)
    listed = wanted(here, path, found.source, found.plan, given or {})
    return settle_trust(here, listed), out.getvalue()


def test_everything_is_shown_in_words_and_asked_once(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans")
    is_yes, shown = settled(tmp_path / "state", path, found, "yes\n")
    assert len(is_yes) == 3
    assert shown.splitlines()[1:4] == [
        f"  runs /bin/echo '3; rm -rf /' '$(id)' in {tmp_path}",
        "  sends what the file /etc/app.token holds to app.example:80, in clear (http), through p:3128",
        "  sends the value of PROM_TOKEN to prom.example:443",
    ]
    assert settled(tmp_path / "state", path, found, "") == (is_yes, "")
    (kept,) = (tmp_path / "state" / "trusted").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700


def test_what_variables_put_in_is_shown_as_it_will_be(tmp_path: Path) -> None:
    declared = (
        "variables:\n  host: {value: db1.example}\n  user: {env: DB_USER}\n  out: {ask: it}\n  app: {env: APP}\n"
        "  pw: {ask: it, secret: true}\n"
    )
    gauges = (
        "gauges:\n  rows: {title: Rows, source: {command: [/bin/echo, '${host}', '${user}', '${out}']}}\n"
        "  sum: {title: Sum, source: {command: [sh, -c, 'echo ${out}; echo ${pw}']}}\n"
        "  up: {title: Up, source: {http: 'https://${app}/x?k=${user}', measure: up}}\n"
    )
    path, found = loaded(tmp_path / "plans", PLAN + declared + gauges)
    given = {"out": "a; b", "pw": "sEntinel77"}
    _, shown = settled(
        tmp_path / "state", path, found, "no\n", given=given, DB_USER="kim", APP="app.example:8443"
    )
    prefix = "DEPLOYTUI_VAR_"
    script = f"  runs /bin/sh -c 'echo ${{{prefix}out}}; echo ${{{prefix}pw}}' in {tmp_path}, with "
    script += f"{prefix}out='a; b' {prefix}pw='(secret)' in its environment"
    assert shown.splitlines()[1:5] == [
        f"  runs /bin/echo db1.example kim 'a; b' in {tmp_path}, and gives it the value of DB_USER",
        script,
        "  sends the value of APP to app.example:8443/x?k=(user)",
        "  sends the value of DB_USER to app.example:8443/x?k=(user)",
    ]
    assert "sEntinel77" not in shown


def test_no_page_shows_what_a_strangers_checklist_takes_from_a_variable_that_is_named_a_secret(
    tmp_path: Path,
) -> None:
    more = (
        "variables: {k: {env: AWS_SECRET_ACCESS_KEY}}\n"
        "gauges:\n  a: {title: A, source: {command: [/bin/echo, '${k}']}}\n"
        "  b: {title: B, source: {command: [sh, -c, 'echo ${k}']}}\n"
    )
    path, found = loaded(tmp_path / "plans", PLAN + more)
    _, shown = settled(tmp_path / "state", path, found, "\n", AWS_SECRET_ACCESS_KEY="sEntinel77")
    assert "sEntinel77" not in shown
    assert "gives it the value of AWS_SECRET_ACCESS_KEY" in shown
    hidden = hidden_texts(found.plan, {}, {"AWS_SECRET_ACCESS_KEY": "sEntinel77"})
    assert "sEntinel77" in hidden


@pytest.mark.parametrize("typed", ["\n", "y\n", "no\n", "YES\n"])
def test_anything_but_yes_is_no_and_is_asked_again(tmp_path: Path, typed: str) -> None:
    path, found = loaded(tmp_path / "plans")
    for _ in range(2):
        answer, shown = settled(tmp_path / "state", path, found, typed)
        assert (answer, "echo" in shown) == (frozenset(), True)


def test_without_a_terminal_only_the_option_agrees_and_only_for_once(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans")
    assert settled(tmp_path / "state", path, found, None) == (frozenset(), "")
    is_yes, shown = settled(tmp_path / "state", path, found, None, flag=True)
    assert (len(is_yes), shown) == (3, "")
    assert settled(tmp_path / "state", path, found, None) == (frozenset(), "")


def test_what_looks_like_something_else_is_flagged_and_controls_are_seen(tmp_path: Path) -> None:
    hostile = (PLAN + COMMANDS).replace("/bin/echo", "/bin/\u0435cho")
    hostile = hostile.replace("$(id)", "${v}") + "variables: {v: {ask: it}}\n"
    path, found = loaded(tmp_path / "plans", hostile)
    _, shown = settled(tmp_path / "state", path, found, "\n", given={"v": "\u202e\x1b[2J"})
    assert "/bin/\\u0435cho" in shown
    assert "\\u202e\\x1b[2J" in shown
    assert "not ASCII" in shown


@pytest.mark.parametrize("hidden", ["touch PWNED", "secret.sh", "token=abc123def456"])
def test_no_mask_hides_what_is_asked_about(tmp_path: Path, hidden: str) -> None:
    text = PLAN + f"gauges: {{g: {{title: G, source: {{command: [/bin/sh, -c, 'echo 1; {hidden}']}}}}}}\n"
    path, found = loaded(tmp_path / "plans", text)
    _, shown = settled(tmp_path / "state", path, found, "\n", mask=(hidden, "echo"))
    assert f"runs /bin/sh -c 'echo 1; {hidden}' in" in shown


def test_a_plan_that_takes_nothing_asks_nothing(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans", PLAN + COMMANDS[: COMMANDS.index("  pending")] + "  open: " +
        COMMANDS.partition("  open: ")[2])  # fmt: skip
    assert settled(tmp_path / "state", path, found, "yes\n") == (frozenset(), "")


def test_every_flipped_byte_ends_the_trust(tmp_path: Path) -> None:
    text = (PLAN + COMMANDS).rstrip("\n")
    text += "\n# " + "x" * (2048 - len(text.encode()) - 4) + "\n"
    assert len(text.encode()) == 2048
    path, found = loaded(tmp_path / "plans", text)
    assert settled(tmp_path / "state", path, found, "yes\n")[0]
    here, _ = console(tmp_path / "state", None)
    untrusted = unreadable = 0
    for place in range(2048):
        flipped = bytearray(found.source)
        flipped[place] ^= 1
        try:
            plan = read_plan(bytes(flipped), "ship.yaml").plan
        except DeploytuiError:
            plan, unreadable = found.plan, unreadable + 1  # even if it were read as before
        untrusted += not agreed(here, wanted(here, path, bytes(flipped), plan, {}))
    assert untrusted == 2048
    assert 0 < unreadable < 2048
    # The control: the bytes that were agreed to are trusted.
    assert agreed(here, wanted(here, path, found.source, found.plan, {}))


VARIABLE = "variables: {host: {ask: it}, app: {env: APP}}\ngauges:\n"
ASKS_AGAIN = {
    "another folder": ("  g: {title: G, source: {command: [./probe.sh]}}", {"folder": "elsewhere"}),
    "a program of another folder": ("  g: {title: G, source: {command: [tool]}}", {"PATH": "elsewhere"}),
    "another value in an argument": ("  g: {title: G, source: {command: [/bin/echo, '${host}']}}", {"given": "b"}),
    "another value in a shell's environment": (
        "  g: {title: G, source: {command: [sh, -c, 'echo 1; : ${host}']}}", {"given": ";touch PWNED"}),
    "another value from the environment": (
        "  g: {title: G, source: {command: [/bin/echo, '${app}']}}", {"APP": "other.example"}),
    "another host for a token": (
        "  g: {title: G, source: {http: 'http://${host}/', measure: up, token_env: TOKEN}}", {"given": "evil.example"}),
    "another port for a file": (
        "  g: {title: G, source: {http: 'http://a:${host}/', measure: up, token_file: /etc/x}}", {"given": "81"}),
    "another proxy for a value": (
        "  g: {title: G, source: {http: 'http://${app}/', measure: up, proxy: 'http://${host}:1'}}", {"given": "c"}),
}  # fmt: skip


@pytest.mark.parametrize("what", ASKS_AGAIN)
def test_another_list_is_asked_again(tmp_path: Path, what: str) -> None:
    gauge, change = ASKS_AGAIN[what]
    for folder in ("here", "elsewhere"):
        (tmp_path / folder).mkdir()
        for name in ("tool", "probe.sh"):
            (tmp_path / folder / name).write_text("#!/bin/sh\n")
            (tmp_path / folder / name).chmod(0o755)
    path, found = loaded(tmp_path / "plans", PLAN + VARIABLE + gauge + "\n")

    def ask(folder: str = "here", given: str = "8", APP: str = "app.example", PATH: str = "here") -> Agreed:
        search = f"{tmp_path / PATH}:/bin"
        return settled(
            tmp_path / "state", path, found, None, folder=tmp_path / folder, given={"host": given},
            APP=APP, PATH=search, TOKEN="t",
        )[0]  # fmt: skip

    here, _ = console(tmp_path / "state", "yes\n", tmp_path / "here", APP="app.example", TOKEN="t",
                      PATH=f"{tmp_path / 'here'}:/bin")  # fmt: skip
    assert settle_trust(here, wanted(here, path, found.source, found.plan, {"host": "8"}))
    assert ask(), "the control: the same list is not asked again"
    assert not ask(**change)


def test_a_session_file_from_elsewhere_brings_no_secret_which_nobody_would_see_on_the_page(box: Box) -> None:
    box.state.mkdir(mode=0o700)
    source = (PLAN + "variables: {host: {ask: it}, pw: {ask: it, secret: true}}\n").encode()
    header = Header(
        session="theirs", title="Ship it", plan_name="ship.yaml", plan_path=str(box.checklist),
        plan_sha256=hashlib.sha256(source).hexdigest(), mode="live", created_at=NOW, program="0.1.0",
    )  # fmt: skip
    drafts = opening(By("EVE"), NOW, "pre", (), variables=["host=db1", "pw=$(touch PWNED)"])
    store = create(
        box.state / "theirs.deploytui",
        header,
        source,
        clock=box.clock,
        holder=this_process("EVE"),
        opening=drafts,
    )
    assert given_at_start(restored(store, box.clock)) == {"host": "db1"}
    store.close()


def test_a_link_is_shown_as_the_file_it_leads_to_and_another_file_is_asked_again(tmp_path: Path) -> None:
    gauge = "gauges:\n  g: {title: G, source: {http: 'http://a/', measure: up, token_file: in/token}}\n"
    path, found = loaded(tmp_path / "plans", PLAN + gauge)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "in").symlink_to("one")
    (tmp_path / "one" / "token").symlink_to("../harmless")
    yes, shown = settled(tmp_path / "state", path, found, "yes\n")
    assert yes
    assert f"sends what the file {os.path.realpath(tmp_path)}/harmless holds to a:80" in shown
    assert settled(tmp_path / "state", path, found, None)[0] == yes
    (tmp_path / "one" / "token").unlink()
    (tmp_path / "one" / "token").symlink_to("../vault-token")
    assert not settled(tmp_path / "state", path, found, None)[0]
    (tmp_path / "in").unlink()
    (tmp_path / "in").symlink_to("two")
    assert not settled(tmp_path / "state", path, found, None)[0]


def test_another_place_of_the_checklist_is_another_thing(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans")
    other, _ = loaded(tmp_path / "elsewhere")
    assert settled(tmp_path / "state", path, found, "yes\n")[0]
    assert not settled(tmp_path / "state", other, found, None)[0]


def test_trust_that_comes_with_the_checklist_or_that_others_can_write_does_not_count(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans")
    beside = tmp_path / "plans" / "state"
    assert settled(beside, path, found, "yes\n", folder=tmp_path)[0]
    assert not (beside / "trusted").exists()
    planted = beside / "trusted"
    planted.mkdir(parents=True, mode=0o700)
    here, _ = console(beside, None, tmp_path)
    (planted / wanted(here, path, found.source, found.plan, {}).fingerprint).touch(0o600)
    assert not settled(beside, path, found, None, folder=tmp_path)[0]
    good = tmp_path / "state"
    assert settled(good, path, found, "yes\n")[0]
    for mode in (0o770, 0o707, 0o750):
        (good / "trusted").chmod(mode)
        assert not settled(good, path, found, None)[0]
    (good / "trusted").chmod(0o700)
    assert settled(good, path, found, None)[0]
    kept = next((good / "trusted").iterdir())
    kept.unlink()
    kept.symlink_to(path)
    assert not settled(good, path, found, None)[0]


def started(folder: Path, *words: str) -> int:
    """How many programs one run of ours started besides itself."""
    strace = shutil.which("strace")
    if strace is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no strace")
        pytest.skip("no strace here")
    log = folder / "calls"
    watched = [strace, "-f", "-qq", "-e", "trace=execve,execveat", "-o", str(log)]
    subprocess.run(
        [*watched, sys.executable, "-m", "deploytui", *words],
        env=environment(folder, {"TERM": "xterm"}),
        cwd=folder,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    return sum("execve" in line for line in log.read_text().splitlines()) - 1


def test_nothing_of_a_plan_runs_by_looking_at_it(tmp_path: Path) -> None:
    loaded(tmp_path)
    document = "# Ship\n\n## Deploy\n\n- [ ] `touch hacked`\n\n```\ntouch hacked\n```\n"
    (tmp_path / "plan.md").write_text(document)
    for words in (
        ("check", "ship.yaml"),
        ("print", "ship.yaml"),
        ("import", "plan.md"),
        ("watch",),
        ("status",),
        ("probe", "ship.yaml"),
        ("run", "ship.yaml", "--as", "ANA", "--trust"),
    ):
        assert started(tmp_path, *words) == 0, words
    assert not (tmp_path / "hacked").exists()
    # The control: a probe of a trusted one does.
    assert started(tmp_path, "probe", "ship.yaml", "--trust") > 0
