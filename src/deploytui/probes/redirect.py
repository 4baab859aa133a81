"""Where an answer sends the question on to, and whether it may go there. Pure: the words are ours, never the peer's."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin

from msgspec import Struct
from msgspec.structs import replace

from deploytui.plan.source import WebSource
from deploytui.probes.variable import Address, Filled, Secret, Unset, address, ascii_host

MOST_HOPS = 3
STATUSES = (301, 302, 303, 307, 308)


class Redirects(Struct, frozen=True):
    """What the checklist allows: nothing at all, the target's own host, or further hosts too."""

    is_followed: bool = True
    hosts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, source: WebSource) -> Redirects:
        hosts = source.redirects
        return cls(False) if hosts == "none" else cls(True, frozenset(map(_host, hosts)))


def follow(first: Address, at: Address, location: str | None, redirects: Redirects) -> Address | str:
    """The address to ask next, or why none is. `first` is the gauge's own address, `at` the one that answered."""
    if not redirects.is_followed:
        return "a redirect, not followed"
    if not location:
        return "a redirect to nowhere"
    try:
        here = f"{at.scheme}://{at.authority}{at.target.reveal()}"
        then = address(Filled(Secret(urldefrag(urljoin(here, location.strip()))[0]), ""))
    except (ValueError, Unset):
        return "a redirect to no web address"
    if then.host.lower() not in {first.host.lower(), *redirects.hosts}:
        return "a redirect to another host, not followed"
    if at.scheme == "https" and then.scheme == "http":
        return "a redirect from https to http, not followed"
    return replace(then, login=first.login if keeps_secrets(first, then) else None)


def keeps_secrets(first: Address, then: Address) -> bool:
    """Whether a token or a login may be sent along: to where it was meant for, and to the same host's TLS."""
    place, other = (first.scheme, first.host, first.port), (then.scheme, then.host, then.port)
    is_upgrade = place == ("http", then.host, 80) and other == ("https", then.host, 443)
    return place == other or is_upgrade


def _host(name: str) -> str:
    try:
        return ascii_host(name).lower()
    except UnicodeError:
        return name.lower()
