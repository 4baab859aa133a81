"""What a heading is about, in the words of several languages: rollback, criteria, people, or a stage of the night."""

from __future__ import annotations

import re
from enum import Enum

from deploytui.plan.markdown.inline import References, plain_text


class Role(Enum):
    """What a section is about, in the words of the report."""

    ROLLBACK = "the rollback"
    TRIGGERS = "rollback triggers"
    CRITERIA = "success criteria"
    SIGNOFFS = "sign-offs"
    CONTACTS = "contacts"
    ISSUES = "known issues"
    ENHANCEMENTS = "later work"
    REFERENCES = "other documents"


_ROLLBACK = re.compile(
    r"roll(?:ing|ed)?[\s-]?back|back[\s-]?out|\brevert(?:ing)?\b|fall-?back (?:plan|procedure)"
    r"|\babort (?:criteria|conditions?|triggers?|if|when|procedure|plan|steps)|abbruchkriteri|abbruchplan"
    r"|rückfall|zurückrollen|rückbau|retour arrière|"
    r"reversi[oó]n|откат|ロールバック|切り戻し|롤백|回滚|回退|التراجع",
    re.I,
)
_ROLLBACK_READINESS = re.compile(
    r"readiness|prepar|drill|\btest(?:s|ed|ing)?\b|contingency|vorbereit|подготов", re.I
)
_PROCEDURE = re.compile(
    r"procedure|steps|execution|trigger|\bif\b|when|criteria|method|plan\b|verfahren|schritt|kroky|процедур",
    re.I,
)
_TRIGGERS = re.compile(
    r"trigger|when to (?:roll|revert|abort|back)|(?:roll[\s-]?back|back[\s-]?out|abort"
    r"|revert)\s+(?:immediately\s+)?(?:criteria|conditions?|thresholds?|if|when|decision criteria)|"
    r"^(?:execute|initiate|perform|start"
    r"|consider)?\s*(?:an? )?(?:immediate\s+)?roll[\s-]?back\s+(?:\w+\s+)?(?:if|when)|"
    r"critères? de retour|auslöser|abbruchkriteri|criterios de reversi|критери\w* отката|триггер"
    r"|ロールバック(?:条件|基準|判断)|롤백 (?:기준|조건)|回滚条件",
    re.I,
)
_TRIGGERS_INSIDE = re.compile(r"\b(?:when|conditions?|if|kriterien|criteria)\b\W*$|^when\b", re.I)
_NOT_TRIGGERS = re.compile(r"\b(?:do not|don'?t|not|hotfix|instead|never|kein|avoid)\b", re.I)
_CRITERIA = re.compile(
    r"success (?:criteria|metrics|factors|measures|indicators)|(?:exit|completion|launch"
    r"|go-?live) criteria|criteria (?:for|of) success|definition of done|^kpis?\b|(?:launch"
    r"|deployment|release) success|"
    r"erfolgskriteri|erfolgsmessung|crit[eè]res? de (?:succès|réussite)|criterios? de [eé]xito"
    r"|критери\w* (?:успе|готов)|成功(?:基準|指標|标准)|성공 기준",
    re.I,
)
_CRITERIA_INSIDE = re.compile(r"criteria|metrics|kpi|kriteri", re.I)
_SIGNOFFS = re.compile(
    r"sign(?:ing)?[\s-]?offs?\b|\bapprovals?\b|\bsignatures?\b|freigabe|unterschrift|abnahme"
    r"|genehmigung|aprobaci|firmas|approbation|подпис|согласован|утвержден|承認|署名|승인|签字|审批",
    re.I,
)
_CONTACTS = re.compile(
    r"\bcontacts?\b|on-?call (?:roster|list|contacts|schedule)|escalation (?:path|contacts|list)"
    r"|team roster|hotline|phone (?:list|numbers)|kontakte?\b|ansprechpartner|contactos|контакт|連絡先"
    r"|연락처|联系",
    re.I,
)
_ISSUES = re.compile(
    r"known (?:issues?|limitations?|problems?)|bekannte (?:probleme|fehler|einschränkungen)"
    r"|problèmes connus|problemas conocidos|известные проблемы|既知の|알려진",
    re.I,
)
_ENHANCEMENTS = re.compile(
    r"(?:future|post-?\w+|later|planned)\s+(?:enhancements?|improvements?|work)|^enhancements$"
    r"|verbesserungen|améliorations|mejoras",
    re.I,
)
_REFERENCES = re.compile(
    r"^(?:related|references?|links|see also|further reading|resources|version history|change ?log"
    r"|revision history|table of contents|contents|änderungshistorie|変更履歴|оглавление|содержание"
    r"|purpose|overview|about)\b",
    re.I,
)

_PRE = re.compile(
    r"\bpre(?:[\s-]|-?(?:deploy|launch|release|flight|migration|cut-?over|prod|check|requisit|upgrade"
    r"|change|condition|production)\w*)|\bbefore\b|prepar|\bplanning\b|\bset-?up\b|readiness"
    r"|prerequisit|requirements|"
    r"\bstaging\b|\bgo\s?/\s?no[\s-]?go\b|week before|day before|blockers|vor(?:aussetzung|bereitung"
    r"|ab|her|\s)|prépar|avant|prerrequisito|antes|подготов|предвар|до (?:релиза|деплоя)|事前|準備|사전|준비"
    r"|准备|上线前|قبل|příprav|před",
    re.I,
)
_POST = re.compile(
    r"\bpost(?:[\s-]|-?(?:deploy|launch|release|migration|cut-?over|go|prod|upgrade|change|rollback"
    r"|production)\w*)|\bafter(?:wards)?\b|follow-?up|hypercare|retrospective|wrap-?up|clean(?:ing)?[\s-]?up"
    r"|stabili[sz]ation|handover|close-?out|lessons learned|"
    r"monitoring (?:day|phase|period)|extended monitoring|first \d+ (?:hours?|days?)|\bnach|danach"
    r"|abschluss|après|después|posterior|после|事後|リリース後|사후|이후|배포 후|上线后|بعد|\bpo (?:nasazení|cutoveru)",
    re.I,
)
_EXEC = re.compile(
        r"\bexecut(?:e|ing|ion)\b|(?:deployment|launch|release|migration|go-?live|cut-?over) (?:day|start"
        r"|steps?|window|process|procedure|night|kick-?off)|\bgo-?live\b|\bd-?day\b|\blaunch\b"
        r"|\bcut-?over\b|\bduring\b|application deployment|switch-?over|"
        r"durchführung|umstellung|exécution|ejecuci[oó]n|durante|выполнени|запуск|разв[её]ртывани|実施|当日"
        r"|작업 (?:단계|수행)|배포 (?:단계|실행)|上线(?:当天|步骤)|provedení",
    re.I,
)  # fmt: skip
_EXEC_WEAK = re.compile(
    r"deploy|release|rollout|roll-?out|upgrade|publish|tag(?:ging)?\b|migrat|bereitstellung"
    r"|déploiement|despliegue|деплой|デプロイ|リリース|배포|发布|部署|النشر|nasazení",
    re.I,
)

_PHASE_NUMBER = re.compile(
    r"^(?:phase|stage|fase|etapa|étape|этап|фаза|フェーズ|단계|阶段)\s*(?:\d{1,3}|[IVX]{1,4}|[A-H])\b\s*[:.)–—-]*\s*",
    re.I,
)
_NAMES_PHASE = re.compile(
    r"^(?:\W*)(?:phase|stage|fase|etapa|этап|фаза|フェーズ|wave|sprint|day|week|month|tag|woche|monat"
    r"|jour|semaine|день|неделя)\s*[-–]?\s*\d",
    re.I,
)
_DECORATION = re.compile(
    "^[^\\w\\[(<{\"'“„«`@#&+*~/.$%!?¿¡-]+|[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u23e9-\u23ff\u25a0-\u25ff\ufe0f\u200d\u20e3\\s]+$"
)
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[A-Z]\d{0,2}[.)])\s+")


def undecorated(source: str, references: References | None = None) -> str:
    """A title as people say it: without marks, boxes, and the emoji around it."""
    text = plain_text(source, references)
    text = text.replace("\ufe0f", "").replace("\u20e3", "").rstrip("# ") or text
    text = re.sub(r"^\\?\[[ xX]?\\?\]\s+", "", text)
    previous = None
    while previous != text:
        previous = text
        text = _DECORATION.sub("", text).strip()
    return text.rstrip(":：").strip() or plain_text(source, references) or source.strip()


def without_phase_number(title: str) -> str:
    """`Phase 1: Setup` is "Setup"; a bare `Phase 1` stays."""
    return _PHASE_NUMBER.sub("", title) or title


def names_phase(title: str) -> bool:
    """Whether a title counts parts of time: `Phase 2`, `Day 1`, `Week 3`."""
    return bool(_NAMES_PHASE.match(title))


def is_rollback(title: str) -> bool:
    return bool(_ROLLBACK.search(title))


def role_of(title: str, above: Role | None, *, is_prepared: bool) -> Role | None:
    """The role of a section by its title; it hands its role down where a title says nothing else."""
    bare = _NUMBERED.sub("", title)
    if _REFERENCES.search(bare) and above is None:
        return Role.REFERENCES
    if _SIGNOFFS.search(bare) and not _ROLLBACK_STEP.search(bare):
        return Role.SIGNOFFS
    if above in (Role.ROLLBACK, Role.TRIGGERS):
        return _inside_rollback(bare, above)
    if _TRIGGERS.search(bare) and _ROLLBACK.search(bare) and not _NOT_TRIGGERS.search(bare):
        return Role.TRIGGERS
    if (
        is_rollback(bare)
        and not _ROLLBACK_READINESS.search(bare)
        and (not is_prepared or _PROCEDURE.search(bare))
        and not _POST_ONLY.search(bare)
    ):
        return Role.ROLLBACK
    if _ISSUES.search(bare):
        return Role.ISSUES
    if _ENHANCEMENTS.search(bare):
        return Role.ENHANCEMENTS
    if _CONTACTS.search(bare):
        return Role.CONTACTS
    if _CRITERIA.search(bare):
        return Role.CRITERIA
    return above


_ROLLBACK_STEP = re.compile(r"get|obtain|request", re.I)
_POST_ONLY = re.compile(r"\bwithout\b|\bno rollback\b", re.I)


def _inside_rollback(bare: str, above: Role) -> Role:
    if _NOT_TRIGGERS.search(bare):
        return Role.ROLLBACK
    if _TRIGGERS.search(bare) or (
        _TRIGGERS_INSIDE.search(bare) and not re.search(r"decision criteria", bare, re.I)
    ):
        return Role.TRIGGERS
    return Role.TRIGGERS if above is Role.TRIGGERS else Role.ROLLBACK


def is_trigger_label(label: str) -> bool:
    """`Rollback if:`, `Execute rollback immediately if:`, `Trigger:` before a list."""
    return bool(
        _TRIGGERS.search(label) or re.search(r"\b(?:if|when|conditions?|wenn|falls|bei|si)\W*$", label, re.I)
    ) and not _NOT_TRIGGERS.search(label)


def is_not_trigger_label(label: str) -> bool:
    return bool(_NOT_TRIGGERS.search(label))


PRE, EXEC, POST = 0, 1, 2


def stage_votes(title: str) -> tuple[float, float, float]:
    """How strongly a title speaks for each of the three stages."""
    pre = 1.0 if _PRE.search(title) else 0.0
    post = 1.0 if _POST.search(title) else 0.0
    strong = 1.0 if _EXEC.search(title) else 0.0
    if post and re.search(r"\bpost[\s-]?\w+", title, re.I):
        pre = strong = 0.0
    if pre and re.search(r"\bpre[\s-]?\w+", title, re.I):
        strong = 0.0
    weak = 0.3 if not (pre or post or strong) and _EXEC_WEAK.search(title) else 0.0
    return pre, strong + weak, post


def criteria_kind(title: str) -> str:
    """Whose criteria: technical, business or user."""
    if re.search(
        r"business|revenue|market|adoption|stakeholder|geschäft|бизнес|negocio|métier|ビジネス", title, re.I
    ):
        return "business"
    return (
        "user"
        if re.search(
            r"\busers?\b|customer|satisfaction|\bux\b|nutzer|kunden|пользовател|usuario|utilisateur|ユーザ",
            title,
            re.I,
        )
        else "technical"
    )
