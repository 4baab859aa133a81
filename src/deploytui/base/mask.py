"""Masks what must not be seen on a shared screen: phones, e-mails, tokens, secrets in URLs, and the plan's list.

Best effort on known shapes; it never makes a text longer or shorter, so that columns stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

DOT = "•"
# What a text must hold to be worth a closer look: a run of seven digits and signs, an at sign, a scheme, or
# one of the words that announce a secret. Nearly every line on the screen has none of them.
_WORTH = re.compile(
    r"@|://|[=:]|\d[\d ()./-]{5,}\d|bearer|basic|secret|token|passw|pwd|api|key|credential"
    r"|(?:AKIA|ASIA|eyJ|gh[a-z]_|glpat-|xox|sk-|sk_|rk_|AIza|SG\.|npm_|pypi-)",
    re.IGNORECASE,
)
_ANNOUNCER = (
    r"(?:[A-Za-z0-9_.-]*(?:secret|token|passw(?:or)?d|passwd|passphrase|pwd|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|auth[_-]?key|signature|credential|client[_-]?secret|session[_-]?id|cookie|dsn)[A-Za-z0-9_.-]*"
    r"|(?:key|auth|sig|pass|otp|pin))"
)
_RULES: tuple[re.Pattern[str], ...] = (
    # The group named s is masked; each rule says what a secret looks like, none says what is harmless.
    re.compile(r"\beyJ[\w-]{5,}\.(?P<s>[\w-]{5,}(?:\.[\w-]+)?)"),
    re.compile(r"\b(?:AKIA|ASIA)(?P<s>[A-Z0-9]{12,})\b"),
    re.compile(r"\bgh[a-z]_(?P<s>[A-Za-z0-9]{16,})|\bglpat-(?P<t>[\w-]{16,})|\bxox[a-z]-(?P<u>[\w-]{8,})"),
    re.compile(r"\b(?:sk|rk|pk)[-_](?:live[-_]|test[-_]|proj[-_]|ant[-_])?(?P<s>[\w-]{16,})"),
    re.compile(
        r"\bAIza(?P<s>[\w-]{30,})|\bSG\.(?P<t>[\w-]{16,}\.[\w-]{16,})|\b(?:npm_|pypi-)(?P<u>[\w-]{16,})"
    ),
    re.compile(r"(?i)\b(?:bearer|basic|digest|negotiate)\s+(?P<s>[A-Za-z0-9._~+/-]{8,}=*)"),
    re.compile(r"(?i)\bauthorization\s*[:=]\s*(?:[a-z]+\s+)?(?P<s>[^\s,;'\"]{4,})"),
    re.compile(rf"(?i)(?<![\w.-]){_ANNOUNCER}[\"']?\s*=\s*[\"']?(?P<s>[^\s&;,\"'•]+)"),
    re.compile(rf"(?i)(?<![\w.-]){_ANNOUNCER}[\"']?\s*:\s*[\"']?(?P<s>[^\s&;,\"'•]{{6,}})"),
    re.compile(r"(?i)--?(?:password|passwd|token|secret|api-?key)[ =](?P<s>[^\s•]+)"),
    # The user part of a URL, whole; then every value of its query.
    re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?P<s>[^\s/@?#]+(?:/[^\s@?#]*)?)@"),
    re.compile(r"(?<=[?&])[\w.~%\[\]-]+=(?P<s>[^\s&#\"'<>•]+)(?=[&#\s\"'<>)]|$)"),
    # A long run of hex or base64 directly behind a word that announces one.
    re.compile(
        r"(?i)\b(?:secret|token|password|key|credential|hmac|signature)\b\W{1,3}(?:is\W{1,2})?"
        r"(?P<s>(?=[A-Za-z0-9+/_-]*\d)[A-Za-z0-9+/_-]{16,}=*)"
    ),
    re.compile(r"(?<![\w.+-])(?P<s>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"),
)
# A phone number: international with +, or a national one that nothing else looks like. At least seven digits.
_PHONE = re.compile(
    r"(?<![\w.:/@#•-])(?P<s>(?:\+|00)\d[\d ()./-]{5,18}\d|\(0?\d{2,5}\)[ ./-]?\d[\d ./-]{4,12}\d"
    r"|0\d{1,5}[ /][\d /-]{4,14}\d|\d{3}[-. ]\d{3}[-. ]\d{4}|1-\d{3}-\d{3}-\d{4}|\d{3}-\d{4})(?![\w:/@•-])(?!\.\d)"
)
_LIKE_TIME = re.compile(r"(?:\d{1,2}[. ]){2}\d{2,4}|\d{4}[-. ]\d{2}[-. ]\d{2}(?:[ T].*)?")


class Mask:
    """Masks the known shapes and the texts of `extra`, which are taken literally, whatever their case."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        literal = sorted({text for text in extra if text.strip()}, key=len, reverse=True)
        self._extra = re.compile("|".join(map(re.escape, literal)), re.IGNORECASE) if literal else None

    def apply(self, text: str) -> tuple[str, int]:
        """`text` with each secret as dots of the same length, and how many there were."""
        count = 0
        if self._extra is not None:
            text, count = self._extra.subn(lambda match: DOT * len(match.group()), text)
        if _WORTH.search(text) is None:
            return text, count
        for rule in (*_RULES, _PHONE):
            text, found = _mask_groups(rule, text)
            count += found
        return text, count


def _mask_groups(rule: re.Pattern[str], text: str) -> tuple[str, int]:
    found = 0

    def dots(match: re.Match[str]) -> str:
        nonlocal found
        secret = match.lastgroup or "s"
        value = match.group(secret)
        if set(value) == {DOT} or (rule is _PHONE and _is_no_phone(value)):
            return match.group()
        found += 1
        start, end = match.start(secret) - match.start(), match.end(secret) - match.start()
        return match.group()[:start] + DOT * (end - start) + match.group()[end:]

    return rule.sub(dots, text), found


def _is_no_phone(value: str) -> bool:
    return sum(char.isdigit() for char in value) < 7 or _LIKE_TIME.fullmatch(value) is not None
