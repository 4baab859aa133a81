"""How checklists say things: durations, stops, backups, restores, traffic, work that never ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_UNIT = r"(?P<unit>seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w)\b"
_DURATION = re.compile(
    rf"(?<![\w.,:/-])(?P<low>\d{{1,5}}(?:\.\d{{1,2}})?)(?:\s?(?:-|–|—|to)\s?(?P<high>\d{{1,5}}(?:\.\d{{1,2}})?))?[\s-]?{_UNIT}",
    re.I,
)
_SAMPLE = re.compile(
    r"\b\d[\d,.]*\+?\s*(?:consecutive\s+)?(?:requests?|samples?|transactions?|times|checks?|probes?|polls?|attempts?|users?|customers?|orders?|events?)\b"
    r"|\bconsecutive\b|\bin a row\b|\bper (?:second|minute|hour|day)\b|/\s?(?:s|sec|min|minute|h|hour|day)\b",
    re.I,
)
_PERIOD = re.compile(
    r"\b(?:per|a|each|this|first|last|rolling|over the|during the)\s+(?:\w+\s+)?(?:hour|day|week|month|quarter|year)\b"
    r"|\b(?:hourly|daily|weekly|monthly|quarterly|yearly|annual(?:ly)?|24/7)\b|\bday 1\b|\bweek 1\b|\bmonth 1\b",
    re.I,
)
_STEP = r"^(?:step\s+\d+(?:\.\d+)*\s*[:.)–-]?\s*|\d+[.)]\s*)?(?:gracefully\s+|safely\s+|then\s+)?"
_SUBJECT = r"\b(?:app|apps|application|applications|services?|system|site|website|api|backend|server|servers|processes|containers?|pods|stack|instances?|workers?)\b"
_STOPS = re.compile(
    rf"{_STEP}(?:(?:stop|halt|shut\s?down|bring down|take down|quiesce)\b[^.;]{{0,60}}{_SUBJECT}"
    rf"|(?:enable|activate|enter|turn on|switch on|put\b[^.;]{{0,40}}\b(?:in|into))\s+(?:the\s+)?maintenance(?: mode| page)?\b"
    rf"|take\b[^.;]{{0,60}}{_SUBJECT}[^.;]{{0,20}}\b(?:offline|down)\b)",
    re.I,
)
_NOT_OURS = re.compile(
    r"\b(?:old|legacy|previous|staging|test|unused|blue|obsolete|if)\b[^.;]{0,30}(?=\b(?:app|application|service|server|stack|instance|system|environment|site))|\bon failure\b|\bif (?:the )?(?:tests?|errors?|anything)\b",
    re.I,
)
_STARTS = re.compile(
    rf"{_STEP}(?:(?:re)?start|bring up|launch|boot)\b[^.;]{{0,60}}{_SUBJECT}|{_STEP}(?:disable|deactivate|leave|exit|end|lift|turn off)\s+(?:the\s+)?maintenance",
    re.I,
)
_DATA = r"(?:databases?|db|data|schema|tables?|postgres\w*|mysql|mongo\w*|redis|volumes?)"
_BACKUP = re.compile(
    rf"\b{_DATA}\b[^.;]{{0,40}}\b(?:backed[\s-]?up|backup (?:is )?(?:taken|created|completed?|done|made)|snapshot (?:is )?(?:taken|created|completed?|done|made)|dumped)\b"
    rf"|\b(?:take|create|perform|run|make|do|trigger|execute)\b[^.;]{{0,40}}\b(?:backup|snapshot|dump)\b"
    rf"|{_STEP}back[\s-]?up\b|\b(?:backup|snapshot|dump)\b[^.;]{{0,40}}\b(?:taken|created|completed?|done|made)\b"
    rf"|\b(?:system|everything|files?)\b[^.;]{{0,20}}\bbacked[\s-]?up\b",
    re.I,
)
_NOT_A_BACKUP = re.compile(
    r"\b(?:strateg\w+|schedul\w+|plan(?:s|ned)?|tested|test|storage|provision\w*|configur\w+|automat\w+|procedures?|scripts?|polic\w+|restor\w+|retention|verif\w+|daily|nightly|weekly|recent|latest|jobs?)\b",
    re.I,
)
_IS_DATA = re.compile(rf"\b{_DATA}\b", re.I)
_RESTORE = re.compile(
    rf"\b(?:pg_)?restor(?:e|ed|es|ing|ation)\b[^.;]{{0,60}}\b(?:{_DATA}|back[\s-]?ups?|snapshots?|dumps?|point[\s-]in[\s-]time)\b"
    rf"|\b(?:{_DATA}|back[\s-]?ups?|snapshots?|dumps?)\b[^.;]{{0,30}}\b(?:restored?|restoring|restoration)\b|\bpg_restore\b",
    re.I,
)
_TRAFFIC = re.compile(
    r"\b(?:switch|shift|route|redirect|send|direct|enable|open|allow|move|ramp|restore|resume|cut|give|point|increase|migrate|begin|start)\w*\b[^.;]{0,50}\btraffic\b"
    r"|\btraffic\b[^.;]{0,40}(?:\b(?:switch|shift|rout|redirect|enabl|cut|restor|resum|mov|ramp)\w*\b|\d+\s?%)"
    r"|\b(?:disable|deactivate|turn off|switch off|lift|leave|exit|end|remove)\w*\b[^.;]{0,20}\bmaintenance (?:mode|page|window|banner)\b"
    r"|\bmaintenance (?:mode|page)\b[^.;]{0,20}\b(?:off|disabled|removed|lifted)\b"
    r"|\b(?:switch|update|flip|point|cut ?over|change)\w*\b[^.;]{0,40}\b(?:dns|load[\s-]balancer)\b"
    r"|\b(?:dns|load[\s-]balancer)\b[^.;]{0,40}\b(?:switch|flip|cut ?over|point)\w*\b"
    r"|\bopen\b[^.;]{0,30}\b(?:to|for)\b[^.;]{0,15}\b(?:users|customers|public)\b|\bfirst (?:users|traffic)\b|\bcut ?over to\b",
    re.I,
)
_GATE = re.compile(r"\bgo\s*(?:/|-|–|or|vs\.?|&|and)\s*no[\s-]?go\b|\bno[\s-]go\b", re.I)
_DOWN = re.compile(
    r"\b(?:un|not )availab\w*|\boutage\b|\bdown(?:time)?\b|\bunreachable\b|\bnot (?:reachable|respond\w*|accessible)\b|\bunresponsive\b|\binaccessible\b|\boffline\b"
    r"|\bhealth[\s-]?checks?\b[^.;]{0,20}\bfail\w*",
    re.I,
)
_RELATIVE = re.compile(
    r"\bdegrad\w*|\bslower\b|\bslow-?downs?\b|\bregress(?:ion|ed|es)?\b|\bdrop(?:s|ped)?\b|\bdecreas\w*|\bdeclin\w*|\bincreas\w*|\bworse\b|\bdeteriorat\w*|\breduc(?:tion|ed)\b|\babove baseline\b|\bfrom baseline\b|\bvs\.? baseline\b",
    re.I,
)
_KNOWN_BEFORE = re.compile(
    r"\b(?:last|previous|prior)\s+(?:week|day|month|release|version|deployment)|\byesterday\b|\bhistoric\w*",
    re.I,
)
_NEVER_DONE = re.compile(
    rf"{_STEP}(?:continuously\s+|closely\s+|actively\s+|continue to\s+|keep\s+)?(?:monitor|watch|observe|keep an eye on|monitoring of)\b(?!\s*[:.)]?$)",
    re.I,
)
_ENDS = re.compile(
    r"\b(?:until|till|\w{3,}ed|ready|working|set up|in place|green|active|live)\W*$|\b(?:until|till)\b", re.I
)
_RECURRING = re.compile(
    rf"{_STEP}(?:daily|hourly|nightly|weekly|monthly)\b|\bevery\s+(?:\d+\s*|other\s+)?-?(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|morning|evening)\b|\b(?:daily|hourly|weekly|twice a day|each day|each morning)\W*$",
    re.I,
)
_BY_MACHINE = re.compile(
    r"\b(?:automat\w*|schedul\w*|configur\w*|enabled?|cron\w*|set up|setup|alerts?|jobs?)\b", re.I
)
_FELT = re.compile(
    r"\b(?:satisf\w+|happy|happiness|nps|csat|ratings?|feedback|confidence|morale|sentiment|stars?|mood)\b",
    re.I,
)


def durations(text: str) -> Iterator[tuple[float, float]]:
    """Every duration in a text, as the least and the most seconds it can mean: `30 min`, `2-4 hours`."""
    for match in _DURATION.finditer(text):
        unit = _UNIT_S[match["unit"][0].lower()]
        low = float(match["low"])
        high = float(match["high"]) if match["high"] else low
        yield min(low, high) * unit, max(low, high) * unit


def has_sample_size(text: str) -> bool:
    return _SAMPLE.search(text) is not None


def names_period(text: str) -> bool:
    """Whether a text says over which time something is counted."""
    return _PERIOD.search(text) is not None or any(True for _ in durations(text))


def stops_application(text: str) -> bool:
    return _STOPS.search(text) is not None and _NOT_OURS.search(text) is None


def starts_application(text: str) -> bool:
    return _STARTS.search(text) is not None


def takes_backup(text: str) -> bool:
    """A backup that is taken now; not its strategy, its schedule, or a test of it."""
    return _BACKUP.search(text) is not None and _NOT_A_BACKUP.search(text) is None


def is_about_data(text: str) -> bool:
    return _IS_DATA.search(text) is not None


def restores_data(text: str) -> bool:
    return _RESTORE.search(text) is not None


def lets_traffic_in(text: str) -> bool:
    return _TRAFFIC.search(text) is not None


def asks_go_or_no_go(text: str) -> bool:
    return _GATE.search(text) is not None


def says_down(text: str) -> bool:
    return _DOWN.search(text) is not None


def compares_with_before(text: str) -> bool:
    """Whether a text measures a change, and does not say itself what it is compared with."""
    return _RELATIVE.search(text) is not None and _KNOWN_BEFORE.search(text) is None


def is_never_done(text: str) -> bool:
    """`Monitor application logs`: work that a tick cannot end. One with an end or a duration can be ended."""
    if _NEVER_DONE.search(text) is None or _ENDS.search(text) is not None:
        return False
    return not any(True for _ in durations(text))


def recurs(text: str) -> bool:
    return _RECURRING.search(text) is not None


def is_done_by_machine(text: str) -> bool:
    return _BY_MACHINE.search(text) is not None


def is_felt(text: str) -> bool:
    """Whether what is limited is an opinion."""
    return _FELT.search(text) is not None
