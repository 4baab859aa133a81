"""Whom to call, who signs and who does what: lines, tables, and `**Owner:** Kim` below a heading."""

from __future__ import annotations

import re

from msgspec import Struct

from deploytui.plan.markdown.block import Block, Listing, Paragraph, Table
from deploytui.plan.markdown.reader import Reader
from deploytui.plan.markdown.section import POST, PRE, Left, Role, Section, stage_votes
from deploytui.plan.markdown.table import Use, grid_of, role_rows, use_of
from deploytui.plan.markdown.wording import stated_owner
from deploytui.plan.markdown.words import any_of, says
from deploytui.plan.model import Contact, SignoffRole

_FIELD = re.compile(
    r"^\s*(?:[-*+]\s+)?(?P<bold>\*\*|__)?(?P<key>[^:*_|`]{2,60}?)\s*:?\s*(?(bold)(?:\*\*"
    r"|__))\s*:?\s*(?<=[:*_])\s*(?P<value>\S.*)$"
)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+|\[[^\]]*e-?mail[^\]]*\]", re.I)
_PHONE = re.compile(r"\+?[\d(][\d ()./-]{5,}\d|\[[^\]]*(?:phone|tel|mobile|number|pager)[^\]]*\]", re.I)
# What is left of a part when its address or number is taken out is a name, unless it only says what that was.
_REACH_WORD = re.compile(r"^(?:e-?mail|(?:phone|tel|mobile|cell)\.?:?)$", re.I)
# A path, or a sentence, is nobody to call.
_NO_PERSON = re.compile(r"^[./~]*/?[\w.-]+/[\w./-]+$|^\S+\.(?:md|txt|pdf|html?)$|(?:\S+\s+){9}\S")
_HANDLE = re.compile(r"(?:^|[\s(])@[\w<-]|(?:^|[\s(])#[\w<-]|\[[^\]]*\]|_{3,}")
_PARTS = re.compile(r"\s+[-–—|·/]\s+|\s*\|\s*|\s*[,;]\s+")
_BLANKS = re.compile(r"_{3,}|\[[^\]]*\]|^\s*$")
_SIGNED = re.compile(rf"\s*(?:{any_of('signature')})\s*$", re.I)


class People(Struct):
    contacts: list[Contact]
    signoffs: list[SignoffRole]


def read_people(root: Section, reader: Reader) -> People:
    """Take the people out of what is left of the sections; a role that is to sign twice signs once."""
    people = People([], [])
    for section in root.walk():
        section.keep(lambda left, section=section: _keep(left, section, people, reader))  # type: ignore[misc]
    for section in root.walk():
        for task in section.own_tasks():
            if role := _signer_of_item(task.text):
                people.signoffs.append(SignoffRole("before", role, "", task.line))
    first = {(slot.when, slot.role): slot for slot in reversed(people.signoffs)}
    people.signoffs = list(reversed(first.values()))
    return people


def _keep(left: Left, section: Section, people: People, reader: Reader) -> list[Left]:
    """What is left of a block when the people are taken out."""
    if isinstance(left.block, Table):
        return [] if _take_table(left.block, left, section, people, reader) else [left]
    lines = _lines(left.block)
    taken: dict[int, Contact | SignoffRole] = {}
    for number, line in lines:
        found: Contact | SignoffRole | None = None
        if section.role is Role.CONTACTS:
            found = _contact(number, line, _team(section, left), reader)
        elif section.role is Role.SIGNOFFS:
            found = _signer(number, line, section, reader)
        if found is not None:
            taken[number] = found
    contacts = [one for one in taken.values() if isinstance(one, Contact)]
    signers = [one for one in taken.values() if isinstance(one, SignoffRole)]
    if not taken or (contacts and (len(contacts) * 2 < len(lines) or not _are_people(lines, contacts))):
        return [left]
    people.contacts += contacts
    people.signoffs += signers
    said = f"contacts: {len(contacts)}"
    if signers:
        said = f"signature lines: {len(signers)} roles {signers[0].when} the deployment"
    reader.trace.say(min(taken), lines[0][1], said)
    return left.only([line for number, line in lines if number not in taken])


def _take_table(block: Table, left: Left, section: Section, people: People, reader: Reader) -> bool:
    grid = grid_of(block, reader)
    use, when, team = use_of(grid, section.role), _when(section), _team(section, left)
    if use not in (Use.SIGNOFFS, Use.CONTACTS):
        return False
    rows = list(role_rows(grid))
    said = f"a contact table: {len(rows)} contacts"
    for row, role, name, cells in rows:
        if use is Use.CONTACTS:
            people.contacts.append(_of_cells(row.line, role, cells, team))
        else:
            people.signoffs.append(SignoffRole(when, role, name, row.line))
            reader.trace.imported(row.line)
            said = f"a sign-off table: {len(rows)} roles {when} the deployment"
    if rows:
        reader.trace.say(block.line, " | ".join(block.header), said)
    return bool(rows)


def _when(section: Section) -> str:
    """Before or after, by the nearest heading that says so; a sign-off that says nothing is one before."""
    for title in section.titles():
        votes = stage_votes(title)
        if votes[POST] or votes[PRE] or says("after all", title):
            return "after" if votes[POST] or says("after all", title) else "before"
    return "before"


def _team(section: Section, left: Left) -> str:
    return left.label or section.title or "Contacts"


def _lines(block: Block) -> list[tuple[int, str]]:
    """Paragraph lines or list entries of one paragraph, with their line numbers."""
    if isinstance(block, Paragraph):
        return [(block.line + offset, line) for offset, line in enumerate(block.lines)]
    return block.lines() if isinstance(block, Listing) else []


def _are_people(lines: list[tuple[int, str]], contacts: list[Contact]) -> bool:
    """Somebody can be reached, a place for it is kept, or there are names and nothing else."""
    is_reached = any(way.search(line) for way in (_EMAIL, _PHONE, _HANDLE) for _, line in lines)
    return is_reached or all(len((contact.name or "").split()) <= 4 for contact in contacts)


def _contact(number: int, line: str, team: str, reader: Reader) -> Contact | None:
    match = _FIELD.match(line)
    if match is None or len(match["key"].split()) > 6:
        return None
    role, value = reader.plain(match["key"]), reader.plain(match["value"])
    if _NO_PERSON.search(value) or says("no role", role):
        return None
    names: list[str] = []
    reach = {"email": "", "phone": ""}
    for part in _PARTS.split(value):
        for key, pattern in (("email", _EMAIL), ("phone", _PHONE)):
            if not reach[key] and (found := pattern.search(part)):
                reach[key] = found.group()
                part = _REACH_WORD.sub("", part.replace(found.group(), "").strip(" ()<>:"))
                break
        names += [part.strip()] if part.strip() else []
    return Contact(team, role, ", ".join(names), reach["phone"], reach["email"], number)


def _of_cells(line: int, role: str, cells: list[tuple[str, str]], team: str) -> Contact:
    name = phone = email = ""
    more: list[str] = []
    for head, cell in cells:
        if not email and (says("email head", head) or _EMAIL.search(cell)):
            email = cell
        elif not phone and (says("phone head", head) or _PHONE.fullmatch(cell)):
            phone = cell
        elif not name and says("person head", head):
            name = cell
        else:
            more.append(f"{head}: {cell}" if head else cell)
    return Contact(team, role, ", ".join(filter(None, [name, *more])), phone, email, line)


def _is_signer(key: str) -> bool:
    return says("signer", key) and not says("no signer", key)


def _signer(number: int, line: str, section: Section, reader: Reader) -> SignoffRole | None:
    """A line such as `**QA Lead:** ____ Date: ____`."""
    match = _FIELD.match(line)
    if match is None or not _BLANKS.search(match["value"]) or not _is_signer(match["key"]):
        return None
    role = reader.plain(match["key"])
    reader.trace.imported(number)
    return SignoffRole(_when(section), _SIGNED.sub("", role).strip() or role, "", number)


def _signer_of_item(text: str) -> str:
    """The role in an item such as `DevOps: ______ Date: ____`, or nothing."""
    match = re.match(r"([^:]{2,40}):\s*(?:_{3,}|\[[^\]]*\])", text)
    return _SIGNED.sub("", match[1]).strip() if match and _is_signer(match[1]) else ""


def take_owners(root: Section, reader: Reader) -> None:
    """Give sections with something to do their owner: a line of its own, in a paragraph or as the only bullet."""
    for section in root.walk():
        if section.role is None and section.title and section.has_items():
            section.left = [one for left in section.left for one in _take_owner(left, section, reader)]


def _take_owner(left: Left, section: Section, reader: Reader) -> list[Left]:
    block = left.block
    if isinstance(block, Listing) and len(block.entries) == 1 and len(block.entries[0].blocks) == 1:
        block = block.entries[0].blocks[0]
    is_line = isinstance(block, Paragraph) and not left.label
    found = [(line, reader.plain(text)) for line, text in _lines(block)] if is_line else []
    owners = [(line, text, owner) for line, text in found if (owner := stated_owner(text))]
    if not owners or section.owner:
        return [left]
    line, text, section.owner = owners[0]
    reader.trace.say(line, text, f"the owner of {section.title}: {section.owner}")
    rest = [(number, other) for number, other in found if number != line]
    return [Left(Paragraph([other for _, other in rest], rest[0][0]))] if rest else []
