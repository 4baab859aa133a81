"""What an item does, told from its words: it stops or starts the application, takes or restores a backup, lets
users in, asks for a go, or never ends."""

from __future__ import annotations

import re

from deploytui.plan.lint.wording import has_duration

_STEP = (
    r"^(?:step\s+\d+(?:\.\d+)*\s*[:.)–-]?\s*|\d+[.)]\s*)?(?:gracefully\s+|safely\s+|then\s+)?"
    r"(?:execute:?\s+|perform:?\s+)?"
)
_SYSTEM = (
    r"\b(?:apps?|applications?|services?|system|site|website|api|backend|servers?|processes|containers?|pods|stack"
    r"|instances?|workers?)\b"
)
_STOPS = re.compile(
    rf"{_STEP}(?:(?:stop|halt|shut\s?down|bring down|take down|quiesce)\b[^.;]{{0,60}}{_SYSTEM}"
    r"|(?:enable|activate|enter|turn on|switch on|put\b[^.;]{0,40}\b(?:in|into))\s+(?:the\s+)?maintenance\b"
    rf"|take\b[^.;]{{0,60}}{_SYSTEM}[^.;]{{0,20}}\b(?:offline|down)\b)",
    re.I,
)
# The end of something else, or a stop only if something goes wrong.
_OTHER_STOP = re.compile(
    r"\b(?:old|legacy|previous|staging|test|unused|blue|obsolete)\b[^.;]{0,30}\b(?:app|application|service|server|stack"
    r"|instance|system|environment|site|container)s?\b|\bon failure\b|\bif (?:the )?(?:tests?|errors?|anything)\b",
    re.I,
)
_STARTS = re.compile(
    rf"{_STEP}(?:(?:re)?start|bring up|launch|boot)\b[^.;]{{0,60}}{_SYSTEM}"
    rf"|{_STEP}(?:disable|deactivate|leave|exit|end|lift|turn off)\s+(?:the\s+)?maintenance",
    re.I,
)
_DATA = r"(?:databases?|db|data|schema|tables?|postgres\w*|mysql|mongo\w*|redis|volumes?)"
_COPY = r"(?:back[\s-]?up|snapshot|dump)"
_MADE = r"(?:taken|created|completed?|done|made)"
_BACKUP = re.compile(
    rf"\b(?:{_DATA}|system|everything|files?)\b[^.;]{{0,40}}\b(?:backed[\s-]?up|dumped)\b"
    rf"|\b(?:take|create|perform|run|make|do|trigger|execute)\b[^.;]{{0,40}}\b{_COPY}\b"
    rf"|{_STEP}back[\s-]?up\b|\b{_COPY}\b[^.;]{{0,40}}\b{_MADE}\b",
    re.I,
)
_NOT_A_BACKUP = re.compile(
    r"\b(?:strateg\w+|schedul\w+|plan(?:s|ned)?|test(?:ed)?|storage|provision\w*|configur\w+|automat\w+|procedures?"
    r"|scripts?|polic\w+|restor\w+|retention|verif\w+|daily|nightly|weekly|recent|latest|jobs?)\b",
    re.I,
)
_IS_DATA = re.compile(rf"\b{_DATA}\b", re.I)
_RESTORE = re.compile(
    rf"\brestor(?:e|ed|es|ing|ation)\b[^.;]{{0,60}}\b(?:{_DATA}|{_COPY}s?|point[\s-]in[\s-]time)\b"
    rf"|\b(?:{_DATA}|{_COPY}s?)\b[^.;]{{0,30}}\b(?:restored?|restoring|restoration)\b|\bpg_restore\b",
    re.I,
)
_TRAFFIC = re.compile(
    r"\b(?:switch|shift|route|redirect|send|direct|enable|open|allow|move|ramp|restore|resume|cut|give|point|increase"
    r"|migrate|begin|start)\w*\b[^.;]{0,50}\btraffic\b"
    r"|\btraffic\b[^.;]{0,40}(?:\b(?:switch|shift|rout|redirect|enabl|cut|restor|resum|mov|ramp)\w*\b|\d+\s?%)"
    r"|\b(?:disable|deactivate|turn off|switch off|lift|leave|exit|end|remove)\w*\b[^.;]{0,20}"
    r"\bmaintenance (?:mode|page|window|banner)\b"
    r"|\bmaintenance (?:mode|page)\b[^.;]{0,20}\b(?:off|disabled|removed|lifted)\b"
    r"|\b(?:switch|update|flip|point|cut ?over|change)\w*\b[^.;]{0,40}\b(?:dns|load[\s-]balancer)\b"
    r"|\b(?:dns|load[\s-]balancer)\b[^.;]{0,40}\b(?:switch|flip|cut ?over|point)\w*\b"
    r"|\bopen\b[^.;]{0,30}\b(?:to|for)\b[^.;]{0,15}\b(?:users|customers|public)\b"
    r"|\bfirst (?:users|traffic)\b|\bcut ?over to\b",
    re.I,
)
_GATE = re.compile(r"\bgo\s*(?:/|-|–|or|vs\.?|&|and)\s*no[\s-]?go\b|\bno[\s-]go\b", re.I)
_NEVER_DONE = re.compile(
    rf"{_STEP}(?:continuously\s+|closely\s+|actively\s+|continue to\s+|keep\s+)?"
    r"(?:monitor|watch|observe|keep an eye on)\b(?!\s*[:.)]?$)",
    re.I,
)
# "Monitor configured", "Watch until it is green": these can be done.
_ENDS = re.compile(
    r"\b(?:\w{3,}ed|ready|working|set up|in place|green|active|live)\W*$|\b(?:until|till|during|while)\b",
    re.I,
)
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|morning|evening)"
_RECURRING = re.compile(
    rf"{_STEP}(?:daily|hourly|nightly|weekly|monthly)\b|\bevery\s+(?:\d+\s*|other\s+)?-?{_UNIT}\b"
    r"|\b(?:daily|hourly|weekly|twice a day|each day|each morning)\W*$",
    re.I,
)
_BY_MACHINE = re.compile(
    r"\b(?:automat\w*|schedul\w*|configur\w*|enabled?|cron\w*|set up|setup|alerts?|jobs?)\b", re.I
)


def stops_application(text: str) -> bool:
    return _STOPS.search(text) is not None and _OTHER_STOP.search(text) is None


def starts_application(text: str) -> bool:
    return _STARTS.search(text) is not None


def takes_backup(text: str) -> bool:
    """A backup that is taken now; not its strategy, its schedule, or a test of it."""
    return _BACKUP.search(text) is not None and _NOT_A_BACKUP.search(text) is None


def is_about_data(text: str) -> bool:
    return _IS_DATA.search(text) is not None


def restores_data(text: str) -> bool:
    """A restore of data; going back to older code restores nothing that users wrote."""
    return _RESTORE.search(text) is not None


def lets_traffic_in(text: str) -> bool:
    return _TRAFFIC.search(text) is not None


def asks_go_or_no_go(text: str) -> bool:
    return _GATE.search(text) is not None


def is_never_done(text: str) -> bool:
    """`Monitor application logs`: work that a tick cannot end. One with an end or a duration can be ended."""
    return _NEVER_DONE.search(text) is not None and _ENDS.search(text) is None and not has_duration(text)


def recurs(text: str) -> bool:
    return _RECURRING.search(text) is not None


def is_done_by_machine(text: str) -> bool:
    """Whether a text tells of something set up, which then runs by itself."""
    return _BY_MACHINE.search(text) is not None
