"""What all probes of a session that ask other hosts share: how names are looked up and who is trusted."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from typing import TypeVar

from deploytui.probes.lookup import Resolver

T = TypeVar("T")
_NO_CHECK_TIME = 0x200000  # OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python has no name for


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
    """The first connection that can be made, each address tried for its share of the time. Raises OSError."""
    for ip in addresses[:-1]:
        try:
            async with asyncio.timeout(seconds / len(addresses)):
                return await connect(ip)
        except ssl.SSLError:
            raise
        except OSError:
            continue
    return await connect(addresses[-1])
