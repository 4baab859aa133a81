"""What all probes of a session that ask other hosts share: how names are looked up and who is trusted."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TypeVar

from deploytui.probes.aside import Aside
from deploytui.probes.fault import Fault

T = TypeVar("T")
_NO_CHECK_TIME = 0x200000  # OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python has no name for

Lookup = Callable[[str, int], list[str]]
_UNKNOWN = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


def system_lookup(host: str, port: int) -> list[str]:
    """The system's own resolver; blocks for as long as that likes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Resolver:
    """Shared by all web probes of a session, so that gauges of one host share a lookup."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._aside: Aside[list[str]] = Aside()

    async def addresses(self, host: str, port: int) -> list[str]:
        """The host's addresses, best first. Raises Fault; which name it was stays out of the words."""
        with suppress(ValueError):
            return [str(ipaddress.ip_address(host))]
        try:
            found = await self._aside.call(host, lambda: self._lookup(host, port))
        except (OSError, UnicodeError) as error:
            is_unknown = not isinstance(error, socket.gaierror) or error.errno in _UNKNOWN
            words = "no such host" if is_unknown else "the host's name cannot be looked up now"
            raise Fault(words, is_counted=False) from None
        if not found:
            raise Fault("no such host", is_counted=False)
        return found


class Web:
    """Made once; the targets of a session know nothing of each other. The system's trust, which honors SSL_CERT_FILE, is
    loaded when it is first needed."""

    def __init__(
        self,
        resolver: Resolver | None = None,
        make_tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self.resolver = resolver or Resolver()
        self._make_tls = make_tls

    @cached_property
    def tls(self) -> ssl.SSLContext:
        return self._make_tls()

    @cached_property
    def timeless(self) -> ssl.SSLContext:
        """As usual, but whatever the day."""
        context = self._make_tls()
        context.verify_flags = ssl.VerifyFlags(context.verify_flags | _NO_CHECK_TIME)
        return context


async def dial(addresses: Sequence[str], seconds: float, connect: Callable[[str], Awaitable[T]]) -> T:
    """The first connection that can be made, each address tried for its share of the time."""
    for ip in addresses[:-1]:
        try:
            async with asyncio.timeout(seconds / len(addresses)):
                return await connect(ip)
        except Exception as error:  # each library has its own
            if isinstance(error, ssl.SSLError):
                raise
    return await connect(addresses[-1])
