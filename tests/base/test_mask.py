"""What is masked on a shared screen, what is not, and that columns stay where they are."""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
import time
from difflib import SequenceMatcher
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from deploytui.base import mask as mask_module
from deploytui.base.mask import DOT, URL_SAFE, Mask, NoMask
from deploytui.plan.model import Item, Mark

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
    ("0171 5551234 / 0171 5559876", "5559876"),
    ("0171 5551234/0171 5559876", "5559876"),
    ("0171 5551234 0171 5559876", "5559876"),
    ("+49 171 555123 / 0171 5559876", "5559876"),
    ("tel:+49 171 5551234", "5551234"),
    ('the shared key": tel:+49 30 9115114>', "30 9115114"),
    ('literal-secret: "tel:+49 30 9729713*" in the source', "30 9729713"),
    ("Tel.:0171/5551234", "5551234"),
    ("0171 5551234: Kim", "5551234"),
    ("+49 30 1234567:Kim", "1234567"),
    ("+49 (0)171 5551234", "5551234"),
    ("0171 / 5551234", "5551234"),
    ("01 23 45 67 89", "45 67"),
    ("06 12345678", "12345678"),
    ("redis://:pw12345@cache.internal:6379/0", "pw12345"),
    ("https://u:pw12345@h/x", "pw12345"),
    ("postgres://deploy:p@ss#12@db/x", "ss#12"),
    (r"https\://u\:pw12345\@h/x", "pw12345"),
    (r"kim\@example.com", "kim"),
    ("mail=kim%40example.com", "kim"),
    ("kim@example.com: please call", "kim"),
    ("ask kim@exam…", "kim"),
    ("gho_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912"),
    ("ghu_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912"),
    ("ghs_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912"),
    ("ghr_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912"),
    ("x_ghp_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912"),
    ("ghp_16C7e…", "16C7e"),
    ("github_pat_11ABCDEFG0_abcdefghijklmnopqrstuvwxyz", "11ABCDEFG0_abc"),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyj"),
    ("sk_test_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyj"),
    ("rk_live_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyj"),
    ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKY"),
    ("sk-proj-abcdefghij0123456789", "abcdefghij0123456789"),
    ("ASIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
    ("AKIAIOSFODNN7EXAMPLE / wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"),
    ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj", "IBADANBgkqhkiG9w0B"),
    ("xoxp-1234567890-abcdefghij", "1234567890"),
    ("xapp-1-A012345-6789-abcdef", "A012345"),
    ("xoxe.xoxp-1-Mi0yLTEyMzQ1Ng", "Mi0yLTEy"),
    ("https://hooks.slack.com/services/T0001/B0002/XXabcdef", "B0002/XXabcdef"),
    ("npm_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnop"),
    ('db_password="my own secret"', "own secret"),
    ("deploy --db-password hunter2", "hunter2"),
    ("password: hunter\nsecond line", "hunter"),
    ("-----BEGIN PRIVATE KEY-----\nMIIEvQ\nabc+/=\n-----END PRIVATE KEY-----", "abc+/="),
    ("-----BEGIN RSA PRIVATE KEY----- MIIEvQ abc -----END RSA PRIVATE KEY-----", "MIIEvQ"),
    ("_0171 5551234_", "5551234"),
    ("*_AKIAIOSFODNN7EXAMPLE_*", "IOSFODNN7"),
    ("_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_", "eyJzdWIiOiIxMjM0In0"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz", "b3BlbnNz"),
    ("+49\u00a0171\u00a05551234", "5551234"),
    ("+49\u202f171\u20115551234", "5551234"),
    ("0171\u20135551234", "5551234"),
    ("ftp://kim@shop.example:pw12345@host/x", "pw12345"),
    ("hvs.CAESIJabcdefghijklmnopqrstuvw0123456789", "CAESIJabcdef"),
    ("ya29.a0AfH6SMBabcdefghijklmnop-0123456789", "a0AfH6SMB"),
    ("GOCSPX-abcdefghijklmnopqrstuvwx12", "abcdefghijkl"),
    ("dckr_pat_abcdefghijklmnop0123456789", "abcdefghijkl"),
    ("DB_PASS=hunter2", "hunter2"),
    ("pass=hunter2", "hunter2"),
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
    "05 10 000 000 rows copied", "04 12345 orders", "01-02 .. 03-04", "05.12.2025 08:30",
    "pk_live_4eC39HqLyjWDarjtT1zdp7dc", "npm_config_registry is set",
    "disk_usage_of_the_database_host", "task-force-for-the-deployment-of-version-4",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
    "/opt/SalesSync/releases/Build20251122/bin/StartApplication", "JavaEnterpriseEdition8ServletContainerInitializerFactory",
    "https://app.example/AbC1/DeF2/GhI3/JkL4/MnO5/PqR6/StU7/VwX8", "the host:8080/path", "Asia and Europe", "xoxo to all",
    "the private key is on the smart card", "docker run -u 1000:1000", "port 8080: open", "deployed app@4.2.0", "root@10.0.12.7",
    "<Buffer a0 8b 01 00 00 00 50 32>", "ping-sha256: SIXvRyDmBJSgatgTQRGbInBaAK+hZOQ18UmrSwnDlK8=",
    'keys = "1 key and more"', "10.0.12.7: reachable",
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


def test_a_text_of_the_list_is_found_however_it_is_encoded() -> None:
    secret = 'hunter "2" & <Ä>/x'
    forms = [
        *(quote(secret, safe=safe) for safe in ("", "/", URL_SAFE)), quote_plus(secret),
        json.dumps(secret)[1:-1], html.escape(secret), shlex.quote(secret),
        *(b64(before + secret.encode() + after) for before in (b"", b"u", b"u:", b"usr") for after in (b"", b"x", b"xy")),
        base64.urlsafe_b64encode(b"?>" + secret.encode()).decode(),
    ]  # fmt: skip
    for form in forms:
        masked, count = Mask((secret,)).apply(f"it said {form}.")
        assert count == 1, form
        assert longest_common(masked, form) < 8
    assert Mask(("hunter22",)).apply(f"it said {b64(b'hunter2')}")[1] == 0


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def longest_common(one: str, other: str) -> int:
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size


def test_every_line_of_a_text_of_the_list_is_masked_alone_too() -> None:
    mask = Mask(("-----KEY-----\nMIIEvQIBADAN\n}",))
    assert mask.apply("line 2 is MIIEvQIBADAN, and }") == (f"line 2 is {DOT * 12}, and }}", 1)


def test_values_are_masked_and_what_a_program_works_with_is_not() -> None:
    mask = Mask(("acme",))
    value = {
        "id": "acme.1", "head": "acme" * 16, "at": "2025-11-22T02:00:00Z", "n": 1, "no": None,
        "text": "for acme", "by": ["acme"], "phone": "4711", "when": {"gauge": "acme", "why": "acme"}, "acme": True,
        "phase": "acme",
    }  # fmt: skip
    assert mask.value(value) == value | {
        "text": f"for {DOT * 4}", "by": [DOT * 4], "phone": DOT * 4, "when": {"gauge": "acme", "why": DOT * 4},
        "phase": DOT * 4,
    }  # fmt: skip
    assert mask.value(value, ("phase",))["phase"] == "acme"
    item = Item("acme.1", "for acme", marks=(Mark.STOPS,), needs=("acme.2",), items=(Item("x", "acme"),))
    assert mask.value(item) == replace(item, text=f"for {DOT * 4}", items=(Item("x", DOT * 4),))


def test_a_label_tells_that_what_follows_is_a_secret() -> None:
    assert Mask().pair("password", "hunter") == ("password", DOT * 6)
    assert Mask().pair("change", "CHG-1042") == ("change", "CHG-1042")
    assert Mask(("acme",)).pair("acme 東京", "for acme") == (f"{DOT * 4} 東京", f"for {DOT * 4}")


def test_who_asked_for_it_sees_everything() -> None:
    assert NoMask(("acme",)).text("acme, kim@example.com") == "acme, kim@example.com"
    assert NoMask().value({"phone": "4711"}) == {"phone": "4711"}
    assert NoMask().pair("password", "hunter") == ("password", "hunter")


HOSTILE = (
    "a", "0", "key", "key=", "a.b-", "https://a", "https://", "://a:b", "://", "eyJ", "0171 ", "01 ", "+4", "(030) ", "a@", "a.a",
    "@a.a",    "-----BEGIN PRIVATE KEY-----", "secret ", "secret: ", "bearer ", "?a=", "password: ", "--token ", "aA1", "aA1+/",
    "authorization: a ", "pwd\n", "sk-", "xoxb-", "a:", "=", "\"", "'", "\\", ".-", "password:" + " " * 50, "1 ", "1-", "SG.",
)  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE)
def test_a_hostile_text_takes_time_in_proportion_to_its_length(part: str) -> None:
    """A text of 20,000 characters with a spoiler behind it, so that what nearly fits fits nowhere."""
    mask = Mask(("hunter2", "db-1.internal"))
    for text in (part * (20_000 // len(part)), part * (20_000 // len(part)) + "\n!"):
        for again in (text, f"secret key authorization bearer @ = :// private key password {text}"):
            started_s = time.process_time()
            mask.apply(again)
            assert time.process_time() - started_s < 0.25


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_the_look_that_saves_time_lets_every_secret_through(text: str, secret: str) -> None:
    """What is not worth a closer look is never masked: the words to look for must be in all that a rule knows."""
    for signs, rules in mask_module._KINDS:
        for needles, rule in rules:
            if re.search(rule, text):
                assert any(sign in text.lower() for sign in signs), rule
                assert any(needle in text.lower() for needle in needles), rule
    if re.search(mask_module._PHONE, text):
        assert mask_module._MAY_BE_PHONE.search(text), secret


def test_the_rules_are_only_made_for_a_text_that_needs_them() -> None:
    mask_module._pattern.cache_clear()
    Mask().apply("02:00:00Z ANA ▶ session opened, go-live 2026-11-24T02:00:00Z")
    assert mask_module._pattern.cache_info().currsize == 0
    Mask().apply("ask kim@example.com")
    assert mask_module._pattern.cache_info().currsize == 1


def test_a_line_of_the_screen_is_looked_at_in_microseconds() -> None:
    """The best of many rounds, and four times of what it takes alone on a slow machine."""
    mask, best_s = Mask(("db-1.internal",)), 1.0
    for _ in range(30):
        started_s = time.perf_counter()
        for text in PLAIN:
            mask.apply(text)
        best_s = min(best_s, time.perf_counter() - started_s)
    assert best_s / len(PLAIN) < 20e-6
