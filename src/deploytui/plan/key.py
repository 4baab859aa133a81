"""The one declaration of the checklist format: every mapping with its keys, what their values are, and why.

The builder checks files against it, and the JSON Schema is generated from it, so the two cannot disagree.
"""

from __future__ import annotations

from deploytui.plan import model
from deploytui.plan.limit import LIMIT
from deploytui.plan.shape import (
    COMMAND,
    GAUGE,
    ITEM,
    ITEM_OR_GAUGE,
    LINES,
    PHASE,
    Either,
    IdOf,
    Key,
    ListOf,
    Ref,
    Shape,
    TableOf,
)
from deploytui.plan.source import SOURCE
from deploytui.plan.window import EDGE, INSTANT, WINDOW
from deploytui.plan.word import (
    BLOCK,
    COUNT,
    DAY,
    DURATION,
    FILLED_LATER,
    FLAG,
    ID,
    ID_PATTERN,
    LINE,
    LINK,
    POSITIVE,
    VERSION,
    always,
    one_of,
)

ITEMS = ListOf(Either((LINE, Ref("item"))))

_VARIABLES = TableOf(Either((LINE, Ref("variable"))), "[A-Za-z_][A-Za-z0-9_]*")
_STOPS = Either((Ref("planned_stop"), ListOf(Ref("planned_stop"))))

STAGES = ("pre-deploy", "execution", "post-deploy")

_DECLARED: tuple[Shape, ...] = (
    Shape("checklist", "the checklist", "A deployment checklist.", (
        Key("deploytui", VERSION, "Version of this format.", True),
        Key("title", LINE, "What is deployed.", True),
        Key("facts", TableOf(LINE), "Facts shown with the plan: version, environment, change."),
        Key("zone", LINE, "IANA time zone of the plan; day offsets are whole days in it."),
        Key("go_live", INSTANT, "T, the go-live instant; without it the start asks."),
        Key("variables", _VARIABLES, "${name} in targets, commands and announcements."),
        Key("mask", LINES, "Texts that are also masked on the shared screen."),
        Key("gauges", TableOf(Ref("gauge"), ID_PATTERN), "What is measured, by id."),
        Key("planned_stop", _STOPS, "When a target is down on purpose.", attr="planned_stops"),
        Key("skip_reasons", LINES, "Numbered presets for the reason of a skip."),
        Key("stages", Ref("stages"), "The three stages of the night.", True),
        Key("rollback", Ref("rollback"), "When and how to go back."),
        Key("criteria", ListOf(Ref("criteria")), "What success means."),
        Key("contacts", ListOf(Ref("contact")), "Who to call."),
        Key("signoffs", Ref("signoffs"), "Which roles sign before and after."),
        Key("notes", ListOf(Ref("note")), "Known issues, later enhancements, other text."),
        Key("accept", ListOf(Ref("acceptance")), "Findings of the check that somebody accepted."),
    ), model.Plan),
    Shape("variable", "a variable", "A value that differs between runs; at most one of value, ask and env.", (
        Key("value", LINE, "The value."),
        Key("ask", LINE, "What to ask for at the start."),
        Key("env", LINE, "The environment variable that holds it."),
        Key("secret", FLAG, "Never shown, never journaled.", attr="is_secret"),
    ), model.Variable),
    Shape("gauge", "a gauge", "One number that is watched.", (
        Key("title", LINE, "What it shows.", True),
        Key("source", Ref("source"), "Where the number comes from; exactly one kind.", True),
        Key("target", LINE, "The system it speaks about; a planned stop names targets."),
        Key("unit", LINE, "Unit of the number and of its limits."),
        Key("every", POSITIVE, "How often it is read.", attr="every_s"),
        Key("timeout", POSITIVE, "How long one reading may take.", attr="timeout_s"),
        Key("ok", Either((LIMIT, Ref("band"))), "The limit inside which all is well."),
        Key("breach", Either((LIMIT, Ref("band"))), "The limit that speaks for a rollback."),
        Key("relative", always("baseline"), "Percent above the captured baseline.", attr="is_relative"),
        Key("host", LINE, "A host gauge feeds items only on the machine of this name."),
    ), model.GaugeSpec),
    Shape("band", "a band", "A limit with what it takes to enter it; leaving it takes the same.", (
        Key("limit", LIMIT, "One of < <= > >= = != and a number, in the gauge's unit.", True),
        Key("for", DURATION, "For how long it must hold.", attr="for_s"),
        Key("times", COUNT, "How many readings in a row."),
        Key("samples", COUNT, "Least sample size."),
    ), model.Band),
    SOURCE,
    Shape("planned_stop", "a planned stop", "From one item to another these targets are down on purpose.", (
        Key("from", IdOf(ITEM), "The item whose tick begins it.", True, attr="from_item"),
        Key("to", IdOf(ITEM), "The item whose tick ends it.", True, attr="to_item"),
        Key("max", POSITIVE, "The longest it may last; after that triggers count again.", True, attr="max_s"),
        Key("settle", DURATION, "How long after it readings do not count yet.", attr="settle_s"),
        Key("targets", LINES, "Which targets; default all."),
    ), model.PlannedStop),
    Shape("stages", "the stages", "Exactly these three, each a list of phases.",
        tuple(Key(name, ListOf(Ref("phase")), f"The phases of {name}.", True) for name in STAGES),
    ),
    Shape("phase", "a phase", "A part of a stage, with a window of time.", (
        Key("phase", LINE, "Title.", True, attr="title"),
        Key("id", ID, "Stable id."),
        Key("window", WINDOW, "A .. B, each an offset or an instant; days are whole, the end day included."),
        Key("owner", LINE, "Who is in charge."),
        Key("groups", ListOf(Ref("group")), "Groups of items.", True),
    ), model.Phase),
    Shape("group", "a group", "Items that belong together.", (
        Key("group", LINE, "Title.", True, attr="title"),
        Key("id", ID, "Stable id."),
        Key("owner", LINE, "Who is in charge."),
        Key("ordered", FLAG, "The items are steps that follow each other.", attr="is_ordered"),
        Key("items", ITEMS, "The boxes; bare text is short for {text: …}.", True),
    ), model.Group),
    Shape("item", "an item", "One box.", (
        Key("id", ID, "Stable id."),
        Key("text", LINE, "What is to be done.", True),
        Key("optional", LINE, 'When it may be left out: "if applicable".'),
        Key("owner", LINE, "Who does it."),
        Key("note", BLOCK, "What else to know."),
        Key("link", LINK, "Where to read more."),
        Key("evidence", always("required"), "Done only with evidence.", attr="needs_evidence"),
        Key("needs", ListOf(IdOf(ITEM)), "Items that come first."),
        Key("duration", DURATION, "Planned duration.", attr="duration_s"),
        Key("not_before", EDGE, "Not before this offset or instant."),
        Key("every", DURATION, "Recurring: how often.", attr="every_s"),
        Key("when", Ref("condition"), "The gauge that it depends on."),
        Key("run", Ref("command"), "A command to run from the screen."),
        Key("announce", BLOCK, "A text to send, with variables."),
        Key("gate", Ref("gate"), "A go / no-go poll."),
        Key("marks", ListOf(one_of(*model.Mark, read=model.Mark)), "For the clock and for a restore."),
        Key("decide", FLAG, "Asks for a decision, which is recorded."),
        Key("items", ITEMS, "Boxes inside this box."),
    ), model.Item),
    Shape("condition", "a condition", "Met while the gauge's level is the one named.", (
        Key("gauge", IdOf(GAUGE), "The gauge's id.", True),
        Key("is", one_of("ok", "breach"), "The level.", attr="level"),
        Key("for", DURATION, "For how long.", attr="for_s"),
        Key("ticks", one_of("self", "person"), "Who ticks it."),
    ), model.Condition),
    Shape("command", "a command", "A program and its arguments; no shell is involved.", (
        Key("command", COMMAND, "The program and its arguments.", True, attr="argv"),
        Key("timeout", DURATION, "How long it may run.", attr="timeout_s"),
    ), model.Command),
    Shape("gate", "a gate", "A go / no-go poll of the roles that sign.", (
        Key("roles", one_of("before", "after"), "Which sign-off roles are asked."),
        Key("relies_on", ListOf(IdOf(ITEM_OR_GAUGE)), "Gauges and items whose turn for the worse makes answers stale."),
        Key("valid", DURATION, "How long an answer counts.", attr="valid_s"),
    ), model.Gate),
    Shape("rollback", "the rollback", "When and how to go back.", (
        Key("limit", DURATION, "The total as the document states it; the sum of the budgets is what counts.", attr="limit_s"),
        Key("window", IdOf(PHASE), "The phase whose end it must fit; default the last execution phase."),
        Key("restore", one_of("backup", "pitr"), "What a restore goes back to."),
        Key("triggers", ITEMS, "Conditions that speak for a rollback."),
        Key("stages", ListOf(Ref("rollback_stage")), "The procedure."),
    ), model.Rollback),
    Shape("rollback_stage", "a stage of the rollback", "A part of the procedure, with its budget.", (
        Key("stage", LINE, "Title.", True, attr="title"),
        Key("id", ID, "Stable id."),
        Key("budget", DURATION, "How long it may take.", attr="budget_s"),
        Key("items", ITEMS, "The steps.", True),
    ), model.RollbackStage),
    Shape("criteria", "a list of criteria", "What success means to one kind of people.", (
        Key("title", LINE, "Title.", True),
        Key("kind", one_of("technical", "business", "user"), "Whose criteria.", True),
        Key("items", ITEMS, "The criteria.", True),
    ), model.Criteria),
    Shape("contact", "a contact", 'Somebody to call; "[…]" is a place to fill in.', (
        Key("team", LINE, "The team.", True),
        Key("role", LINE, "The role.", True),
        Key("name", FILLED_LATER, "The name."),
        Key("phone", FILLED_LATER, "The phone."),
        Key("email", FILLED_LATER, "The e-mail."),
    ), model.Contact),
    Shape("signoffs", "the sign-offs", "Which roles sign before and after.", (
        Key("before", ListOf(Ref("signoff")), "Before the deployment."),
        Key("after", ListOf(Ref("signoff")), "After it."),
    )),
    Shape("signoff", "a sign-off", "One role that signs.",
        (Key("role", LINE, "The role.", True), Key("name", FILLED_LATER, "Who.")), model.SignoffRole),
    Shape("note", "a note", "A known issue, a later enhancement, or other text.", (
        Key("kind", one_of("known-issue", "enhancement", "text"), "Default text."),
        Key("text", BLOCK, "The text.", True),
        Key("severity", LINE, "How bad."),
        Key("plan", BLOCK, "What is planned about it."),
    ), model.Note),
    Shape("acceptance", "an acceptance", "A finding that somebody accepted, and why.", (
        Key("code", LINE, "The finding's code.", True),
        Key("by", LINE, "Who accepted it.", True),
        Key("why", LINE, "Why.", True),
        Key("item", IdOf(ITEM_OR_GAUGE), "Only for this item or gauge."),
        Key("until", DAY, "Until this day."),
    ), model.Acceptance),
)  # fmt: skip

SHAPES: dict[str, Shape] = {shape.name: shape for shape in _DECLARED}
