"""Every command there is, in the order the help lists them. Nothing is imported for it: names and texts only."""

from __future__ import annotations

from deploytui.cli.declaration import Argument, Command

SHELLS = ("bash", "zsh", "fish")
OUTCOMES = ("done", "done-with-exceptions", "rolled-back", "abandoned")

CHECKLIST = Argument("CHECKLIST", "a checklist file, or the name of one that is found", completes="checklist")
SESSION = Argument("SESSION", "a session's name, its beginning, or its file", completes="session")
LIVE_SESSION = Argument(
    "SESSION", "a session's name, its beginning, or its file; left out: the only live one",
    completes="session", is_optional=True,
)  # fmt: skip
STORE = Argument(
    "--store", "the folder of the sessions, or one session file", metavar="PATH", completes="folder"
)
AS = Argument("--as", "your name, as the journal keeps it; default: your login", metavar="NAME")
JSON = Argument("--json", "one JSON object on standard output")
SETTING = (
    Argument("--set", "give a variable of the checklist its value", metavar="VAR=VALUE", is_repeated=True),
    Argument("--set-env", "its value from an environment variable", metavar="VAR=NAME", is_repeated=True),
    Argument("--set-file", "its value from a file of at most 64 KiB", metavar="VAR=FILE", is_repeated=True),
)
THEME = Argument("--theme", "a color theme by name", metavar="NAME")
UNMASK = Argument("--unmask", "phones, e-mails, tokens and hidden texts as they are")

GLOBAL = (
    Argument("--color", "when to use color; default: auto", choices=("auto", "always", "never")),
    Argument("--ascii", "draw with ASCII characters only"),
    Argument(
        "--trust",
        "agree to all that this very checklist takes from this machine or runs on it, for this once",
    ),
    Argument("--allow-network-fs", "drive a session on a network file system, at your own risk"),
)
STARTING = (
    Argument("--go-live", "2026-11-24T02:00Z, 02:00Z (the nearest within 12 h), now or now+2h", metavar="WHEN"),
    AS,
    Argument("--session", "the session's name; default: the checklist's and the time", metavar="NAME"),
    Argument("--from", "start in this phase; the ones before it are set aside", metavar="PHASE"),
    *SETTING,
    THEME,
    STORE,
)  # fmt: skip

PICK = Command("", "resume a live session, or pick a checklist to start", "pick", (STORE, AS))

COMMANDS = (
    Command(
        "run", "start a session and open the dashboard", "run",
        (
            CHECKLIST,
            *STARTING,
            Argument("--rehearse", "rehearse: a fast clock and made-up gauges, never a live session"),
            Argument("--speed", "how fast a rehearsal runs: 1 to 600; default: 60", metavar="N"),
            Argument("--scenario", "the rehearsed night; default: good", choices=("good", "breach")),
        ),
    ),
    Command(
        "resume", "open the dashboard of a session again, and drive it", "resume",
        (
            LIVE_SESSION,
            AS,
            Argument("--take-over", "drive although somebody else does; needs --reason"),
            Argument("--reason", "why it is taken over", metavar="TEXT"),
            *SETTING,
            THEME,
            STORE,
        ),
    ),
    Command(
        "watch", "follow a session, read-only and live", "watch",
        (LIVE_SESSION, THEME, STORE),
    ),
    Command("sessions", "every session: state, driver, progress, last event", "sessions", (JSON, UNMASK, STORE)),
    Command("status", "where a session stands, on one screen of text", "status", (LIVE_SESSION, JSON, UNMASK, STORE)),
    Command(
        "tick", "tick, skip, fail or undo one item from a script", "tick",
        (
            SESSION,
            Argument("ITEM", "an item's id, or its unambiguous beginning"),
            Argument("--skip", "not applicable; needs --reason", group="what"),
            Argument("--fail", "tried, and it did not work", group="what"),
            Argument("--undo", "take back what was last said of it", group="what"),
            Argument("--reason", "why it is skipped or failed", metavar="TEXT"),
            Argument("--evidence", "what shows that it is done", metavar="TEXT"),
            AS,
            STORE,
        ),
    ),
    Command(
        "note", "add a note to a session", "note",
        (
            SESSION,
            Argument("TEXT", "the note"),
            Argument("--item", "the item it belongs to", metavar="ITEM"),
            AS,
            STORE,
        ),
    ),
    Command(
        "move", "move a window's edge or the go-live, by agreement", "move",
        (
            SESSION,
            Argument("EDGE", "go-live, end (of the phase the night is in), PHASE.start or PHASE.end"),
            Argument("BY", "how far: +30m, -10m"),
            Argument("--reason", "why, and who agreed", metavar="TEXT", is_required=True),
            AS,
            STORE,
        ),
    ),
    Command(
        "close", "end a session for good, with its outcome", "close",
        (
            SESSION,
            Argument("--outcome", "how it ended", choices=OUTCOMES, is_required=True),
            AS,
            STORE,
        ),
    ),
    Command(
        "check", "validate a checklist and name what is doubtful in it", "check",
        (CHECKLIST, JSON, UNMASK, Argument("--strict", "exit 1 when there are errors or warnings")),
    ),
    Command(
        "import", "a checklist in Markdown as YAML, with what was recognized and repaired", "import_markdown",
        (
            Argument("FILE", "the Markdown file", completes="file"),
            Argument("--from-code", "also the task lists that stand inside code blocks"),
            Argument("--no-tables", "no items from the rows of task tables"),
            Argument(
                "--output", "the YAML file to make; default: print it", metavar="FILE", completes="file", short="-o"
            ),
        ),
    ),
    Command(
        "print", "a checklist or a session as Markdown with boxes", "print",
        (
            Argument("WHAT", "a checklist, or a session: the checklist it was opened with", completes="checklist"),
            UNMASK,
            STORE,
        ),
    ),
    Command(
        "report", "a session as a report: planned and actual, what was skipped, failed and moved, and why", "report",
        (
            SESSION,
            Argument("--format", "how it is written; default: md", choices=("md", "json")),
            Argument(
                "--output", "the file to make; default: print it", metavar="FILE", completes="file", short="-o"
            ),
            UNMASK,
            STORE,
        ),
    ),
    Command(
        "probe", "every gauge of a checklist once, with its level and why; exit 1 when one is in breach", "probe",
        (CHECKLIST, JSON, UNMASK, *SETTING),
    ),
    Command(
        "verify", "check a session's journal, event by event", "verify",
        (SESSION, Argument("--expect", "the head that was noted elsewhere", metavar="HEAD"), STORE),
    ),
    Command(
        "recover", "copy the sound part of a damaged session to a new file", "recover",
        (
            Argument("OLD", "the damaged session; it is never changed", completes="session"),
            Argument("NEW", "the new session's name or file", completes="file"),
            AS,
            STORE,
        ),
    ),
    Command(
        "doctor", "what works here and what does not", "doctor",
        (
            Argument("CHECKLIST", "also check this one, and ask its gauges", completes="checklist", is_optional=True),
            UNMASK,
            *SETTING,
            STORE,
        ),
    ),
    Command("schema", "the JSON Schema of a checklist, for editors", "schema"),
    Command(
        "completion", "a completion script for your shell", "completion",
        (Argument("SHELL", "the shell", choices=SHELLS),),
        epilog="bash: eval \"$(deploytui completion bash)\"    "
        "zsh: deploytui completion zsh > ~/.zfunc/_deploytui    "
        "fish: deploytui completion fish > ~/.config/fish/completions/deploytui.fish",
    ),
)  # fmt: skip

BY_NAME = {command.name: command for command in COMMANDS}
