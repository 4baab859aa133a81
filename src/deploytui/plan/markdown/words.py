"""The words by which a document is understood, a list for each meaning, in the languages one after another.

Case does not matter, and a word may stand inside another, unless it is marked: `_word` begins one and `word_` ends one,
`^` begins and `$` ends the text, a `~` may be a hyphen, a space or nothing, and `*` is more letters.
"""

from __future__ import annotations

import re
from functools import cache

_SIGNS = {"_": r"\b", "~": r"[\s-]?", "*": r"\w*", " ": r"\s", "^": "^", "$": "$"}

_TABLE = """
# What a section is about.
rollback: roll~back, rolling~back, rolled~back, back~out, _revert_, _reverting_, fall~back plan,
    fall~back procedure, _abort criteria, _abort condition, _abort trigger, _abort if, _abort when,
    _abort procedure, _abort plan, _abort steps, abbruchkriteri, abbruchplan, rückfall, zurückrollen, rückbau,
    retour arrière, reversion, reversión, откат, التراجع, ロールバック, 切り戻し, 롤백, 回滚, 回退
readiness: readiness, prepar, drill, _test_, _tests_, _tested_, _testing_, contingency, vorbereit, подготов
procedure: procedure, steps, execution, trigger, _if_, when, criteria, method, plan_, verfahren, schritt, kroky,
    процедур
triggers: trigger, when to roll, when to revert, when to abort, when to back, critère de retour,
    critères de retour, auslöser, abbruchkriteri, criterios de reversi, критери* отката, триггер, ロールバック条件,
    ロールバック基準, ロールバック判断, 롤백 기준, 롤백 조건, 回滚条件
begin: execute, initiate, perform, start, consider
not triggers: _do not_, _dont_, _don't_, _not_, _hotfix_, _instead_, _never_, _kein_, _avoid_
criteria: success criteria, success metrics, success factors, success measures, success indicators,
    exit criteria, completion criteria, launch criteria, go~live criteria, criteria for success,
    criteria of success, definition of done, ^kpi_, ^kpis_, launch success, deployment success, release success,
    erfolgskriteri, erfolgsmessung, criterios de exito, criterios de éxito, criterio de éxito,
    critère de succès, critères de succès, critère de réussite, critères de réussite, критери* успе,
    критери* готов, 成功基準, 成功指標, 成功标准, 성공 기준
sign-offs: sign~off_, sign~offs_, signing~off_, signing~offs_, _approval_, _approvals_, _signature_,
    _signatures_, freigabe, unterschrift, abnahme, genehmigung, aprobaci, firmas, approbation, подпис,
    согласован, утвержден, 承認, 署名, 승인, 签字, 审批
contacts: _contact_, _contacts_, _on~call roster, _on~call list, _on~call contacts, _on~call schedule,
    team roster, hotline, escalation path, escalation contacts, escalation list, phone list, phone numbers,
    kontakt_, kontakte_, ansprechpartner, contactos, контакт, 連絡先, 연락처, 联系
known issues: known issue, known limitation, known problem, bekannte probleme, bekannte fehler,
    bekannte einschränkungen, problèmes connus, problemas conocidos, известные проблемы, 既知の, 알려진
references: ^related_, ^reference_, ^references_, ^links_, ^see also_, ^further reading_, ^resources_,
    ^version history_, ^change~log_, ^revision history_, ^table of contents_, ^contents_, ^purpose_, ^overview_,
    ^about_, ^änderungshistorie_, ^変更履歴_, ^оглавление_, ^содержание_
no tasks: ^overview_, ^purpose_, ^scope_, ^assumption_, ^assumptions_, ^background_, ^introduction_, ^summary_,
    ^note_, ^notes_, ^tips_, ^automation tips_, ^appendix_, ^glossary_
# The three stages.
before: _pre~deploy, _pre~launch, _pre~release, _pre~flight, _pre~migration, _pre~cut~over, _pre~prod,
    _pre~check, _prerequisit, _pre~upgrade, _pre~change, _pre~condition, _pre~requisit, _pre-, _pre , _before_,
    prepar, _planning_, _setup_, _set-up_, readiness, requirements, _staging_, _go/no~go_, _go / no~go_,
    _go/ no~go_, _go /no~go_, week before, day before, blockers, vorab, vorher, vor , voraussetzung,
    vorbereitung, příprav, před, prépar, avant, prerrequisito, antes, подготов, предвар, до релиза, до деплоя,
    事前, 準備, 사전, 준비, 准备, 上线前, قبل
after: _post~deploy, _post~launch, _post~release, _post~migration, _post~cut~over, _post~go, _post~prod,
    _post~upgrade, _post~change, _post~rollback, _post-, _post , _after_, _afterwards_, follow~up, hypercare,
    retrospective, wrap~up, clean~up, cleaning~up, stabilisation, stabilization, handover, close~out,
    lessons learned, extended monitoring, monitoring day, monitoring phase, monitoring period, _nach, danach,
    abschluss, _po nasazení, _po cutoveru, après, después, posterior, после, 事後, リリース後, 사후, 이후, 배포 후, 上线后, بعد
during: _execute_, _executing_, _execution_, _go~live_, _d~day_, _launch_, _cut~over_, _during_, switch~over,
    application deployment, durchführung, umstellung, exécution, ejecucion, ejecución, durante, provedení,
    выполнени, запуск, развертывани, развёртывани, 実施, 当日, 작업 단계, 작업 수행, 배포 단계, 배포 실행, 上线当天, 上线步骤
perhaps during: deploy, release, roll~out, upgrade, publish, tag_, tagging_, migrat, bereitstellung, nasazení,
    déploiement, despliegue, деплой, デプロイ, リリース, 배포, 发布, 部署, النشر
# Whose criteria.
business: business, revenue, market, adoption, stakeholder, geschäft, бизнес, negocio, métier, ビジネス
users: _user_, _users_, customer, satisfaction, _ux_, nutzer, kunden, пользовател, usuario, utilisateur, ユーザ
# The heads of a table's columns, and what stands in them.
status head: status, state, done, check, complete, ✓, ✔, ✅, ☑, ☐, [], [ ], ^ok$, signature, result, pass,
    erledigt, stand, статус, готов, estado, statut, état, 状態, ステータス, 상태
text head: task, action, activit, step, item, test, check, requirement, criteri, deliverable, story, document,
    verification, component, feature, what, metric, description, environment, name, aufgabe, schritt, punkt,
    tätigkeit, maßnahme, beschreibung, задач, шаг, компонент, действи, tarea, actividad, paso, tâche, étape,
    activité, 作業, 項目, タスク, 작업, 任务, 步骤
owner head: owner, assignee, responsib, who, lead, pilot, verantwortlich, zuständig, ответствен, responsable,
    担当, 담당, 负责
time head: ^time, ^when, ^start, clock, offset, ^t-, ^t+, ^t±, ^zeit, uhrzeit, время, hora, heure, 時刻, 시간
number head: ^#$, ^id$, ^nr$, ^nr.$, ^no$, ^no.$, ^№$, ^step~#$, ^order$, _id$
limit head: target, threshold, limit, goal, expected, requirement, ziel, цель, objetivo, objectif
metric head: metric, kpi, measure, indicator, criteri, requirement, kennzahl, метрик
length head: duration, estimat, budget, time needed, dauer, durée, duración, длительн
role head: role, approver, position, title, function, team, stakeholder, rolle, funktion, роль, rol_, rôle, 役割
name head: ^name, ^person, ^approver, ^primary, ^signatory, ^contact name, ^имя, ^nombre, ^nom, ^氏名, ^이름
sign head: signature, signed, sign~off, approv, unterschrift, подпись, firma, 署名, 서명, 签
date head: ^date, datum, дата, fecha, 日付, 날짜
reach head: phone, tel, mobile, email, e~mail, contact, slack, pager, method, reach, kontakt, telefon, телефон,
    почт
email head: e~mail, почта
phone head: phone, tel, mobile, hotline, pager, handy, телефон
person head: name, primary, person, contact, who
key head: ^field$, ^key$, ^item$, ^property$, ^parameter$, ^name$, ^attribute$, ^feld$, ^eigenschaft$, ^поле$,
    ^項目$
status: ^pending, ^to~do, ^open, ^done, ^not started, ^in progress, ^complete, ^completed, ^tbd, ^offen, ^ok,
    ^erledigt, ^yes, ^no, ^planned, ^scheduled, ^blocked, ^n/a
# People.
signer: lead, manager, owner, officer, engineer, director, team, sponsor, commander, reviewer, approver,
    stakeholder, operator, head, representative, administrator, _qa_, _dba_, _cto_, _ceo_, _coo_, _cio_, _vp_,
    _pm_, _sre_, _devops_, _security_, _product_, _release_, _legal_, _compliance_, _signature_, leiter,
    verantwortlich, руковод, 責任者, 담당
no signer: _date_, _time_, _status_, _note_, _notes_, _decision_, _comment_, _comments_, _version_, _required_,
    _issue_, _issues_, _completion_, _reason_, _url_, _link_, _id_, _ticket_, _duration_
no role: ^important_, ^note_, ^notes_, ^warning_, ^hint_, ^tip_, ^attention_, ^documentation_, ^runbook_,
    ^dashboard_, ^wiki_, ^wichtig_, ^hinweis_, ^важно_, ^внимание_, ^примечание_, ^重要_, ^注意_
role word: lead, engineer, manager, team, dba, devops, sre, owner, developer, architect, officer, analyst, qa,
    ops, on~call, admin, security, pm, cto, ceo
after all: complet, final acceptance, closing, closure, _after_
owner: owner, assignee, assigned to, responsible, verantwortlich, zuständig, responsable, ответственный
leader: lead, led by, responsible person, responsible team, driver, team lead, 担当, 担当者, 담당, 담당자, 负责人
# An item's own words.
optional: optional, if, only if, only for, when applicable, as needed, as applicable, as required,
    where applicable, nice to have, falls, optionnel, facultatif, si, opcional, caso
only if: if, only if, only for, only when, only on, falls, wenn, nur wenn, nur falls, nur bei, nur für, si,
    solo si
every: every, each, alle, toutes les, cada
remark: expected, expected result, expected output, verify, verification, evidence, erwartet, ожидаем*
time: time, window, when, schedule, scheduled, maintenance window, zeit, zeitfenster, wann, время, когда, hora,
    horario, heure, 時間, 日時
# Parts and steps.
part: phase, stage, fase, etapa, étape, этап, фаза, フェーズ, 단계, 阶段
part of time: wave, sprint, day, week, month, tag, woche, monat, jour, semaine, день, неделя
generic label: steps, procedure, action, actions, checklist, schritte, vorgehen, шаги, pasos, étapes, kroky
step: step, schritt, шаг, paso, étape, ステップ
condition: _if, _when, _condition, _conditions, _wenn, _falls, _bei, _si
later: future, post*, post-*, later, planned
enhancements: ^enhancements$, verbesserungen, améliorations, mejoras
severity: severity, priority, schweregrad
plan: plan, fix, workaround, mitigation, resolution
signature: signature, sign~off, signed by, approval, approved by, unterschrift
meaning of a mark: progress, done, skip, block, defer, n/a_, na_, applicable, open, started, pending, partial,
    fail, complete, cancel, wait, hold, moved, todo, review, optional, ready, won't, erledigt, offen, arbeit
# Times.
weekday: mon, monday, tue, tues, tuesday, wed, wednesday, thu, thur, thurs, thursday, fri, friday, sat,
    saturday, sun, sunday, montag, dienstag, mittwoch, donnerstag, freitag, samstag, sonntag
length: time, duration, est*, dauer, zeit, ⏱\ufe0f, ⏱, ⏰
clock: time, window, zeit, uhrzeit, время
total: total, max, maximum, overall, full, complete, entire, gesamt*
totaled: roll~back, back~out, time, duration, dauer, zeit
to: to, until, till, bis, through
first: first, within, within the, within first, within the first, erste, ersten, erster, innerhalb,
    innerhalb der ersten, premier, premiers, première, premières, primera, primeras, первые, первых
side: before, prior to, prior, ahead, after, vor, nach
nth: ^day$, ^days$, ^tag$, ^jour$, ^dia$, ^día$, ^день$, ^week$, ^weeks$, ^woche$, ^semaine$, ^semana$,
    ^неделя$, ^month$, ^months$, ^monat$, ^mois$, ^mes$, ^месяц$
# Facts.
about the document: _info_, _information_, _metadata_, _details_, _general_, _facts_, _change record_,
    _change request_, _change details_, _key data_, angaben, metadaten, eckdaten, informacion, información,
    informations, информаци, данные, 情報, 정보, 信息
document fact: ^document, ^version, ^last updated, ^last reviewed, ^last modified, ^next review, ^prepared,
    ^author, ^created, ^updated, ^reviewed, ^approved, ^owner, ^maintainer, ^stand, ^erstellt
go-live: go~live, deploy, deployment, launch, release, cut~over, migration, maintenance, maintenance window,
    change, change window, roll~out, upgrade, window, start, umstellung, wartungsfenster, termin,
    inbetriebnahme, mise en production, mise en service, déploiement, bascule, puesta en produccion,
    puesta en producción, despliegue, lanzamiento, релиз, деплой, запуск, リリース, 公開
# `Release day`, `Migration steps`: what is done, and when or how.
work: deployment, launch, release, migration, go~live, cut~over
course: day, start, step, window, process, procedure, night, kick~off
planned: planned, target, targeted, scheduled, production, expected, geplant*, date, date de, date du,
    date de la, fecha de, fecha de la
when: date, time, window, day, start, begin, datetime, scheduled, planned, at, utc, and, &, /, datum, zeit,
    дата, время, 日時, 日
start: start, begin, beginn, start at, starts at, начало, début, inicio
end: end, ende, until, fin, конец, 終了
no fact: ^note$, ^notes$, ^important$, ^warning$, ^tip$, ^tips$, ^hint$, ^caution$, ^attention$, ^remember$,
    ^example$, ^todo$, ^decision$, ^reason$, ^if_, ^option_, ^hinweis$, ^wichtig$, ^achtung$, ^poznámka$,
    ^важно$, ^внимание$, ^注意$
restore: _restor, _wiederherstell, _восстанов, _復元, _복원, _恢复
"""


def _read(table: str) -> dict[str, list[str]]:
    """The words of each meaning; a line that begins with a space goes on with the one before."""
    found: dict[str, list[str]] = {}
    meaning = ""
    for line in table.strip().split("\n"):
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            meaning, _, line = line.partition(":")
        found.setdefault(meaning, []).extend(word.lstrip(" ") for word in line.rstrip(",").split(","))
    return found


WORDS = _read(_TABLE)


@cache
def any_of(meaning: str) -> str:
    """The words of a meaning as part of a pattern, the longest first."""
    words = sorted(WORDS[meaning], key=len, reverse=True)
    return "|".join("".join(_SIGNS.get(sign, re.escape(sign)) for sign in word) for word in words)


def says(meaning: str, text: str) -> bool:
    """Whether a text has one of the words of a meaning."""
    return re.search(any_of(meaning), text, re.IGNORECASE) is not None
