"""Opens a connection to a host and a port, trying every address of the host for its share of the time."""

from __future__ import annotations

import asyncio
import ssl

from deploytui.probes.fault import fault_of
from deploytui.probes.lookup import Resolver
from deploytui.probes.variable import Endpoint

LOOKING_UP, CONNECTING = "looking up the name", "connecting"


async def dial(
    place: Endpoint, addresses: list[str], share_s: float, tls: ssl.SSLContext | None = None
) -> asyncio.Transport:
    """The open connection, with TLS agreed on where a context is given. Raises Fault."""
    for ip in addresses[:-1]:
        try:
            async with asyncio.timeout(share_s):
                return await _connect(place, ip, tls)
        except ssl.SSLError as error:
            raise fault_of(error) from None
        except (OSError, TimeoutError):
            continue
    try:
        return await _connect(place, addresses[-1], tls)
    except OSError as error:
        raise fault_of(error) from None


async def find(resolver: Resolver, place: Endpoint) -> list[str]:
    """The addresses of the host. Raises Fault."""
    return await resolver.addresses(place.host, place.port)


async def _connect(place: Endpoint, ip: str, tls: ssl.SSLContext | None) -> asyncio.Transport:
    name = place.host if tls is not None else None
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(
        asyncio.Protocol, ip, place.port, ssl=tls, server_hostname=name
    )
    return transport
