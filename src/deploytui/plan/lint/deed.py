"""What an item does, told from its words: it stops or starts the application, takes or restores a backup, lets
users in, asks for a go, or never ends."""

from __future__ import annotations

from deploytui.plan.lint.wording import Says, has_duration

_STEP = (
    r"^(?:step\s+\d+(?:\.\d+)*\s*[:.)–-]?\s*|\d+[.)]\s*)?(?:gracefully\s+|safely\s+|then\s+)?"
    r"(?:execute:?\s+|perform:?\s+)?"
)
_SYSTEM = (
    r"\b(?:apps?|applications?|services?|system|site|website|api|backend|servers?|processes|containers?|pods|stack"
    r"|instances?|workers?)\b"
)
# Not the end of something else, nor a stop only if something goes wrong.
stops_application = Says(
    rf"{_STEP}(?:(?:stop|halt|shut\s?down|bring down|take down|quiesce)\b[^.;]{{0,60}}{_SYSTEM}"
    r"|(?:enable|activate|enter|turn on|switch on|put\b[^.;]{0,40}\b(?:in|into))\s+(?:the\s+)?maintenance\b"
    rf"|take\b[^.;]{{0,60}}{_SYSTEM}[^.;]{{0,20}}\b(?:offline|down)\b)",
    but=r"\b(?:old|legacy|previous|staging|test|unused|blue|obsolete)\b[^.;]{0,30}\b(?:app|application|service|server|stack"
    r"|instance|system|environment|site|container)s?\b|\bon failure\b|\bif (?:the )?(?:tests?|errors?|anything)\b",
)
starts_application = Says(
    rf"{_STEP}(?:(?:re)?start|bring up|launch|boot)\b[^.;]{{0,60}}{_SYSTEM}"
    rf"|{_STEP}(?:disable|deactivate|leave|exit|end|lift|turn off)\s+(?:the\s+)?maintenance"
)
_DATA = r"(?:databases?|db|data|schema|tables?|postgres\w*|mysql|mongo\w*|redis|volumes?)"
_COPY = r"(?:back[\s-]?up|snapshot|dump)"
_MADE = r"(?:taken|created|completed?|done|made)"
# A backup that is taken now; not its strategy, its schedule, or a test of it.
takes_backup = Says(
    rf"\b(?:{_DATA}|system|everything|files?)\b[^.;]{{0,40}}\b(?:backed[\s-]?up|dumped)\b"
    rf"|\b(?:take|create|perform|run|make|do|trigger|execute)\b[^.;]{{0,40}}\b{_COPY}\b"
    rf"|{_STEP}back[\s-]?up\b|\b{_COPY}\b[^.;]{{0,40}}\b{_MADE}\b",
    but=r"\b(?:strateg\w+|schedul\w+|plan(?:s|ned)?|test(?:ed)?|storage|provision\w*|configur\w+|automat\w+|procedures?"
    r"|scripts?|polic\w+|restor\w+|retention|verif\w+|daily|nightly|weekly|recent|latest|jobs?)\b",
)
is_about_data = Says(rf"\b{_DATA}\b")
# A restore of data; going back to older code restores nothing that users wrote.
restores_data = Says(
    rf"\brestor(?:e|ed|es|ing|ation)\b[^.;]{{0,60}}\b(?:{_DATA}|{_COPY}s?|point[\s-]in[\s-]time)\b"
    rf"|\b(?:{_DATA}|{_COPY}s?)\b[^.;]{{0,30}}\b(?:restored?|restoring|restoration)\b|\bpg_restore\b"
)
lets_traffic_in = Says(
    r"\b(?:switch|shift|route|redirect|send|direct|enable|open|allow|move|ramp|restore|resume|cut|give|point|increase"
    r"|migrate|begin|start)\w*\b[^.;]{0,50}\btraffic\b"
    r"|\btraffic\b[^.;]{0,40}(?:\b(?:switch|shift|rout|redirect|enabl|cut|restor|resum|mov|ramp)\w*\b|\d+\s?%)"
    r"|\b(?:disable|deactivate|turn off|switch off|lift|leave|exit|end|remove)\w*\b[^.;]{0,20}"
    r"\bmaintenance (?:mode|page|window|banner)\b"
    r"|\bmaintenance (?:mode|page)\b[^.;]{0,20}\b(?:off|disabled|removed|lifted)\b"
    r"|\b(?:switch|update|flip|point|cut ?over|change)\w*\b[^.;]{0,40}\b(?:dns|load[\s-]balancer)\b"
    r"|\b(?:dns|load[\s-]balancer)\b[^.;]{0,40}\b(?:switch|flip|cut ?over|point)\w*\b"
    r"|\bopen\b[^.;]{0,30}\b(?:to|for)\b[^.;]{0,15}\b(?:users|customers|public)\b"
    r"|\bfirst (?:users|traffic)\b|\bcut ?over to\b"
)
asks_go_or_no_go = Says(r"\bgo\s*(?:/|-|–|or|vs\.?|&|and)\s*no[\s-]?go\b|\bno[\s-]go\b")
# "Monitor configured", "Watch until it is green": these can be done.
_NEVER_DONE = Says(
    rf"{_STEP}(?:continuously\s+|closely\s+|actively\s+|continue to\s+|keep\s+)?"
    r"(?:monitor|watch|observe|keep an eye on)\b(?!\s*[:.)]?$)",
    but=r"\b(?:\w{3,}ed|ready|working|set up|in place|green|active|live)\W*$|\b(?:until|till|during|while)\b",
)
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|morning|evening)"
recurs = Says(
    rf"{_STEP}(?:daily|hourly|nightly|weekly|monthly)\b|\bevery\s+(?:\d+\s*|other\s+)?-?{_UNIT}\b"
    r"|\b(?:daily|hourly|weekly|twice a day|each day|each morning)\W*$"
)
# Something set up, which then runs by itself.
is_done_by_machine = Says(
    r"\b(?:automat\w*|schedul\w*|configur\w*|enabled?|cron\w*|set up|setup|alerts?|jobs?)\b"
)


def is_never_done(text: str) -> bool:
    """`Monitor application logs`: work that a tick cannot end. One with an end or a duration can be ended."""
    return _NEVER_DONE(text) and not has_duration(text)
