"""What a checklist takes and runs, as it is listed; and how a value gets into a command without becoming one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from deploytui.plan.model import GaugeSpec, Variable
from deploytui.plan.source import CommandSource, HttpSource, PrometheusSource, TlsSource
from deploytui.probes.demand import Runs, Sends, command_line, demands
from deploytui.probes.variable import Unset, Variables

HOSTILE = (
    ";touch PWNED",
    "$(touch PWNED)",
    "`touch PWNED`",
    "a\ntouch PWNED",
    "' ; touch PWNED; '",
    '"; touch PWNED; "',
)


def variables(value: str = "db1", *, is_secret: bool = False) -> Variables:
    return Variables([Variable("v", ask="it", is_secret=is_secret)], {"v": value}, {"PATH": "/usr/bin:/bin"})


def command(*words: str) -> CommandSource:
    return CommandSource(words)


def run(words: tuple[str, ...], value: str, folder: Path) -> str:
    """What the command prints, started as the probe would."""
    line = command_line(command(*words), variables(value), folder)
    done = subprocess.run(
        line.argv, executable=line.demand.program, cwd=folder, capture_output=True, text=True, timeout=10,
        env={"PATH": "/usr/bin:/bin", **line.environment},
    )  # fmt: skip
    return done.stdout


SHELL_TEXTS = (
    ("sh", "-c", "printf %s ${v}"),
    ("sh", "-c", 'printf %s "${v}"'),
    ("sh", "-ec", 'printf %s "x$(printf %s "${v}")"'),
    ("env", "sh", "-c", "printf %s `printf %s ${v}`"),
    ("sh", "-cx", "printf %s ${v}"),
    ("bash", "-c", "--", "printf %s ${v}"),
    ("bash", "-co", "pipefail", "printf %s ${v}"),
    ("timeout", "5", "bash", "+x", "-c", "printf %s ${v}"),
    ("sh", "-c", "printf %s $1 # ./check.sh", "sh", "${v}"),
)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("words", SHELL_TEXTS)
def test_a_value_in_a_shells_text_is_never_run(words: tuple[str, ...], value: str, tmp_path: Path) -> None:
    shown = run(words, value, tmp_path)
    assert "touch" in shown, "the control: the value did get there"
    assert not (tmp_path / "PWNED").exists()


def test_the_same_values_run_where_they_are_put_in_as_text(tmp_path: Path) -> None:
    """The control of the test above: it can see a value that runs."""
    for value in HOSTILE[:4]:
        (tmp_path / "PWNED").unlink(missing_ok=True)
        subprocess.run(["/bin/sh", "-c", f"printf %s {value}"], cwd=tmp_path, capture_output=True, timeout=10)
        assert (tmp_path / "PWNED").exists(), value


@pytest.mark.parametrize("value", HOSTILE)
def test_an_argument_of_its_own_is_the_value_as_it_is(value: str, tmp_path: Path) -> None:
    assert run(("printf", "%s", "${v}"), value, tmp_path) == value
    assert run(("printf", "%s", "--host=${v}"), value, tmp_path) == f"--host={value}"


OTHER_TEXTS = (
    ("ssh", "db1", "psql", "${v}"),
    ("python3", "-c", "print('${v}')"),
    ("psql", "-c", "select '${v}'"),
    ("perl", "-e", "${v}"),
    ("sh", "-c", "printf %s '${v}'"),
    ("sh", "-c", "printf %s \\${v}"),
    ("perl", "-E", "${v}"),
    ("node", "-p", "${v}"),
    ("awk", "BEGIN { print ${v} }"),
    ("sed", "-n", "1p;${v}"),
    ("env", "-S", "sh -c 'echo ${v}'"),
    ("env", "-Ssh -c 'echo ${v}'"),
    # What loses the environment would read nothing there.
    ("env", "-i", "sh", "-c", "printf %s ${v}"),
    ("sudo", "sh", "-c", "printf %s ${v}"),
    ("docker", "exec", "db", "sh", "-c", "printf %s ${v}"),
    # What a shell reads once more, or over there.
    ("sh", "-c", 'eval "printf %s ${v}"'),
    ("sh", "-c", 'sh -c "printf %s ${v}"'),
    ("sh", "-c", "/usr/bin/ssh db1 check ${v}"),
    ("bash", "-c", "echo $((${v}))"),
    ("bash", "-c", "[[ 1 -eq ${v} ]]"),
)


@pytest.mark.parametrize("words", OTHER_TEXTS)
def test_what_else_reads_a_program_gets_plain_values_only(words: tuple[str, ...], tmp_path: Path) -> None:
    for value in (*HOSTILE, "a b", "a[$(touch PWNED)]", "-oProxyCommand=x"):
        with pytest.raises(Unset, match="v has characters that could be run there"):
            command_line(command("/bin/" + words[0], *words[1:]), variables(value), tmp_path)
    line = command_line(command("/bin/" + words[0], *words[1:]), variables("db-1.example:5432"), tmp_path)
    assert "db-1.example:5432" in " ".join(line.argv)
    assert line.environment == {}


def test_a_secret_reaches_a_command_by_its_environment_only(tmp_path: Path) -> None:
    secret = variables("s3cret", is_secret=True)
    line = command_line(command("/bin/sh", "-c", "echo ${v}"), secret, tmp_path)
    assert line.environment == {"DEPLOYTUI_VAR_v": "s3cret"}
    assert "s3cret" not in repr(line.argv) + str(line.demand)
    for words in (("/bin/echo", "${v}"), ("/bin/ssh", "db", "${v}")):
        with pytest.raises(Unset, match="v is secret"):
            command_line(command(*words), secret, tmp_path)


def test_no_value_is_read_again_for_variables(tmp_path: Path) -> None:
    declared = [Variable("a", value="${b}"), Variable("b", value="no")]
    line = command_line(command("/bin/echo", "${a}", "${HOME}"), Variables(declared, {}, {}), tmp_path)
    assert line.argv == ("/bin/echo", "${b}", "${HOME}")


def test_a_program_is_known_by_its_whole_path(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text("#!/bin/sh\n")
    (tmp_path / "tool").chmod(0o755)

    def program(name: str, path: str) -> str:
        found = Variables((), {}, {"PATH": path})
        return command_line(command(name), found, tmp_path).demand.program

    assert program("./tool", "/bin") == f"{tmp_path}/tool"
    assert program("tool", f"/nowhere:{tmp_path}") == f"{tmp_path}/tool"
    assert Path(program("tool", "")) == tmp_path / "tool"  # an empty place in PATH is the folder
    assert program("sh", "/nowhere:/bin") == "/bin/sh"
    with pytest.raises(Unset, match='there is no program "tool"'):
        program("tool", "/bin")


def test_a_name_with_words_in_it_cannot_say_something_else() -> None:
    words = "/a holds to good.example:443"
    assert str(Sends(words, True, "evil:80")) == f"sends what the file '{words}' holds to evil:80"
    assert str(Runs("/bin/x", (), "/a, with x=1")) == "runs /bin/x in '/a, with x=1'"


def test_a_program_that_is_not_there_is_named_as_the_plan_states_it(tmp_path: Path) -> None:
    """Before anybody agreed, a value of the environment would stand on the screen."""
    known = Variables([Variable("k", env="APP")], {}, {"APP": "pLanted", "PATH": "/bin"})
    with pytest.raises(Unset) as why:
        command_line(command("x${k}"), known, tmp_path)
    assert str(why.value) == 'there is no program "x${k}"'


def test_each_demand_is_listed_once_and_a_gauge_that_cannot_be_asked_demands_nothing() -> None:
    def web(name: str, address: str, **more: str) -> GaugeSpec:
        return GaugeSpec(name, name, HttpSource(address, "up", **more))  # type: ignore[arg-type]

    declared = [Variable("app", env="APP"), Variable("none", env="NONE"), Variable("set", env="APP")]
    known = Variables(declared, {"set": "given.example"}, {"APP": "app.example"})
    gauges = [
        web("free", "http://app.example/"),
        web("given", "http://${set}/"),
        web("missing", "http://${none}/", token_env="T"),
        web("env", "https://${app}/a"),
        web("again", "https://${app}/b"),
        web("token", "http://[::1]:8080/", token_env="T"),
        GaugeSpec("tls", "tls", TlsSource("${app}:443")),
        GaugeSpec(
            "late", "late", PrometheusSource("http://p", query="up{a='${app}'}", proxy="http://x:3128")
        ),
    ]
    assert demands(gauges, known, Path("/ops")) == (
        Sends("APP", False, "app.example:443"),
        Sends("T", False, "[::1]:8080", is_clear=True),
        Sends("APP", False, "p:80", "x:3128", is_clear=True),
    )
    assert demands([GaugeSpec("c", "c", command("/bin/echo"))], known, Path("/ops")) == (
        Runs("/bin/echo", (), "/ops"),
    )


def test_what_a_variable_asks_for_at_the_host_is_a_part_of_the_list() -> None:
    """The token is agreed to for one job's page: another value, a session file's too, is another list."""
    source = HttpSource("https://ci.example/job/${job}/x?of=${user}&key=${key}", "up", token_env="T")
    declared = [
        Variable("job", ask="it"),
        Variable("user", env="USER"),
        Variable("key", ask="it", is_secret=True),
    ]

    def listed(job: str) -> str:
        known = Variables(declared, {"job": job, "key": "s3cret"}, {"USER": "kim"})
        return " ".join(map(str, demands([GaugeSpec("g", "g", source)], known, Path("/ops"))))

    assert "the value of T to ci.example:443/job/ship/x?of=(user)&key=(key)" in listed("ship")
    assert listed("ship") != listed("../../job/deploy/build?x=")
    assert "kim" not in listed("ship")
    assert "s3cret" not in listed("ship")
