"""What is masked on a shared screen, what is not, and that columns stay where they are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.base import mask as mask_module
from deploytui.base.mask import DOT, Mask

# The text, and what of it must not be readable any more.
SECRETS = [
    ("Ana +49 170 1234567 on call", "170 1234567"),
    ("call 0049 30 901820", "30 901820"),
    ("DBA (030) 901 820 17", "901 820"),
    ("DBA (555) 123-4567", "123-4567"),
    ("555-123-4567", "123-4567"),
    ("1-800-555-0199 hotline", "555-0199"),
    ("phone: 555-0199", "555-0199"),
    ("0171/1234567", "1234567"),
    ("030 1234 5678", "1234 5678"),
    ("ana.silva+ops@example.com", "ana.silva"),
    ("to <ops@example.co.uk>, now", "ops@example"),
    ("Authorization: Bearer abc123def456ghi789", "abc123def456ghi789"),
    ("authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    ("curl -H 'X-Auth-Token: 9f8e7d6c5b4a'", "9f8e7d6c5b4a"),
    ("api_key=sk_live_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyjWDarjtT1zdp7dc"),
    ("key=s3cr3tvalue", "s3cr3tvalue"),
    ("DB_PASSWORD=hunter2", "hunter2"),
    ('{"client_secret": "a1b2c3d4e5"}', "a1b2c3d4e5"),
    ("password: hunter", "hunter"),
    ("deploy --token abcd1234 --now", "abcd1234"),
    ("AWS AKIAIOSFODNN7EXAMPLE", "IOSFODNN7EXAMPLE"),
    ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N", "eyJzdWIiOiIxMjM0In0"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912E7710c838347Ae178B4a"),
    ("glpat-abcdefghij0123456789", "abcdefghij0123456789"),
    ("xoxb-123456789012-abcdef", "123456789012"),
    ("the signing key is 9f86d081884c7d659a2feaa0c55ad015", "9f86d081884c7d659a2feaa0c55ad015"),
    ("secret: Zm9vYmFyYmF6cXV4MTIzNA==", "Zm9vYmFyYmF6cXV4MTIzNA=="),
    ("https://ana:pa55@db.example/health", "ana:pa55"),
    ("postgres://deploy:p/w0rd@db.internal:5432/x", "p/w0rd"),
    ("https://h.example/api?page=2&sig=abc#top", "abc"),
    ("GET /health?verbose=yes", "yes"),
    ("otp: 48ab20", "48ab20"),
    ("dsn: a8f3/x9Q", "a8f3/x9Q"),
    ("session_id: 9f8e7d6c", "9f8e7d6c"),
    ("Negotiate YIIZ-99ab", "YIIZ-99ab"),
    ("2025-11-22T02:00:00Z ana calls 0171 1234567", "1234567"),
]

PLAIN = [
    "02:42:07 UTC   03:42:07 CET", "Sat 22 Nov  02:42:07Z", "2025-11-22", "2025-11-22T02:00:00Z", "22.11.2025",
    "22.11.2025 02:00", "11/22/2025", "2025-11-22 02:00 - 2025-11-22 04:00", "00:00 ✓ Pre-Deployment        2 h",
    "2 of 476", "error rate 0.42 % (2 of 476), ok < 0.1, for 37 s", "0 of 8 · 1 FAILED", "1 h 17", "90s", "1h30m",
    "3 of 10 min", "T+30 min", "go-live +42 min", "go-live -1 h 05", "99.95 %", "100%", "< 500 ms", "1,234,567 rows",
    "10 000 000 rows", "4.2.0", "v4.2.0-rc.1+build.7", "Python 3.11.7", "SalesSync 4.2", "build 20251122.3",
    "step 06", "05 Start application services", "CHG0012345", "INC-1234567", "PR #12345678", "ticket 48151623",
    "db-01.internal.example", "api.example.com:8443", "https://api.example.com/health", "10.0.12.7:5432",
    "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "head 9f86d0818 84c", "550e8400-e29b-41d4-a716-446655440000",
    "300-1000 requests", "ports 8000-8080", "2 x 3 = 6", "CPU usage normal (< 50%)", "Response times < 500ms",
    "Basic authentication works", "Bearer certificates checked", "Secret rotation is done", "Key: Enter",
    "Tokens: rotated for all services", "Passwords: rotated for all services", "keyboard: unlocked",
    "git@github.com:org/repo", "git@github.com:/repo.git", "https://medium.com/@name/story",
    "@ana please", "a@b", "0xDEADBEEF", "checksum ok: a1b2", "monitoring: 5 of 5 checks",
    "ROLLBACK FITS UNTIL 03:25Z, 42 min left", "2025 11 22", "1.000.000", "07 3 of 10", "p95 = 212 ms", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_is_masked_and_counted(text: str, secret: str) -> None:
    masked, count = Mask().apply(text)
    assert secret not in masked
    assert count >= 1
    assert len(masked) == len(text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert Mask().apply(text) == (text, 0)


def test_what_stands_around_a_secret_stays_readable() -> None:
    masked, _ = Mask().apply("https://ana:pa55@db.example/health?token=abcd")
    assert masked == f"https://{DOT * 8}@db.example/health?token={DOT * 4}"
    assert Mask().apply("Ana +49 170 1234567, DBA") == (f"Ana {DOT * 15}, DBA", 1)


def test_the_plans_own_list_is_taken_literally_and_whatever_the_case() -> None:
    mask = Mask(("ACME GmbH", "a.c", " "))
    assert mask.apply("for acme gmbh and abc and a.c") == (f"for {DOT * 9} and abc and {DOT * 3}", 2)


def test_a_masked_wide_name_keeps_its_cells() -> None:
    masked, count = Mask(("東京",)).apply("site 東京 up")
    assert (masked, count) == (f"site {DOT * 4} up", 1)


def test_masking_twice_changes_nothing() -> None:
    mask = Mask(("ACME",))
    for text, _ in SECRETS:
        once, _ = mask.apply(f"ACME {text}")
        assert mask.apply(once) == (once, 0)


@given(st.text(max_size=200))
def test_any_text_keeps_its_length_and_never_fails(text: str) -> None:
    masked, count = Mask().apply(text)
    assert (masked == text) == (count == 0)
    if text.isascii():
        assert len(masked) == len(text)


def test_a_long_hostile_text_takes_no_time() -> None:
    mask = Mask()
    for text in (
        "a" * 20_000,
        "0" * 20_000,
        "key=" * 5_000,
        "a.b-" * 5_000,
        "https://" + "a" * 20_000,
        "eyJ" * 6_000,
    ):
        started_s = time.perf_counter()
        mask.apply(text)
        assert time.perf_counter() - started_s < 1.0


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_the_look_that_saves_time_lets_every_secret_through(text: str, secret: str) -> None:
    """What is not worth a closer look is never masked: the short look must know all that the rules know."""
    assert mask_module._MAY_BE_SECRET.search(text) or mask_module._MAY_BE_PHONE.search(text), secret


def test_the_rules_are_only_made_for_a_text_that_needs_them() -> None:
    mask_module._rules.cache_clear()
    mask_module._phone.cache_clear()
    Mask().apply("02:00:00Z ANA ▶ session opened, go-live 2026-11-24T02:00:00Z")
    assert mask_module._rules.cache_info().currsize == mask_module._phone.cache_info().currsize == 0
    Mask().apply("password=hunter22")
    assert mask_module._rules.cache_info().currsize == 1
