"""Looks host names up in threads that nobody has to wait for.

The loop's own lookups run in its shared pool of threads: a few hung ones would block everything else in it,
and the program's exit until the system's resolver gives up.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from deploytui.probes.fault import Fault

Lookup = Callable[[str, int], list[str]]
_UNKNOWN = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


def system_lookup(host: str, port: int) -> list[str]:
    """The system's own resolver; blocks for as long as that likes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Resolver:
    """At most one lookup a name at a time: a hung one is waited for again, not repeated."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._running: dict[str, asyncio.Future[list[str]]] = {}

    async def addresses(self, host: str, port: int) -> list[str]:
        """The host's addresses, best first. Raises Fault."""
        with suppress(ValueError):
            return [str(ipaddress.ip_address(host))]
        running = self._running.get(host)
        if running is None:
            running = self._start(host, port)
        return await asyncio.shield(running)

    def _start(self, host: str, port: int) -> asyncio.Future[list[str]]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[str]] = loop.create_future()
        self._running[host] = future

        def settle(found: list[str], words: str) -> None:
            del self._running[host]
            if found:
                future.set_result(found)
            else:
                future.set_exception(Fault(words, is_counted=False))
                future.exception()  # marks it as seen: whoever asked may have given up

        def look() -> None:
            found: list[str] = []
            words = "no such host"
            try:
                found = self._lookup(host, port)
            except socket.gaierror as error:
                if error.errno not in _UNKNOWN:
                    words = "the host's name cannot be looked up now"
            except (OSError, UnicodeError):
                words = "the host's name cannot be looked up"
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(settle, found, words)

        threading.Thread(target=look, name="lookup", daemon=True).start()
        return future
