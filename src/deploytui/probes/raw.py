"""What a target answered, as a person may read it: cleaned, bounded, and without what was sent as a secret. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from deploytui.base.mask import LEAST_SECRET, encoded
from deploytui.base.text import clean_block
from deploytui.probes.answer import Answer
from deploytui.probes.variable import MASK, Address, Secret

MOST_SHOWN = 2000  # characters


def sent_secrets(address: Address, token: Secret | None, proxy: Address | None = None) -> tuple[Secret, ...]:
    """What the target or its proxy is told and nobody else should read: the token, the logins, and the values behind the
    question mark, which the program never shows either. A Prometheus query is no secret."""
    logins = [one.login.reveal() for one in (address, proxy) if one is not None and one.login is not None]
    _, _, query = address.target.reveal().partition("?")
    texts = [token.reveal() if token is not None else "", *logins]
    texts += [login.partition(":")[2] for login in logins]
    texts += [value for name, value in parse_qsl(query) if name != "query"]
    return tuple(Secret(text) for text in texts if text)


def http_text(answer: Answer, secrets: Iterable[Secret]) -> str:
    """Its status and the beginning of its body, or what went wrong."""
    if answer.status is None:
        return answer.fault
    head = f"status {answer.status}, {len(answer.body)} bytes read"
    body = body_text(answer.body, secrets)
    return f"{head}\n{body}" if body else head


def body_text(body: bytes, secrets: Iterable[Secret] = ()) -> str:
    """The beginning of a body. A secret that was sent may come back in it, also encoded."""
    text = body.decode("utf-8", "replace")
    for secret in secrets:
        if len(plain := secret.reveal()) >= LEAST_SECRET:
            forms = sorted({plain, *encoded(plain)}, key=len, reverse=True)
            text = re.sub("|".join(map(re.escape, forms)), MASK, text, flags=re.IGNORECASE)
    text = text.strip()
    cut = f" … {len(text) - MOST_SHOWN} more characters" if len(text) > MOST_SHOWN else ""
    return clean_block(text[:MOST_SHOWN]) + cut
