"""Contacts nobody filled in, and roles that sign and cannot be reached."""

from __future__ import annotations

import pytest

from deploytui.plan.lint import lint
from deploytui.plan.model import Contact, Plan, Stage, StageName
from tests.plan.lint.sample import SOUND, codes, line_of, lint_yaml, only, spoiled

ANA = 'role: Technical Lead, name: Ana Reyes, phone: "+1 555 0100", email: "[Email]"'
KIM = 'role: CTO, name: Kim Okafor, phone: "+1 555 0101"'


@pytest.mark.parametrize(
    ("contact", "missing"),
    [
        ('role: Technical Lead, name: "[Name]", phone: "[Phone]", email: "[Email]"', "name, phone or email"),
        ('role: Technical Lead, name: "____", phone: TBD', "name or phone"),
        ('role: Technical Lead, name: Ana, phone: "[Phone]"', "phone"),
        ('role: Technical Lead, name: "{{lead}}", phone: "+1 555 0100"', "name"),
        ('role: Technical Lead, name: Ana, phone: "", email: "[Email]"', "phone or email"),
    ],
)
def test_placeholders_where_contacts_are_needed(contact: str, missing: str) -> None:
    text = spoiled((ANA, contact))
    found = only(lint_yaml(text), "contact-placeholder")
    assert found.line == line_of(text, "role: Technical Lead, name")
    assert found.message == f"Technical Lead (Team) has no {missing}: the place for it is not filled in"


def test_a_place_that_is_not_there_is_not_missed() -> None:
    assert lint_yaml(SOUND) == (), "Kim has no place for an e-mail, Ana's is empty beside a phone"
    text = spoiled((KIM, "role: Support, email: help@example.org"), ("{role: CTO}", "{role: Technical Lead}"))
    assert lint_yaml(text) == ()


def test_a_contact_made_without_places_is_one_to_fill_in() -> None:
    stages = (
        Stage(StageName.PRE_DEPLOY, ()),
        Stage(StageName.EXECUTION, ()),
        Stage(StageName.POST_DEPLOY, ()),
    )
    plan = Plan(
        "Bare", stages, contacts=(Contact("Team", "DBA"), Contact("Team", "Lead", email="l@example.org"))
    )
    assert codes(lint(plan)) == ["contact-placeholder"]


def test_a_signing_role_without_a_contact() -> None:
    before = "before: [{role: Technical Lead}, {role: CTO}]"
    text = spoiled((before, f"{before}\n  after: [{{role: QA Manager}}, {{role: qa manager}}]"))
    found = only(lint_yaml(text), "signer-no-contact")
    assert found.line == line_of(text, "QA Manager")
    assert "QA Manager signs after the deployment" in found.message


@pytest.mark.parametrize(
    "role", ["Tech Lead", "technical lead", "CTO (deputy)", "Technical Lead / Architect"]
)
def test_a_role_is_known_by_its_words(role: str) -> None:
    assert lint_yaml(spoiled(("{role: CTO}", f'{{role: "{role}"}}'))) == ()


@pytest.mark.parametrize("role", ["QA Lead", "Support Manager", "CEO"])
def test_a_role_that_only_looks_alike_is_another(role: str) -> None:
    assert codes(lint_yaml(spoiled(("{role: CTO}", f"{{role: {role}}}")))) == ["signer-no-contact"]


def test_without_any_contacts_it_is_one_finding() -> None:
    text = SOUND[: SOUND.index("contacts:")] + SOUND[SOUND.index("signoffs:") :]
    found = only(lint_yaml(text), "signer-no-contact")
    assert "Technical Lead, CTO" in found.message
    assert codes(lint_yaml(text)) == ["signer-no-contact"]


def test_an_approver_without_a_phone() -> None:
    text = spoiled((KIM, "role: CTO, name: Kim Okafor, email: kim@example.org"))
    found = only(lint_yaml(text), "approver-no-phone")
    assert found.line == line_of(text, "Kim Okafor")


def test_who_does_not_sign_needs_no_phone() -> None:
    text = spoiled((KIM, KIM + "}\n  - {team: Team, role: Archivist, name: Lee, email: lee@example.org"))
    assert lint_yaml(text) == ()


def test_a_phone_to_fill_in_is_reported_once() -> None:
    text = spoiled((KIM, 'role: CTO, name: Kim Okafor, phone: "[Phone]"'))
    assert codes(lint_yaml(text)) == ["contact-placeholder"]


@pytest.mark.parametrize(("text", "is_asked"), [("Get stakeholder approval", True), ("Get approval of the archivist", True),
                                                ("Tell the stakeholders", False), ("Get approval", False)])  # fmt: skip
def test_whom_the_rollback_asks_for_approval_needs_a_phone(text: str, is_asked: bool) -> None:
    archivist = "{team: Stakeholders, role: Archivist, name: Lee, email: lee@example.org}"
    plan = spoiled((KIM, KIM + "}\n  - " + archivist[:-1]), ("text: Decide}]", f"text: {text}}}]"))
    assert codes(lint_yaml(plan)) == (["approver-no-phone"] if is_asked else [])
