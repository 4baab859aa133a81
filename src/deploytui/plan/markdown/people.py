"""Whom to call and who signs: contact lines, contact tables, sign-off tables and signature lines."""

from __future__ import annotations

import re

from msgspec import Struct

from deploytui.plan.markdown.block import Block, Listing, Paragraph, Table
from deploytui.plan.markdown.role import POST, PRE, Role, stage_votes
from deploytui.plan.markdown.section import Left, Section
from deploytui.plan.markdown.table import Use, calling_rows, signing_rows, use_of
from deploytui.plan.markdown.task import Reader

_FIELD = re.compile(
    r"^\s*(?:[-*+]\s+)?(?P<bold>\*\*|__)?(?P<key>[^:*_|`]{2,60}?)\s*:?\s*(?(bold)(?:\*\*"
    r"|__))\s*:?\s*(?<=[:*_])\s*(?P<value>\S.*)$"
)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+|\[[^\]]*e-?mail[^\]]*\]", re.I)
_PHONE = re.compile(r"\+?[\d(][\d ()./-]{5,}\d|\[[^\]]*(?:phone|tel|mobile|number|pager)[^\]]*\]", re.I)
# A path, or a sentence, is nobody to call.
_NO_PERSON = re.compile(r"^[./~]*/?[\w.-]+/[\w./-]+$|^\S+\.(?:md|txt|pdf|html?)$|(?:\S+\s+){9}\S")
_NO_ROLE = re.compile(
    r"(?:important|note|notes|warning|hint|tip|attention|documentation|runbook|dashboard|wiki|wichtig|hinweis|важно"
    r"|внимание|примечание|重要|注意)\b",
    re.I,
)
_HANDLE = re.compile(r"(?:^|[\s(])[@#][\w<-]|\[[^\]]*\]|_{3,}")
_PHONE_HEAD = re.compile(r"phone|tel|mobile|hotline|pager|handy|телефон", re.I)
_EMAIL_HEAD = re.compile(r"e-?mail|почта", re.I)
_NAME_HEAD = re.compile(r"name|primary|person|contact|who", re.I)
_PARTS = re.compile(r"\s+[-–—|·/]\s+|\s*\|\s*|\s*[,;]\s+")
_SIGNER = re.compile(
    r"lead|manager|owner|officer|engineer|director|team|sponsor|commander|reviewer|approver"
    r"|stakeholder|operator|head|representative|administrator|"
    r"\b(?:qa|dba|cto|ceo|coo|cio|vp|pm|sre|devops|security|product|release|legal|compliance"
    r"|signature)\b|leiter|verantwortlich|руковод|責任者|담당",
    re.I,
)
_NOT_SIGNER = re.compile(
    r"\b(?:date|time|status|notes?|decision|comments?|version|required|issues?|completion|reason|url"
    r"|link|id|ticket|duration)\b",
    re.I,
)
_BLANKS = re.compile(r"_{3,}|\[[^\]]*\]|^\s*$")
_SIGNED = re.compile(r"\s*(?:signature|sign-?off|signed by|approval|approved by|unterschrift)\s*$", re.I)


class Contact(Struct, frozen=True):
    team: str
    role: str
    name: str
    phone: str
    email: str
    line: int


class Signoff(Struct, frozen=True):
    when: str
    role: str
    name: str
    line: int


class People(Struct):
    contacts: list[Contact]
    signoffs: list[Signoff]


def read_people(root: Section, reader: Reader) -> People:
    """Take the people out of what is left of the sections."""
    people = People([], [])
    for section in root.walk():
        kept: list[Left] = []
        for left in section.left:
            if not _take(left, section, people, reader):
                kept.append(left)
        section.left = kept
    return people


def _take(left: Left, section: Section, people: People, reader: Reader) -> bool:
    signing, calling = section.role is Role.SIGNOFFS, section.role is Role.CONTACTS
    block = left.block
    if isinstance(block, Table):
        use = use_of(block, reader, is_signing=signing, is_calling=calling)
        if use is Use.SIGNOFFS:
            when = _when(section)
            slots = [Signoff(when, role, name, line) for line, role, name in signing_rows(block, reader)]
            people.signoffs += slots
            reader.trace.say(
                block.line,
                " | ".join(block.header),
                f"a sign-off table: {len(slots)} roles {when} the deployment",
            )
            return bool(slots)
        if use is Use.CONTACTS:
            found = [
                _of_cells(line, role, cells, _team(section, left))
                for line, role, cells in calling_rows(block, reader)
            ]
            people.contacts += found
            reader.trace.say(block.line, " | ".join(block.header), f"a contact table: {len(found)} contacts")
            return bool(found)
        return False
    if calling:
        return _take_contacts(left, section, people, reader)
    return signing and _take_signers(left, section, people, reader)


def _when(section: Section) -> str:
    """Before or after, by the nearest heading that says so; a sign-off that says nothing is one before."""
    for title in (section.title, *(upper.title for upper in section.above())):
        votes = stage_votes(title)
        if votes[POST] or re.search(r"complet|final acceptance|closing|closure|\bafter\b", title, re.I):
            return "after"
        if votes[PRE]:
            return "before"
    return "before"


def _team(section: Section, left: Left) -> str:
    return left.label or section.title or "Contacts"


def _lines(block: Block) -> list[tuple[int, str]] | None:
    """Paragraph lines or list entries of one paragraph, with their line numbers."""
    if isinstance(block, Paragraph):
        return [(block.line + offset, line) for offset, line in enumerate(block.lines)]
    if not isinstance(block, Listing):
        return None
    lines: list[tuple[int, str]] = []
    for entry in block.entries:
        if len(entry.blocks) != 1 or not isinstance(entry.blocks[0], Paragraph):
            return None
        lines.append((entry.line, " ".join(part.strip() for part in entry.blocks[0].lines)))
    return lines


def _take_contacts(left: Left, section: Section, people: People, reader: Reader) -> bool:
    lines = _lines(left.block)
    if lines is None:
        return False
    found = [_contact(number, line, _team(section, left), reader) for number, line in lines]
    contacts = [contact for contact in found if contact is not None]
    if len(contacts) * 2 < len(lines) or not contacts or not _are_people(lines, contacts):
        return False
    people.contacts += contacts
    reader.trace.say(contacts[0].line, lines[0][1], f"contacts: {len(contacts)}")
    rest = [line for (_, line), contact in zip(lines, found, strict=True) if contact is None]
    if rest:
        section.left.append(Left(Paragraph(rest, left.line), left.label, left.line))
    return True


def _are_people(lines: list[tuple[int, str]], contacts: list[Contact]) -> bool:
    """Somebody can be reached, a place for it is kept, or there are names and nothing else."""
    if any(_EMAIL.search(line) or _PHONE.search(line) or _HANDLE.search(line) for _, line in lines):
        return True
    return all(len(contact.name.split()) <= 4 for contact in contacts)


def _contact(number: int, line: str, team: str, reader: Reader) -> Contact | None:
    match = _FIELD.match(line)
    if match is None or len(match["key"].split()) > 6:
        return None
    role, value = reader.plain(match["key"]), reader.plain(match["value"])
    if _NO_PERSON.search(value) or _NO_ROLE.match(role):
        return None
    name = phone = email = ""
    for part in _PARTS.split(value):
        part = part.strip()
        if not part:
            continue
        if not email and (found := _EMAIL.search(part)):
            email = found.group()
            part = part.replace(email, "").strip(" ()<>:")
            part = re.sub(r"^(?:e-?mail)$", "", part, flags=re.I)
        elif not phone and (found := _PHONE.search(part)):
            phone = found.group()
            part = re.sub(
                r"^(?:phone|tel|mobile|cell)\.?:?$", "", part.replace(phone, "").strip(" ():"), flags=re.I
            )
        if part:
            name = f"{name}, {part}" if name else part
    return Contact(team, role, name, phone, email, number)


def _of_cells(line: int, role: str, cells: list[tuple[str, str]], team: str) -> Contact:
    name = phone = email = ""
    more: list[str] = []
    for head, cell in cells:
        if not email and (_EMAIL_HEAD.search(head) or _EMAIL.search(cell)):
            email = cell
        elif not phone and (_PHONE_HEAD.search(head) or _PHONE.fullmatch(cell)):
            phone = cell
        elif not name and _NAME_HEAD.search(head):
            name = cell
        else:
            more.append(f"{head}: {cell}" if head else cell)
    if more:
        name = ", ".join([name, *more]) if name else ", ".join(more)
    return Contact(team, role, name, phone, email, line)


def _take_signers(left: Left, section: Section, people: People, reader: Reader) -> bool:
    """Lines such as `**QA Lead:** ____ Date: ____`."""
    lines = _lines(left.block)
    if lines is None:
        return False
    found = [_signer(number, line, section, reader) for number, line in lines]
    slots = [slot for slot in found if slot is not None]
    if not slots:
        return False
    people.signoffs += slots
    reader.trace.say(
        slots[0].line, lines[0][1], f"signature lines: {len(slots)} roles {slots[0].when} the deployment"
    )
    rest = [line for (_, line), slot in zip(lines, found, strict=True) if slot is None]
    if rest:
        section.left.append(Left(Paragraph(rest, left.line), left.label, left.line))
    return True


def _signer(number: int, line: str, section: Section, reader: Reader) -> Signoff | None:
    match = _FIELD.match(line)
    if (
        match is None
        or not _BLANKS.search(match["value"])
        or _NOT_SIGNER.search(match["key"])
        or not _SIGNER.search(match["key"])
    ):
        return None
    role = reader.plain(match["key"])
    role = _SIGNED.sub("", role).strip() or role
    reader.trace.imported(number)
    return Signoff(_when(section), role, "", number)


def signer_of_item(text: str) -> str:
    """The role in an item such as `DevOps: ______ Date: ____`, or nothing."""
    match = re.match(r"([^:]{2,40}):\s*(?:_{3,}|\[[^\]]*\])", text)
    if match and _SIGNER.search(match[1]) and not _NOT_SIGNER.search(match[1]):
        return _SIGNED.sub("", match[1]).strip()
    return ""
