"""Masks what must not be seen on a shared screen: phones, e-mails, tokens, secrets in URLs, and the plan's list.

The one place for it, and the first step of every output: a text is masked as it is, and only then escaped or encoded,
because an escaped secret has no known shape any more. Best effort on known shapes. A masked text takes as many cells as
before, so that columns stay where they are.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar, cast
from urllib.parse import quote, quote_plus

from msgspec import Struct

T = TypeVar("T")

DOT = "•"
URL_SAFE = "/%:@!$&'()*+,;=~"  # what a probe leaves as it is in the path of a URL
# Under these names stands what a program works with: an id, a hash, a word of ours. It is never masked, or a script could
# not use what it was told. A derived id leaves out what is masked in the text it comes from (`plan/part/ids.py`).
ADDRESSES = frozenset({
    "id", "item", "gauge", "needs", "relies_on", "from_item", "to_item", "session", "file", "sha256", "head", "code",
    "state", "mode", "stage", "level", "kind", "op", "is", "ticks", "marks", "when", "window", "roles", "restore", "measure",
    "read", "env", "token_env", "zone",
})  # fmt: skip
# Under these names everything is masked, whatever it looks like.
_WHOLE = frozenset({"phone", "email"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LEAST_SECRET = (
    4  # characters of a value that is masked for being one: every "a" as dots would hide the screen
)
_LEAST_INSIDE = 8  # bytes: the base64 of fewer, inside that of a longer text, could be a part of any word
_TO_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})

# Names whose value is a secret, and the shape of a value that is no ordinary word of a sentence.
_NAMES = (
    "secret", "token", "passw", "passphrase", "pwd", "key", "credential", "cookie", "signature", "sessionid",
    "session_id", "dsn", "auth", "sig", "otp",
)  # fmt: skip
_NAME = (
    r"(?<![\w.-])(?:[\w.-]{0,60}?(?:secret|token|passw(?:or)?d|passphrase|pwd|key|credential|cookie|signature|session_?id"
    r"|dsn)[\w.-]{0,40}|auth|sig|otp)[\"']?\s*"
)
_NO_WORD = r"(?:(?=[^\s,;\"']{0,200}[\d=+/_])[^\s,;\"'•]{6,}|[^\s,;\"'•]{16,})"
_STEM = r"(?<![A-Za-z0-9])"
# What begins like a token and was cut off is one, however little is left of it.
_REST = r"(?P<s>[\w-]{10,}|[\w-]+(?=…))"

# The user part of a URL, whole: also a password alone, one that holds an @ or a slash as it is, and one behind an e-mail.
_URL = (
    r":\\?//(?P<s>[^\s/?#:]{0,200}:[^\s/\"'<>]{1,500}(?=\\?@)|[^\s/@?#:]{0,200}:[^\s@?#]{1,500}"
    r"|[^\s/@?#:\\]{1,200})\\?@"
)
_SAID = (
    rf"(?i){_STEM}(?:secret|token|password|key|credential|hmac|signature)\b\W{{1,3}}(?:is\W{{1,2}})?"
    r"(?P<s>(?=[A-Za-z0-9+/_-]{0,200}\d)[A-Za-z0-9+/_-]{16,}=*)"
)
_ASSIGNED = (
    r"(?i)(?:passw(?:or)?d|passphrase|pwd|secret|token)\s?=\s?"
    r"(?:\"(?P<s>[^\"•]{4,200})\"|'(?P<t>[^'•]{4,200})')"
)
# What ends in a number behind its last dot is a package with its version.
_EMAIL = (
    r"(?<![\w.+-])(?P<s>[\w.+-]{1,200}(?:\\?@|%40)(?:(?:[\w-]+\\?\.)+[^\W\d_][\w-]*|[\w.-]*…))"
    r"(?![\w-]|\.\w|:[\w~.-]*[/.])"
)
# Each rule says what a secret looks like, its named group; none says what is harmless. Every repeat that can be tried again
# is bounded. Before a rule stands what a text must hold, in small letters, to be worth a look, and around those of a kind
# the signs they have in common: most lines of a screen are known by these few questions.
_Rules = tuple[tuple[tuple[str, ...], str], ...]
_TOKENS: _Rules = (
    (
        ("private key",),
        r"(?s)-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY[A-Z ]{0,10}-----(?P<s>.+?)(?:-----END|\Z)",
    ),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), rf"{_STEM}(?:gh[oprsu]|github_pat)_{_REST}"),
    (("glpat-", "pypi-"), rf"{_STEM}(?:glpat|pypi)-{_REST}"),
    (("gocspx-", "atatt3"), rf"{_STEM}(?:GOCSPX-|ATATT3)(?P<s>[\w=-]{{20,}})"),
    (
        ("hf_", "dckr_pat_", "dop_v1_", "shpat_", "shpss_"),
        rf"{_STEM}(?:hf|dckr_pat|dop_v1|shpat|shpss)_(?P<s>[\w-]{{20,}})",
    ),
    (("npm_",), rf"{_STEM}npm_(?P<s>[A-Za-z0-9]{{30,}})"),
    (("xox", "xapp-"), rf"{_STEM}(?:xox[a-z](?:\.xox[a-z])?|xapp)-{_REST}"),
    # Stripe's secret keys; its publishable ones, pk_, stand in every web page.
    (("sk_live", "sk_test", "rk_live", "rk_test"), rf"{_STEM}[sr]k_(?:live|test)_{_REST}"),
    (("whsec_",), rf"{_STEM}whsec_(?P<s>[\w+/=-]{{10,}}|[\w+/=-]+(?=…))"),
    (("sk-", "sk_"), rf"{_STEM}sk[-_](?:proj-|ant-)?(?=[\w-]{{0,60}}\d)(?P<s>[\w-]{{16,}})"),
    (
        ("-pass", "-token", "-secret", "-api"),
        r"(?i)(?<!\S)--?(?:[\w-]{1,40}-)?(?:password|passwd|token|secret|api-?key)[ =](?P<s>[^\s•]+)",
    ),
)
_NAMED: _Rules = (
    (
        ("authorization",),
        r"(?i)authorization[\"']?\s*[:=]\s*[\"']?(?:[a-z]+\s+)?(?P<s>(?![a-z]+\s)[^\s,;\"'•]{4,})",
    ),
    (("://", ":\\//"), _URL),
    (("hooks.slack.com/",), r"(?i)hooks\.slack\.com/[a-z]+/(?P<s>[\w/-]+)"),
    (("=",), r"(?<=[?&])[\w.~%\[\]-]{1,200}=(?P<s>[^\s&#\"'<>•]+)"),
    (("=",), _ASSIGNED),
    (("pass=", "pw="), r"(?i)(?<![\w.-])(?:[\w.-]{0,60}[_.-])?(?:pass|pw)=[\"']?(?P<s>[^\s&;,\"'•]{4,})"),
    (("=",), rf"(?i){_NAME}=\s*[\"']?(?P<s>[^\s&;,\"'•]{{4,}})"),
    (_NAMES, rf"(?i){_NAME}:\s*[\"']?(?P<s>{_NO_WORD})"),
    (
        ("passw", "passphrase", "pwd"),
        r"(?im)(?<![\w.-])(?:password|passwd|passphrase|pwd)\s*:\s*(?P<s>[^\s•]+)[ \t]*$",
    ),
)
_OTHERS: _Rules = (
    (("eyj",), rf"{_STEM}eyJ[\w-]{{5,}}\.(?P<s>[\w-]{{5,}}(?:\.[\w-]*){{0,4}})"),
    (("akia", "asia"), rf"{_STEM}(?:AKIA|ASIA)(?P<s>[A-Z0-9]{{12,}})(?![A-Za-z0-9])"),
    (("hvs.", "hvb.", "ya29."), rf"{_STEM}(?:hv[sb]|ya29)\.(?P<s>[\w.-]{{20,}})"),
    (("aiza", "sg."), rf"{_STEM}(?:AIza|SG\.)(?P<s>[\w.-]{{30,}})"),
    (
        ("bearer", "basic", "digest", "negotiate"),
        rf"(?i){_STEM}(?:bearer|basic|digest|negotiate)\s+(?P<s>{_NO_WORD})",
    ),
    (("secret", "token", "password", "key", "credential", "hmac", "signature"), _SAID),
    (("@", "%40"), _EMAIL),
)
_KINDS: tuple[tuple[tuple[str, ...], _Rules], ...] = (
    (("_", "-"), _TOKENS),
    ((":", "=", "hooks.slack.com/"), _NAMED),
    (("",), _OTHERS),
)

# What looks like an AWS secret or a line of a key: long, and its signs change as no word's do. A fingerprint stands
# behind its name, a path behind its slashes.
_MAY_BE_RANDOM = re.compile(r"[A-Za-z0-9+/]{40}")
_RANDOM = r"(?<![A-Za-z0-9/+:.-])(?<!\d{3}: )(?P<s>[A-Za-z0-9+/]{40,200}={0,2})(?![A-Za-z0-9/+=])"
_CHANGES = 0.4  # of two neighbors in a random text about 0.65 are of different kinds; in names and paths 0.25

# Blanks and hyphens of a word processor stand for those that are typed.
_AS_TYPED = str.maketrans("\u00a0\u2007\u2009\u202f\u2010\u2011\u2012\u2013", "    ----")
# Digits enough for a phone number, an instant aside.
_MAY_BE_PHONE = re.compile(r"(?<![\d-])(?!\d{4}-\d\d-\d\dT)\d[ ()./-]{0,3}(?:\d[ ()./-]{0,3}){4}\d")
# The next digit, behind one separator at most; a number that begins anew is the next number.
_NEXT = r"(?:[ ./-](?!0[1-9]\d{1,4}[ /-]?\d{4}))?"
_PHONE = (
    r"(?<![^\W_])(?<![@#•+-])(?<!\d[.:])(?<![A-Za-z_~.]/)(?<!//)(?P<s>"
    rf"(?:\+|00)[1-9](?:\)?{_NEXT}\(?\d){{5,14}}"  # international
    rf"|\(0?\d{{2,5}}\)[ ./-]?\d(?:{_NEXT}\d){{4,12}}"  # the area in brackets
    rf"|0[1-9]\d{{1,4}}(?: ?[/-] ?| )\d(?:{_NEXT}\d){{4,9}}"  # the area with a leading zero
    r"|0[1-9](?:(?:[ .-]\d\d){4}(?! [\da-f]{2}\b)|[ -]\d{8}| \d{4} \d{4})"  # the same where it has two digits
    r"|(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}"  # North American
    rf")(?![^\W_])(?![@•]|[:.-]\d)(?!/[A-Za-z_])"
    rf"|(?i:\b(?:phone|tel|mobile|call|cell)\b\.?:?\s*)(?P<t>\d(?:{_NEXT}\d){{5,14}})(?![^\W_]|:\d)"
)
_LIKE_DATE = re.compile(
    r"(?:\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{1,2} \d{1,2} \d{4}|\d{4}[-. /]\d{2}[-. /]\d{2})(?: .*)?"
)


_SECRET_ENV = re.compile(
    r"(?i)secret|token|passw|passphrase|credential|(?:^|_)(?:api)?(?:key|pass|pwd|pw|pin)(?:_|$)"
)


def is_named_secret(env: str) -> bool:
    """Whether the name of an environment variable says that its value is one, whatever a checklist says of it."""
    return _SECRET_ENV.search(env) is not None


class Mask:
    """Masks the known shapes and the texts of `extra`, which are taken literally, whatever their case and whether they
    stand there as they are, URL-encoded, in base64, or quoted for a shell, JSON or HTML."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        forms = {form for text in extra for form in _forms(text)}
        self._needles = tuple(form.lower() for form in forms)
        literal = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
        self._extra = re.compile(literal, re.IGNORECASE) if forms else None

    def apply(self, text: str) -> tuple[str, int]:
        """`text` with each secret as dots, and how many there were."""
        count, small = 0, text.lower()
        if self._extra is not None and _holds(small, self._needles):
            text, count = self._extra.subn(lambda match: _dots(match.group()), text)
        # Looked for before the rules: one of them may hide the first word of a number, and the rest is none any more.
        phones = _phones(text)
        as_long = len(text)
        for signs, rules in _KINDS:
            if _holds(small, signs):
                for needles, rule in rules:
                    if _holds(small, needles):
                        text, found = _mask_group(rule, text)
                        count += found
        if len(text) >= 40 and _MAY_BE_RANDOM.search(text) is not None:
            text, found = _mask_group(_RANDOM, text)
            count += found
        for start, end in (
            phones if len(text) == as_long else _phones(text)
        ):  # a wide secret takes two dots a sign
            if not _is_masked(text[start:end]):
                text = text[:start] + DOT * (end - start) + text[end:]
                count += 1
        return text, count

    def text(self, text: str) -> str:
        """`text` with each secret as dots."""
        return self.apply(text)[0] if text else text

    def value(self, value: T, addresses: Collection[str] = ()) -> T:
        """A JSON value, or a frozen one of ours, with every text in it masked: but for instants, for the names of
        members, and for what stands under one of the `ADDRESSES` or of these."""
        return cast(T, self._value(value, "", ADDRESSES.union(addresses)))

    def pair(self, label: str, text: str) -> tuple[str, str]:
        """A label and what it says of `text`: a password is known by the word before it."""
        label, joined = self.text(label), self.text(f"{label}: {text}")
        begins = f"{label}: "
        return label, joined[len(begins) :] if joined.startswith(begins) else self.text(text)

    def _value(self, value: Any, name: str, kept: Collection[str]) -> Any:
        if type(value) is str:  # a word of an enumeration is ours
            if name in kept or _INSTANT.fullmatch(value):
                return value
            return _dots(value) if name in _WHOLE else self.text(value)
        if isinstance(value, (list, tuple)):
            return type(value)(self._value(part, name, kept) for part in value)
        if isinstance(value, dict):
            return {key: self._value(part, key, kept) for key, part in value.items()}
        if isinstance(value, Struct):
            names = value.__struct_fields__
            return type(value)(**{name: self._value(getattr(value, name), name, kept) for name in names})
        return value


class NoMask(Mask):
    """Shows everything: for whoever asked for it."""

    def apply(self, text: str) -> tuple[str, int]:
        return text, 0

    def value(self, value: T, addresses: Collection[str] = ()) -> T:
        return value


def encoded(text: str) -> set[str]:
    """How `text` may stand in a URL and in base64, there also inside a longer text."""
    raw = text.encode("utf-8", "replace")
    found = {base64.b64encode(raw).decode().rstrip("=")}
    for before in (0, 1, 2) if len(raw) >= _LEAST_INSIDE else ():
        # Of a text with so many bytes before it: from the first sign that is all its own to the last.
        inside = base64.b64encode(b"\0" * before + raw).decode()
        found.add(inside[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6])
    found |= {form.replace("+", "-").replace("/", "_") for form in found}
    return found | {quote(raw, safe=safe) for safe in ("", "/", URL_SAFE)} | {quote_plus(raw)}


def _forms(text: str) -> set[str]:
    """What to look for, for one text of the list: it, its lines, and how each may be encoded."""
    found: set[str] = set()
    lines = [line.strip() for line in text.splitlines()]
    for one in {text.strip(), *(line for line in lines if len(line) >= _LEAST_INSIDE)} - {""}:
        found |= {one, one.translate(_TO_HTML), shlex.quote(one).strip("'")}
        found |= {json.dumps(one, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False)}
        found |= encoded(one) if len(one) >= LEAST_SECRET else set()
    return found


def _holds(text: str, needles: Iterable[str]) -> bool:
    """By hand: this is asked of every text that is drawn, and `any` takes three times as long."""
    for needle in needles:  # noqa: SIM110
        if needle in text:
            return True
    return False


def _phones(text: str) -> list[tuple[int, int]]:
    """Where phone numbers stand in a text."""
    typed = text if text.isascii() else text.translate(_AS_TYPED)
    if _MAY_BE_PHONE.search(typed) is None:
        return []
    found = (match.span(match.lastgroup or 0) for match in _pattern(_PHONE).finditer(typed))
    return [(start, end) for start, end in found if not _is_no_phone(typed[start:end])]


@cache
def _pattern(rule: str) -> re.Pattern[str]:
    """Made when a text first needs it: all of them take 10 ms, and most screens need none."""
    return re.compile(rule)


def _mask_group(rule: str, text: str) -> tuple[str, int]:
    found = 0

    def hide(match: re.Match[str]) -> str:
        nonlocal found
        group = match.lastgroup or 0
        value = match.group(group)
        if _is_masked(value) or (rule is _RANDOM and _is_word(value)):
            return match.group()
        found += 1
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return match.group()[:start] + _dots(value) + match.group()[end:]

    return _pattern(rule).sub(hide, text), found


def _is_masked(value: str) -> bool:
    return not value.strip(DOT + "\n")


def _is_no_phone(value: str) -> bool:
    return sum(char.isdigit() for char in value) < 6 or _LIKE_DATE.fullmatch(value) is not None


def _is_word(value: str) -> bool:
    """Whether a long text is none of random signs: a path, a name, a hash in small letters."""
    kinds = [0 if char.isdigit() else 1 if char.isupper() else 2 if char.islower() else 3 for char in value]
    changes = sum(one != other for one, other in pairwise(kinds))
    return not {0, 1, 2} <= set(kinds) or changes < _CHANGES * len(value)


def _dots(text: str) -> str:
    """As many dots as the text takes cells, on as many lines."""
    if "\n" in text:
        return "\n".join(map(_dots, text.split("\n")))
    if text.isascii():
        return DOT * len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return DOT * (len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text))
