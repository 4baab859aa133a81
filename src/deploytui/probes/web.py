"""What all web probes of a session share: one TLS context and one resolver, made on first use."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import TYPE_CHECKING

from deploytui.probes.lookup import Resolver
from deploytui.probes.variable import Address, Secret

if TYPE_CHECKING:
    from deploytui.probes.connection import Connection


class Web:
    """Hands out connections; the targets of a session know nothing of each other."""

    def __init__(self, resolver: Resolver | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.resolver = resolver or Resolver()
        self._tls = tls

    def connection(
        self,
        address: Address,
        headers: Sequence[tuple[str, Secret]],
        timeout_s: float,
        proxy: Address | None = None,
    ) -> Connection:
        """A connection to `address`, through `proxy` where one is given; nothing is sent yet."""
        from deploytui.probes.connection import Connection  # heavy: loaded when a plan has a web gauge

        if address.scheme == "https":
            self._tls = self._tls or tls_context()
        tls = self._tls if address.scheme == "https" else None
        revealed = [(name, value.reveal()) for name, value in headers]
        return Connection(address, revealed, self.resolver, tls, timeout_s, proxy)


def tls_context() -> ssl.SSLContext:
    """The system's trust, which honors SSL_CERT_FILE."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
