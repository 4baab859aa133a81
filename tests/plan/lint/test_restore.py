"""What a restore takes, and what it would lose: by marks where a plan has them, else by the words."""

from __future__ import annotations

import pytest

from deploytui.plan.lint.deed import (
    lets_traffic_in,
    restores_data,
    starts_application,
    stops_application,
    takes_backup,
)
from tests.plan.lint.sample import SOUND, codes, line_of, lint_yaml, only, spoiled

BACKUP = "            - {id: exec.backup, text: Database backed up, marks: [backup], duration: 10m}\n"
DECIDE = "            - {id: pre.go, text: Decide, gate: {roles: before}}\n"


def moved_backup(item: str = BACKUP) -> str:
    return spoiled((BACKUP, ""), (DECIDE, item + DECIDE))


def test_a_restore_whose_time_was_never_measured() -> None:
    text = spoiled(("Restore database backup, duration: 20m", "Restore database backup"))
    found = only(lint_yaml(text), "restore-unmeasured")
    assert (found.item, found.line) == ("rb2.restore", line_of(text, "rb2.restore"))


def test_a_duration_in_the_text_is_one() -> None:
    assert (
        lint_yaml(spoiled(("Restore database backup, duration: 20m", "Restore database backup (20 min)")))
        == ()
    )


def test_a_backup_before_the_application_stops() -> None:
    text = moved_backup()
    found = only(lint_yaml(text), "backup-before-stop")
    assert (found.item, found.line) == ("exec.backup", line_of(text, "id: exec.backup"))
    assert f"line {line_of(text, 'id: exec.stop,')}" in found.message


def test_a_point_in_time_loses_nothing() -> None:
    assert lint_yaml(moved_backup().replace("restore: backup", "restore: pitr")) == ()


def test_a_second_backup_after_the_stop_is_enough() -> None:
    first = BACKUP.replace("exec.backup", "pre.backup")
    assert lint_yaml(spoiled((DECIDE, first + DECIDE))) == ()


def test_a_service_that_is_never_stopped_is_no_finding() -> None:
    text = moved_backup().replace("Stop the application, marks: [stops]", "Drain the first instance")
    assert "backup-before-stop" not in codes(lint_yaml(text))


def test_words_do_where_there_are_no_marks() -> None:
    text = moved_backup(BACKUP.replace(", marks: [backup]", "")).replace(", marks: [stops]", "")
    assert only(lint_yaml(text), "backup-before-stop").item == "exec.backup"


def test_no_item_that_marks_first_traffic() -> None:
    text = spoiled(("Start the application, marks: [traffic]", "Start the application"))
    found = only(lint_yaml(text), "no-traffic-item")
    assert found.line == line_of(text, "- phase: Deployment")


def test_an_item_that_only_says_so_should_be_marked() -> None:
    text = spoiled(("Start the application, marks: [traffic]", "Switch the traffic over"))
    found = only(lint_yaml(text), "no-traffic-item")
    assert found.item == "exec.start"
    assert "exec.start" in found.proposal


@pytest.mark.parametrize("restore", ["restore: pitr", "restore: backup"])
def test_first_traffic_matters_only_where_a_backup_is_restored(restore: str) -> None:
    text = SOUND.replace("Start the application, marks: [traffic]", "Start the application")
    text = text.replace("restore: backup", restore)
    assert ("no-traffic-item" in codes(lint_yaml(text))) == (restore == "restore: backup")


@pytest.mark.parametrize(
    "text",
    [
        "Stop current application (if upgrading)", "Step 1: Stop current application", "Shut down the API servers",
        "Enable maintenance mode", "Put the site into maintenance mode", "Take the application offline",
        "3. Gracefully stop services", "Stop all running containers",
    ],
)  # fmt: skip
def test_what_stops_the_application(text: str) -> None:
    assert stops_application(text)


@pytest.mark.parametrize(
    "text",
    [
        "Stop the deployment if tests fail", "Stop the old application", "Application stops gracefully under load",
        "Shut down staging servers", "Nothing to stop", "Verify services are running", "Stop and think",
        "Stop services if the tests fail",
    ],
)  # fmt: skip
def test_what_does_not_stop_it(text: str) -> None:
    assert not stops_application(text)


@pytest.mark.parametrize(
    "text",
    ["Database backed up", "Take a full database backup", "Back up production data", "Snapshot taken",
     "Create DB snapshot", "Current system backed up", "Run `pg_dump` and make a backup", "Database dumped"],
)  # fmt: skip
def test_what_takes_a_backup(text: str) -> None:
    assert takes_backup(text)


@pytest.mark.parametrize(
    "text",
    ["Automated daily backups scheduled", "Database backup strategy implemented", "Backup storage provisioned",
     "Backup and restore tested", "Verify backup completion", "Backup verification", "Backup plan written",
     "Restore database backup", "Backups enabled"],
)  # fmt: skip
def test_what_takes_none(text: str) -> None:
    assert not takes_backup(text)


@pytest.mark.parametrize(
    ("text", "is_restore"),
    [
        ("Restore database backup (if needed)", True), ("Restore from the last snapshot", True),
        ("Database restored from dump", True), ("Run pg_restore", True), ("Restore to a point in time", True),
        ("Restore previous code version", False), ("Restore service", False), ("Restart application", False),
    ],
)  # fmt: skip
def test_what_restores_data(text: str, is_restore: bool) -> None:
    assert restores_data(text) == is_restore


@pytest.mark.parametrize(
    ("text", "is_traffic"),
    [
        ("Give it 10 % of the traffic", True), ("Switch traffic to green", True), ("Disable maintenance mode", True),
        ("Switch DNS to the new cluster", True), ("Open the shop to users", True), ("Traffic routed to v2", True),
        ("Start application services", False), ("User login successful", False), ("Maintenance window announced", False),
        ("First production transactions verified", False), ("Load balancer configured", False), ("Monitor traffic", False),
    ],
)  # fmt: skip
def test_what_lets_users_in(text: str, is_traffic: bool) -> None:
    assert lets_traffic_in(text) == is_traffic


def test_what_starts_the_application() -> None:
    assert starts_application("Step 5: Start application services")
    assert starts_application("Restart the API")
    assert not starts_application("Application starts successfully")
