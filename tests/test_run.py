"""The launcher `./run`, with stand-ins for Python and pip: what it makes, when it makes it again, and what it says."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

TOOLS = ["cat", "cksum", "cp", "cut", "chmod", "date", "df", "env", "flock", "grep", "ln", "mkdir", "mv", "pwd", "readlink",
         "rm", "sed", "sh", "sleep", "tail", "true", "uname"]  # fmt: skip
RUN = Path(__file__).parent.parent / "run"

# Answers what the launcher asks of a Python: its version, venv and pip. Each call is written down.
STAND_IN = """\
#!/bin/sh
echo "${{0##*/}} $*" >>'{calls}'
case "$*" in
*version_info*) {old} ;;
*'import ensurepip'*) {bare} ;;
'-m venv '*)
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo "VIRTUAL_ENV='$3'" >"$3/bin/activate"
    printf '#!/bin/sh\\npwd\\n' >"$3/bin/pytest" && chmod +x "$3/bin/pytest" ;;
*'pip install'*) {pip} ;;
esac
"""


@dataclass(frozen=True)
class Checkout:
    root: Path
    tools: Path

    @property
    def calls(self) -> list[str]:
        path = self.root / "calls"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def installs(self) -> int:
        return sum("--no-build-isolation" in call for call in self.calls)

    def python(self, name: str, *, is_old: bool = False, is_bare: bool = False, pip: str = "exit 0") -> None:
        """A Python on the search path."""
        path = self.tools / name
        old, bare = f"exit {int(is_old)}", f"exit {int(is_bare)}"
        path.write_text(STAND_IN.format(calls=self.root / "calls", old=old, bare=bare, pip=pip))
        path.chmod(0o755)

    def start(self, *words: str, cwd: Path | None = None, run: Path | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(run or self.root / "run"), *words],
            cwd=cwd or self.root,
            env={"PATH": str(self.tools), "HOME": str(self.root), "PYTHONPATH": "/elsewhere"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(
        self, *words: str, cwd: Path | None = None, run: Path | None = None
    ) -> tuple[int, str, list[str]]:
        process = self.start(*words, cwd=cwd, run=run)
        out, err = process.communicate(timeout=60)
        return process.returncode, out.strip(), err.splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout in a folder with a space, and a search path without any Python but the stand-ins."""
    root, tools = tmp_path / "a checkout", tmp_path / "tools"
    root.mkdir()
    tools.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    shutil.copy(RUN, root / "run")
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "constraints.txt").write_text("textual==8.2.8\n")
    made = Checkout(root, tools)
    made.python("python3")
    return made


def test_first_use_makes_the_environment_and_says_so_in_two_lines(checkout: Checkout) -> None:
    code, out, err = checkout.run("env")
    assert code == 0
    assert f"VIRTUAL_ENV={checkout.root}/.venv" in out.splitlines()
    assert f"PATH={checkout.root}/.venv/bin:{checkout.tools}" in out.splitlines()
    assert "PYTHONPATH" not in out
    assert len(err) == 2
    assert "first use" in err[0]
    assert "ready" in err[1]
    assert checkout.installs == 1


def test_afterwards_it_is_quiet_and_starts_no_python(checkout: Checkout) -> None:
    checkout.run("true")
    before = len(checkout.calls)
    assert checkout.run("true") == (0, "", [])
    assert len(checkout.calls) == before


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_it_installs_again_when_what_is_installed_changed(checkout: Checkout, name: str) -> None:
    checkout.run("true")
    with (checkout.root / name).open("a") as file:
        file.write("# changed\n")
    assert "up to date" in checkout.run("true")[2][0]
    assert checkout.installs == 2
    assert sum("-m venv" in call for call in checkout.calls) == 1


def test_a_checkout_that_was_moved_gets_a_new_environment(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("true")
    moved = tmp_path / "moved"
    checkout.root.rename(moved)
    checkout.root.mkdir()  # the calls are still written down there
    code, out, _ = Checkout(moved, checkout.tools).run("env")
    assert code == 0
    assert f"VIRTUAL_ENV={moved}/.venv" in out
    assert f"{moved}/.venv" in (moved / ".venv/bin/activate").read_text()


def test_an_environment_made_by_hand_is_kept(checkout: Checkout) -> None:
    subprocess.run([checkout.tools / "python3", "-m", "venv", checkout.root / ".venv"], check=True,
                   env={"PATH": str(checkout.tools)})  # fmt: skip
    (checkout.root / ".venv/mine").touch()
    assert checkout.run("true")[0] == 0
    assert (checkout.root / ".venv/mine").exists()
    assert checkout.installs == 1


def test_an_installation_that_failed_says_why_and_is_made_anew(checkout: Checkout) -> None:
    checkout.python("python3", pip="echo 'ERROR: No space for this'; exit 1")
    code, _, err = checkout.run("true")
    assert code == 2
    assert err[-1].startswith("error: the environment could not be made")
    assert "No space for this" in err[-1]
    assert checkout.run("true")[0] == 2, "a half-made environment must never pass for a whole one"
    checkout.python("python3")
    code, _, err = checkout.run("true")
    assert code == 0
    assert "did not finish" in err[0]
    assert sum("-m venv" in call for call in checkout.calls) == 3


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            "OSError: [Errno 28] No space left on device",
            "no space is left: about 250 MB are needed in {root}",
        ),
        (
            "WARNING: Retrying: connection broken by 'X(<a>: [Errno -3] Temporary failure in name resolution')': /x\nERROR: none",
            "the package index was not reached (Temporary failure in name resolution), and the first use needs",
        ),
        (
            "Could not fetch URL https://x/: SSLError: certificate verify failed: self",
            "(certificate verify failed)",
        ),
        ("  error sending request for url (https://x/)", "the package index was not reached, and"),
        ("ERROR: Cannot install a==1\nERROR: ResolutionImpossible: for help", "Cannot install a==1"),
    ],
)
def test_no_disk_and_no_network_are_said_in_words(checkout: Checkout, said: str, why: str) -> None:
    (checkout.root / "said").write_text(said + "\n")
    checkout.python("python3", pip="cat said; exit 1")
    code, _, err = checkout.run("true")
    assert (code, len(err)) == (2, 2)
    assert err[-1].startswith("error: the environment could not be made: ")
    assert why.format(root=checkout.root) in err[-1]
    assert err[-1].endswith(f"(see {checkout.root}/.venv.log)")


@pytest.mark.parametrize(("free", "is_full"), [("4095", True), ("4096", False), ("12", True), ("-", False)])
def test_a_disk_too_full_for_the_log_is_named(checkout: Checkout, free: str, is_full: bool) -> None:
    """As it was: nothing stood behind the colon."""
    (checkout.tools / "df").unlink()
    (checkout.tools / "df").write_text(
        f"#!/bin/sh\necho 'Filesystem ...'\necho 'tmpfs 9000 8000 {free} 99% /a 5% b'\n"
    )
    (checkout.tools / "df").chmod(0o755)
    checkout.python("python3", pip="echo 'ERROR: Exit 1'; exit 1")
    assert ("no space is left" in checkout.run("true")[2][-1]) == is_full


@pytest.mark.parametrize("name", ["a$b c", "a`b` c", 'a"b c', "a$(b) c"])
def test_a_script_of_pip_is_found_whatever_the_folder_is_called(
    tmp_path: Path, checkout: Checkout, name: str
) -> None:
    root = tmp_path / name
    checkout.root.rename(root)
    checkout.root.mkdir()  # the calls are still written down there
    moved = Checkout(root, checkout.tools)
    assert moved.run("true")[0] == 0
    script = root / ".venv/bin/tool"
    script.write_text(f"#!/bin/sh\n'''exec' \"{root}/.venv/bin/python\" \"$0\" \"$@\"\n' '''\n")
    script.chmod(0o755)
    assert moved.run("tool", "a b")[0] == 0
    assert checkout.calls[-1] == f"python {script} a b"
    assert moved.run("pytest") == (0, str(root), [])  # what is no script of pip is started as it is


def _environments_after_a_kill(checkout: Checkout) -> int:
    """How many environments were made when the first installation was killed and the next one is whole."""
    deadly = checkout.root / "deadly"
    deadly.touch()
    checkout.python("python3", pip=f"[ ! -e '{deadly}' ] || {{ kill -9 $PPID; exec sleep 30; }}")
    process = checkout.start("true")
    process.wait(timeout=60)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    deadly.unlink()
    assert checkout.run("true")[0] == 0
    return sum("-m venv" in call for call in checkout.calls)


def test_a_killed_installation_is_made_anew(checkout: Checkout) -> None:
    assert _environments_after_a_kill(checkout) == 2


def test_control_a_launcher_that_ignores_the_mark_keeps_the_half_made_one(checkout: Checkout) -> None:
    text = RUN.read_text()
    broken = text.replace('[ ! -e "$unfinished" ] && ', "")
    assert broken != text
    (checkout.root / "run").write_text(broken)
    assert _environments_after_a_kill(checkout) == 1


def test_python3_may_be_too_old_beside_a_newer_one(checkout: Checkout) -> None:
    checkout.python("python3", is_old=True)
    checkout.python("python3.12")
    assert checkout.run("true")[0] == 0
    assert any(call.startswith("python3.12 -m venv") for call in checkout.calls)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [({"is_old": True}, "Python 3.11 or newer is needed"), ({"is_bare": True}, "python3-venv")],
)
def test_without_a_usable_python_one_line_says_what_to_do(
    checkout: Checkout, trouble: dict[str, bool], said: str
) -> None:
    checkout.python("python3", **trouble)  # type: ignore[arg-type]
    code, out, err = checkout.run("true")
    assert (code, out, len(err)) == (2, "", 1)
    assert said in err[0]


@pytest.mark.parametrize("has_flock", [True, False])
def test_two_first_uses_make_one_environment(checkout: Checkout, has_flock: bool) -> None:
    if not has_flock:
        (checkout.tools / "flock").unlink()
    checkout.python("python3", pip="sleep 0.3")
    both = [checkout.start("true"), checkout.start("true")]
    for process in both:
        process.communicate(timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    assert checkout.installs == 1
    assert not (checkout.root / ".venv.lock.holder").is_symlink()


def test_a_lock_whose_holder_died_is_passed_over(checkout: Checkout) -> None:
    (checkout.tools / "flock").unlink()
    gone = subprocess.Popen(["true"])
    gone.wait()
    (checkout.root / ".venv.lock.holder").symlink_to(f"{gone.pid}@{os.uname().nodename}")
    assert checkout.run("true")[0] == 0


def test_it_works_through_links_and_keeps_the_callers_folder(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("a checkout/run")
    (tmp_path / "links").mkdir()
    (tmp_path / "links/two").symlink_to("../one")
    code, out, _ = checkout.run("pwd", cwd=tmp_path, run=tmp_path / "links/two")
    assert (code, out) == (0, str(tmp_path))


def test_the_development_tools_work_on_the_checkout(checkout: Checkout, tmp_path: Path) -> None:
    inside = checkout.root / "src"
    inside.mkdir()
    assert checkout.run("pytest", cwd=tmp_path)[1] == str(checkout.root)
    assert checkout.run("pytest", cwd=inside)[1] == str(inside)


def test_the_command_gets_the_signal_and_gives_the_exit_code(checkout: Checkout) -> None:
    assert checkout.run("sh", "-c", "exit 7")[0] == 7
    process = checkout.start("sh", "-c", "echo $$")
    out, _ = process.communicate(timeout=60)
    assert int(out) == process.pid, "the launcher becomes the program, so every signal reaches it"


def test_without_a_command_it_says_how_it_is_used(checkout: Checkout) -> None:
    code, _, err = checkout.run()
    assert (code, len(err)) == (2, 1)
    assert "usage" in err[0]
