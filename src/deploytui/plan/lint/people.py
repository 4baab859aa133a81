"""Whom to call: contacts that nobody filled in, roles that sign and cannot be reached."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from deploytui.plan.lint.subject import WARNING, Hit, Subject, rule
from deploytui.plan.model import Contact, SignoffRole

_MOST_STEPS = 20
_APPROVAL = re.compile(r"\bapprov(?:al|als|e|ed|es)\b", re.I)
_WORD = re.compile(r"[^\W_]+")
_SAME = {"tech": "technical", "mgr": "manager", "eng": "engineer", "administrator": "admin", "head": "lead"}


@rule(
    "contact-placeholder",
    WARNING,
    "at 3 AM nobody knows whom to call",
    "fill it in before the night, or take the contact out",
)
def _placeholder(subject: Subject) -> Iterator[Hit]:
    for contact in subject.plan.contacts:
        if missing := _missing(contact):
            who = f"{contact.role} ({contact.team})" if contact.team else contact.role
            *rest, last = missing
            nothing = f"{', '.join(rest)} or {last}" if rest else last
            yield Hit(contact.line, f"{who} has no {nothing}: the place for it is not filled in")


def _missing(contact: Contact) -> list[str]:
    """What nobody filled in and somebody will look for. An e-mail beside a phone is not looked for at night."""
    values = {"name": contact.name, "phone": contact.phone, "email": contact.email}
    places = contact.places or (() if any(values.values()) else ("name", "phone"))
    empty = [place for place in places if values[place] is None]
    if contact.phone is not None:
        empty = [place for place in empty if place != "email"]
    return empty


@rule(
    "signer-no-contact",
    WARNING,
    "the answer of this role is needed, and nobody knows how to get it",
    "add the role to the contacts with a name and a phone",
)
def _signer_no_contact(subject: Subject) -> Iterator[Hit]:
    signers = _signers(subject)
    if not subject.plan.contacts:
        if signers:
            names = ", ".join(signer.role for signer in signers[:5]) + (", …" if len(signers) > 5 else "")
            yield Hit(signers[0].line, f"there are no contacts for who signs: {names}")
        return
    known = {_words(contact.role) for contact in subject.plan.contacts}
    for signer in signers:
        if not _is_among(signer.role, known):
            yield Hit(
                signer.line, f"{signer.role} signs {signer.when} the deployment and is not among the contacts"
            )


def _signers(subject: Subject) -> list[SignoffRole]:
    """Each role once, where it is first named."""
    found: dict[frozenset[str], SignoffRole] = {}
    for signer in subject.plan.signoffs:
        found.setdefault(_words(signer.role), signer)
    return list(found.values())


@rule(
    "approver-no-phone",
    WARNING,
    "the decision waits for somebody who cannot be called",
    "add a phone, or name who decides when this person is not reached",
)
def _approver_no_phone(subject: Subject) -> Iterator[Hit]:
    signing = {_words(signer.role) for signer in subject.plan.signoffs}
    asked = _asked(subject)
    for contact in subject.plan.contacts:
        has_place = "phone" in contact.places or not (contact.places or contact.name or contact.email)
        if contact.phone is not None or has_place:
            continue
        named = (_words(contact.role), _words(contact.team))
        if _is_among(contact.role, signing) or any(
            words and words <= step for step in asked for words in named
        ):
            yield Hit(contact.line, f"{contact.role} approves, and has no phone among the contacts")


def _asked(subject: Subject) -> list[frozenset[str]]:
    """The words of the rollback steps that ask somebody: `Get stakeholder approval`."""
    steps = (item.text for item in subject.rollback_steps if _APPROVAL.search(item.text))
    return [_words(text) for text in islice(steps, _MOST_STEPS)]


def _words(role: str) -> frozenset[str]:
    found = (_SAME.get(word, word) for word in _WORD.findall(role.casefold()))
    return frozenset(word[:-1] if word.endswith("s") and len(word) > 3 else word for word in found)


def _is_among(role: str, roles: Collection[frozenset[str]]) -> bool:
    """`CTO` is `CTO (deputy)`, in either direction; `QA Manager` is not `Support Manager`."""
    words = _words(role)
    return bool(words) and (
        words in roles or any(other and (words <= other or other <= words) for other in roles)
    )
