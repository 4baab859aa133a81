"""Host names to addresses, without ever blocking the loop or its exit."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress

from deploytui.probes.aside import Aside
from deploytui.probes.fault import Fault

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
