"""The one declaration of the checklist format: every mapping with its keys, what their values are, and why.

The builder checks files against it, and the JSON Schema is generated from it, so the two cannot disagree.
"""

from __future__ import annotations

from msgspec import Struct

ID_PATTERN = r"[a-z0-9][a-z0-9._-]{0,79}"
MAX_LINE = 2_000
MAX_BLOCK = 16_000
MAX_COMMAND = 8_000
MAX_DEPTH = 16


class Word(Struct, frozen=True):
    """A scalar: what messages call it, and how a schema tells it from others."""

    expected: str
    pattern: str = ""
    choices: tuple[str, ...] = ()
    most: int = MAX_LINE
    # Editors read unquoted scalars as numbers or booleans; the program reads them all as text.
    is_any: bool = False
    # A place that may stay empty, to be filled in later.
    is_nullable: bool = False


class ListOf(Struct, frozen=True):
    value: Value
    least: int = 0


class TableOf(Struct, frozen=True):
    """A mapping whose keys are the author's own."""

    value: Value
    key_pattern: str = ""


class Ref(Struct, frozen=True):
    """A mapping declared in SHAPES, by its name."""

    shape: str


class Either(Struct, frozen=True):
    values: tuple[Value, ...]


Value = Word | ListOf | TableOf | Ref | Either


class Key(Struct, frozen=True):
    name: str
    value: Value
    doc: str
    is_required: bool = False


class Shape(Struct, frozen=True):
    """One mapping of the format; `noun` is what messages call it."""

    name: str
    noun: str
    doc: str
    keys: tuple[Key, ...]


def _words(*choices: str) -> Word:
    return Word(" or ".join(choices), choices=choices)


_DURATION = r"([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?"
_INSTANT = r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9](:[0-9][0-9])?(Z|[+-][0-9][0-9]:[0-9][0-9])"
_EDGE = rf"(T(\s*[+-]\s*{_DURATION})?|D(\s*[+-]\s*[0-9]+)?|{_INSTANT})"

LINE = Word("text on one line", is_any=True)
FILLED_LATER = Word("text on one line", is_any=True, is_nullable=True)
BLOCK = Word("text", most=MAX_BLOCK, is_any=True)
ID = Word(
    "an id: a-z, 0-9 and . _ - (at most 80, the first a letter or digit)", pattern=ID_PATTERN, is_any=True
)
DURATION = Word("a duration such as 90s, 15m, 2h, 7d or 1h30m", pattern=rf"(?=.){_DURATION}")
INSTANT = Word("an instant such as 2026-11-24T02:00Z", pattern=_INSTANT)
EDGE = Word("an offset (T, T-2h, D-18) or an instant (2026-11-24T02:00Z)", pattern=_EDGE)
WINDOW = Word("a window such as T-2h .. T, D-18 .. D-14", pattern=rf"{_EDGE}\s*\.\.\s*{_EDGE}")
LIMIT = Word(
    'a limit such as "< 0.1": one of < <= > >= = != and a number', pattern=r"(<=|>=|!=|<|>|=)\s*[+-]?[0-9].*"
)
FLAG = _words("true", "false")
COUNT = Word("a whole number, 1 or more", pattern=r"[0-9]{1,9}", is_any=True)
DAY = Word("a date such as 2026-12-31", pattern=r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]")
URL = Word(
    "a URL that begins with http:// or https:// (or a ${variable})",
    pattern=r"(https?://|\$\{).*",
    most=MAX_COMMAND,
)
PROXY = Word(
    "the URL of a proxy, http://host:port (or a ${variable})", pattern=r"(http://|\$\{).*", most=MAX_COMMAND
)
HOST = Word("a host name or an IP address", pattern=r"[^\s/:@]+|[0-9A-Fa-f:.]+", most=MAX_LINE)
ADDRESS = Word("host:port", pattern=r".+:[0-9]{1,5}|.*\$\{.*", most=MAX_LINE)
LINK = Word("a URL that begins with http:// or https://", pattern="https?://.*", most=MAX_COMMAND)
VERSION = Word("1, the version of this format", choices=("1",), is_any=True)
IDS = ListOf(ID)
LINES = ListOf(LINE)
COMMAND = ListOf(Word("a word of the command", most=MAX_COMMAND, is_any=True), least=1)
ITEMS = ListOf(Either((LINE, Ref("item"))))

_VARIABLES = TableOf(Either((LINE, Ref("variable"))), "[A-Za-z_][A-Za-z0-9_]*")
_REDIRECTS = Either((_words("none"), ListOf(HOST, least=1)))
_STOPS = Either((Ref("planned_stop"), ListOf(Ref("planned_stop"))))

MEASURES = ("up", "status", "latency", "p50", "p95", "p99", "error_rate", "header", "field", "body")
HOST_PARTS = ("cpu", "memory", "swap", "disk", "load", "network")
SOURCE_KINDS = ("host", "http", "tls", "tcp", "prometheus", "command", "gauge", "scripted")
STAGES = ("pre-deploy", "execution", "post-deploy")

_DECLARED: tuple[Shape, ...] = (
    Shape(
        "checklist",
        "the checklist",
        "A deployment checklist.",
        (
            Key("deploytui", VERSION, "Version of this format.", True),
            Key("title", LINE, "What is deployed.", True),
            Key("facts", TableOf(LINE), "Facts shown with the plan: version, environment, change."),
            Key("zone", LINE, "IANA time zone of the plan; day offsets are whole days in it. Default UTC."),
            Key("go_live", INSTANT, "T, the go-live instant; without it the start asks."),
            Key("variables", _VARIABLES, "${name} in targets, commands and announcements."),
            Key("mask", LINES, "Texts that are also masked on the shared screen."),
            Key("gauges", TableOf(Ref("gauge"), ID_PATTERN), "What is measured, by id."),
            Key("planned_stop", _STOPS, "When a target is down on purpose."),
            Key("skip_reasons", LINES, "Numbered presets for the reason of a skip."),
            Key("stages", Ref("stages"), "The three stages of the night.", True),
            Key("rollback", Ref("rollback"), "When and how to go back."),
            Key("criteria", ListOf(Ref("criteria")), "What success means."),
            Key("contacts", ListOf(Ref("contact")), "Who to call."),
            Key("signoffs", Ref("signoffs"), "Which roles sign before and after."),
            Key("notes", ListOf(Ref("note")), "Known issues, later enhancements, other text."),
            Key("accept", ListOf(Ref("acceptance")), "Findings of the check that somebody accepted."),
        ),
    ),
    Shape(
        "variable",
        "a variable",
        "A value that differs between runs; at most one of value, ask and env.",
        (
            Key("value", LINE, "The value."),
            Key("ask", LINE, "What to ask for at the start."),
            Key("env", LINE, "The environment variable that holds it."),
            Key("secret", FLAG, "Never shown, never journaled."),
        ),
    ),
    Shape(
        "gauge",
        "a gauge",
        "One number that is watched.",
        (
            Key("title", LINE, "What it shows.", True),
            Key("source", Ref("source"), "Where the number comes from; exactly one kind.", True),
            Key("target", LINE, "The system it speaks about; a planned stop names targets."),
            Key("unit", LINE, "Unit of the number and of its limits."),
            Key("every", DURATION, "How often it is read. Default 5s."),
            Key("timeout", DURATION, "How long one reading may take. Default 3s."),
            Key("ok", Either((LIMIT, Ref("band"))), "The limit inside which all is well."),
            Key("breach", Either((LIMIT, Ref("band"))), "The limit that speaks for a rollback."),
            Key("relative", _words("baseline"), "Percent above the captured baseline instead of the number itself."),
            Key("host", LINE, "A host gauge feeds items only on the machine of this name."),
        ),
    ),
    Shape(
        "band",
        "a band",
        "A limit with what it takes to enter it; leaving it takes the same.",
        (
            Key("limit", LIMIT, "One of < <= > >= = != and a number, in the gauge's unit.", True),
            Key("for", DURATION, "For how long it must hold."),
            Key("times", COUNT, "How many readings in a row."),
            Key("samples", COUNT, "Least sample size."),
        ),
    ),
    Shape(
        "source",
        "a source",
        "Where a gauge's number comes from: exactly one kind, with that kind's keys.",
        (
            Key("host", _words(*HOST_PARTS), "A number of this machine."),
            Key("http", URL, "A URL to request."),
            Key("tls", ADDRESS, "host:port; the days its certificate has left."),
            Key("tcp", ADDRESS, "host:port; whether it accepts a connection."),
            Key("prometheus", URL, "The base URL of a Prometheus server."),
            Key("command", COMMAND, "A command whose output or exit status is the number."),
            Key("gauge", ID, "Another gauge's id, for a second pair of limits."),
            Key("scripted", LINES, "Prepared values, for rehearsals."),
            Key("measure", _words(*MEASURES), "http: what is measured."),
            Key("over", DURATION, "http: the span that latencies and error rate are taken over."),
            Key("path", LINE, "http: header, JSON field or text in the body; host disk: the mount point."),
            Key("query", BLOCK, "prometheus: the query."),
            Key("read", _words("number", "exit"), "command: what is read. Default number."),
            Key("token_env", LINE, "http, prometheus: environment variable with the bearer token."),
            Key("token_file", LINE, "http, prometheus: file with the bearer token."),
            Key("redirects", _REDIRECTS, "http, prometheus: further hosts that a redirect may lead to, or none at all."),
            Key("proxy", PROXY, "http, prometheus: the HTTP proxy to ask through. The environment names none."),
        ),
    ),
    Shape(
        "planned_stop",
        "a planned stop",
        "From one item to another these targets are down on purpose.",
        (
            Key("from", ID, "The item whose tick begins it.", True),
            Key("to", ID, "The item whose tick ends it.", True),
            Key("max", DURATION, "The longest it may last; after that triggers count again.", True),
            Key("settle", DURATION, "How long after it readings do not count yet. Default 3m."),
            Key("targets", LINES, "Which targets; default all."),
        ),
    ),
    Shape(
        "stages",
        "the stages",
        "Exactly these three, each a list of phases.",
        tuple(Key(name, ListOf(Ref("phase")), f"The phases of {name}.", True) for name in STAGES),
    ),
    Shape(
        "phase",
        "a phase",
        "A part of a stage, with a window of time.",
        (
            Key("phase", LINE, "Title.", True),
            Key("id", ID, "Stable id."),
            Key("window", WINDOW, "A .. B, each an offset or an instant; days are whole, the end day included."),
            Key("owner", LINE, "Who is in charge."),
            Key("groups", ListOf(Ref("group")), "Groups of items.", True),
        ),
    ),
    Shape(
        "group",
        "a group",
        "Items that belong together.",
        (
            Key("group", LINE, "Title.", True),
            Key("id", ID, "Stable id."),
            Key("owner", LINE, "Who is in charge."),
            Key("ordered", FLAG, "The items are steps that follow each other."),
            Key("items", ITEMS, "The boxes; bare text is short for {text: …}.", True),
        ),
    ),
    Shape(
        "item",
        "an item",
        "One box.",
        (
            Key("id", ID, "Stable id."),
            Key("text", LINE, "What is to be done.", True),
            Key("optional", LINE, 'When it may be left out: "if applicable".'),
            Key("owner", LINE, "Who does it."),
            Key("note", BLOCK, "What else to know."),
            Key("link", LINK, "Where to read more."),
            Key("evidence", _words("required"), "Done only with evidence."),
            Key("needs", IDS, "Items that come first."),
            Key("duration", DURATION, "Planned duration."),
            Key("not_before", EDGE, "Not before this offset or instant."),
            Key("every", DURATION, "Recurring: how often."),
            Key("when", Ref("condition"), "The gauge that it depends on."),
            Key("run", Ref("command"), "A command to run from the screen."),
            Key("announce", BLOCK, "A text to send, with variables."),
            Key("gate", Ref("gate"), "A go / no-go poll."),
            Key("marks", ListOf(_words("baseline", "backup", "stops", "traffic")), "For the clock and for a restore."),
            Key("decide", FLAG, "Asks for a decision, which is recorded."),
            Key("items", ITEMS, "Boxes inside this box."),
        ),
    ),
    Shape(
        "condition",
        "a condition",
        "Met while the gauge's level is the one named.",
        (
            Key("gauge", ID, "The gauge's id.", True),
            Key("is", _words("ok", "breach"), "The level. Default ok."),
            Key("for", DURATION, "For how long."),
            Key("ticks", _words("self", "person"), "Who ticks it. Default person."),
        ),
    ),
    Shape(
        "command",
        "a command",
        "A program and its arguments; no shell is involved.",
        (
            Key("command", COMMAND, "The program and its arguments.", True),
            Key("timeout", DURATION, "How long it may run. Default 5m."),
        ),
    ),
    Shape(
        "gate",
        "a gate",
        "A go / no-go poll of the roles that sign.",
        (
            Key("roles", _words("before", "after"), "Which sign-off roles are asked. Default before."),
            Key("relies_on", IDS, "Gauges and items whose turn for the worse makes answers stale."),
            Key("valid", DURATION, "How long an answer counts. Default 30m."),
        ),
    ),
    Shape(
        "rollback",
        "the rollback",
        "When and how to go back.",
        (
            Key("limit", DURATION, "The total as the document states it; the sum of the budgets is what counts."),
            Key("window", ID, "The phase whose end it must fit; default the last execution phase."),
            Key("restore", _words("backup", "pitr"), "What a restore goes back to. Default backup."),
            Key("triggers", ITEMS, "Conditions that speak for a rollback."),
            Key("stages", ListOf(Ref("rollback_stage")), "The procedure."),
        ),
    ),
    Shape(
        "rollback_stage",
        "a stage of the rollback",
        "A part of the procedure, with its budget.",
        (
            Key("stage", LINE, "Title.", True),
            Key("id", ID, "Stable id."),
            Key("budget", DURATION, "How long it may take."),
            Key("items", ITEMS, "The steps.", True),
        ),
    ),
    Shape(
        "criteria",
        "a list of criteria",
        "What success means to one kind of people.",
        (
            Key("title", LINE, "Title.", True),
            Key("kind", _words("technical", "business", "user"), "Whose criteria.", True),
            Key("items", ITEMS, "The criteria.", True),
        ),
    ),
    Shape(
        "contact",
        "a contact",
        'Somebody to call; "[…]" is a place to fill in.',
        (
            Key("team", LINE, "The team.", True),
            Key("role", LINE, "The role.", True),
            Key("name", FILLED_LATER, "The name."),
            Key("phone", FILLED_LATER, "The phone."),
            Key("email", FILLED_LATER, "The e-mail."),
        ),
    ),
    Shape(
        "signoffs",
        "the sign-offs",
        "Which roles sign before and after.",
        (
            Key("before", ListOf(Ref("signoff")), "Before the deployment."),
            Key("after", ListOf(Ref("signoff")), "After it."),
        ),
    ),
    Shape(
        "signoff",
        "a sign-off",
        "One role that signs.",
        (Key("role", LINE, "The role.", True), Key("name", FILLED_LATER, "Who.")),
    ),
    Shape(
        "note",
        "a note",
        "A known issue, a later enhancement, or other text.",
        (
            Key("kind", _words("known-issue", "enhancement", "text"), "Default text."),
            Key("text", BLOCK, "The text.", True),
            Key("severity", LINE, "How bad."),
            Key("plan", BLOCK, "What is planned about it."),
        ),
    ),
    Shape(
        "acceptance",
        "an acceptance",
        "A finding that somebody accepted, and why.",
        (
            Key("code", LINE, "The finding's code.", True),
            Key("by", LINE, "Who accepted it.", True),
            Key("why", LINE, "Why.", True),
            Key("item", ID, "Only for this item or gauge."),
            Key("until", DAY, "Until this day."),
        ),
    ),
)  # fmt: skip

SHAPES: dict[str, Shape] = {shape.name: shape for shape in _DECLARED}
