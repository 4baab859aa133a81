"""The bytes of one connection, as an asyncio protocol that never holds more than it was asked for."""

from __future__ import annotations

import asyncio

_MOST_AHEAD = 64 * 1024


class Wire(asyncio.Protocol):
    """What comes unasked spoils a connection: it must not pass for the next answer."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._bytes = bytearray()
        self._is_asked = False
        self._waiter: asyncio.Future[None] | None = None
        self._error: Exception | None = None
        self.is_ended = False
        self.has_spoken = False

    @property
    def is_spent(self) -> bool:
        return self.is_ended or bool(self._bytes)

    def ask(self, data: bytes) -> None:
        self._is_asked = True
        self.has_spoken = False
        if self._transport is not None:
            self._transport.write(data)

    def rest(self) -> None:
        self._is_asked = False
        if self._transport is not None:
            self._transport.resume_reading()

    async def read(self) -> bytes:
        """The next bytes; empty at the end. Reads on only when these were taken, so memory stays bounded."""
        if not self._bytes and not self.is_ended:
            self._waiter = asyncio.get_running_loop().create_future()
            if self._transport is not None:
                self._transport.resume_reading()
            await self._waiter
        if not self._bytes and self._error is not None:
            raise ConnectionResetError
        data = bytes(self._bytes)
        self._bytes.clear()
        return data

    def abort(self) -> None:
        self.is_ended = True
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        self.has_spoken = True
        if not self._is_asked:
            self.abort()
        elif self._transport is not None and len(self._bytes) >= _MOST_AHEAD:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self.is_ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._error = exc
        self.is_ended = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
