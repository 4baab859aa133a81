"""Masks what must not be seen on a shared screen: phones, e-mails, tokens, secrets in URLs, and the plan's list.

Best effort on known shapes. A masked text takes as many cells as before, so that columns stay where they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

DOT = "•"
# What a text must hold to be worth a closer look: a sign that stands in addresses and assignments, or a word that
# announces a secret; or digits enough for a phone number, an instant aside. Most lines on the screen have neither.
_MAY_BE_SECRET = re.compile(
    r"[@=]|://|bearer|basic|digest|negotiate|secret|token|passw|passphrase|pwd|key|credential|cookie|authorization"
    r"|signature|hmac|session_?id|\b(?:dsn|auth|sig|otp)\b|AKIA|ASIA|eyJ|gh[a-z]_|github_pat|glpat-|xox|[srp]k[-_]|AIza"
    r"|SG\.|npm_|pypi-",
    re.IGNORECASE,
)
_MAY_BE_PHONE = re.compile(r"(?<![\d-])(?!\d{4}-\d\d-\d\dT)\d[ ()./-]{0,2}(?:\d[ ()./-]{0,2}){4,}\d")
# Names whose value is a secret, and the shape of a value that is no ordinary word of a sentence.
_NAME = (
    r"(?<![\w.-])(?:[\w.-]*(?:secret|token|passw(?:or)?d|passphrase|pwd|key|credential|cookie|signature|session_?id|dsn)"
    r"[\w.-]*|auth|sig|otp)[\"']?\s*"
)
_NO_WORD = r"(?:(?=[^\s,;\"']*[\d=+/_])[^\s,;\"'•]{6,}|[^\s,;\"'•]{16,})"


# The named group is what is masked. Each rule says what a secret looks like; none says what is harmless.
@cache
def _rules() -> tuple[re.Pattern[str], ...]:
    """Made when a text first needs them: that takes 4 ms, and most screens have none."""
    return (
        re.compile(r"\beyJ[\w-]{5,}\.(?P<s>[\w-]{5,}(?:\.[\w-]+)?)"),
        re.compile(r"\b(?:AKIA|ASIA)(?P<s>[A-Z0-9]{12,})\b"),
        re.compile(r"\b(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|npm_|pypi-)(?P<s>[\w-]{10,})"),
        re.compile(r"\b[srp]k[-_](?:live[-_]|test[-_]|proj[-_]|ant[-_])?(?P<s>[\w-]{16,})"),
        re.compile(r"\b(?:AIza|SG\.)(?P<s>[\w.-]{30,})"),
        re.compile(
            r"(?i)\bauthorization[\"']?\s*[:=]\s*[\"']?(?:[a-z]+\s+)?(?P<s>(?![a-z]+\s)[^\s,;\"'•]{4,})"
        ),
        re.compile(rf"(?i)\b(?:bearer|basic|digest|negotiate)\s+(?P<s>{_NO_WORD})"),
        # The user part of a URL, whole; then every value of a query.
        re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?P<s>[^\s/@?#:]+(?::[^\s@?#]*)?)@"),
        re.compile(r"(?<=[?&])[\w.~%\[\]-]+=(?P<s>[^\s&#\"'<>•]+)"),
        re.compile(rf"(?i){_NAME}=\s*[\"']?(?P<s>[^\s&;,\"'•]{{4,}})"),
        re.compile(rf"(?i){_NAME}:\s*[\"']?(?P<s>{_NO_WORD})"),
        re.compile(r"(?i)(?<![\w.-])(?:password|passwd|passphrase|pwd)\s*:\s*(?P<s>[^\s•]+)\s*$"),
        re.compile(r"(?i)(?<!\S)--?(?:password|passwd|token|secret|api-?key)[ =](?P<s>[^\s•]+)"),
        re.compile(
            r"(?i)\b(?:secret|token|password|key|credential|hmac|signature)\b\W{1,3}(?:is\W{1,2})?"
            r"(?P<s>(?=[A-Za-z0-9+/_-]*\d)[A-Za-z0-9+/_-]{16,}=*)"
        ),
        re.compile(r"(?<![\w.+-])(?P<s>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)(?![\w-]|\.\w|:[\w~/])"),
    )


@cache
def _phone() -> re.Pattern[str]:
    """International with + or 00, an area code in brackets or with a leading zero, or the North American form."""
    return re.compile(
        r"(?<![\w.:/@#•+-])(?P<s>(?:\+|00)[1-9][\d ()./-]{5,18}\d|\(0?\d{2,5}\)[ ./-]?\d[\d ./-]{3,12}\d"
        r"|0[1-9]\d{0,4}[ /-]\d[\d /-]{3,14}\d|(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4})(?![\w:/@•])(?!-\d)(?!\.\d)"
        r"|(?i:\b(?:phone|tel|mobile|call|cell)\b\.?:?\s*)(?P<t>\d[\d ./-]{4,14}\d)(?![\w:])"
    )


_LIKE_DATE = re.compile(r"(?:\d{1,2}[. /-]){2}\d{2,4}(?: .*)?|\d{4}[-. /]\d{2}[-. /]\d{2}(?: .*)?")


class Mask:
    """Masks the known shapes and the texts of `extra`, which are taken literally, whatever their case."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        literal = sorted({text.strip() for text in extra if text.strip()}, key=len, reverse=True)
        self._extra = re.compile("|".join(map(re.escape, literal)), re.IGNORECASE) if literal else None

    def apply(self, text: str) -> tuple[str, int]:
        """`text` with each secret as dots, and how many there were."""
        count = 0
        if self._extra is not None:
            text, count = self._extra.subn(lambda match: _dots(match.group()), text)
        rules = _rules() if _MAY_BE_SECRET.search(text) is not None else ()
        if _MAY_BE_PHONE.search(text) is not None:
            rules = (*rules, _phone())
        for rule in rules:
            text, found = _mask_group(rule, text)
            count += found
        return text, count


def _mask_group(rule: re.Pattern[str], text: str) -> tuple[str, int]:
    found = 0

    def hide(match: re.Match[str]) -> str:
        nonlocal found
        group = match.lastgroup or 0
        value = match.group(group)
        if set(value) <= {DOT} or (rule is _phone() and _is_no_phone(value)):
            return match.group()
        found += 1
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return match.group()[:start] + _dots(value) + match.group()[end:]

    return rule.sub(hide, text), found


def _is_no_phone(value: str) -> bool:
    digits = sum(char.isdigit() for char in value)
    return not 6 <= digits <= 15 or _LIKE_DATE.fullmatch(value) is not None


def _dots(text: str) -> str:
    """As many dots as the text takes cells."""
    if text.isascii():
        return DOT * len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return DOT * (len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text))
