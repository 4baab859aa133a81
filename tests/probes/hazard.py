"""A loopback web server that misbehaves on request: the path says how. It counts what it was asked and sent."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

JSON = b'{"status": "ok", "db": {"pools": [{"free": 7}], "is_up": true}}'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nX-Queue: 12\r\n\r\n%s" % (len(JSON), JSON)
_DRIP_S = 0.01


class Hazards:
    """`requests` holds each request's head; `sent` counts bytes of endless bodies; `connections` those opened."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.sent = 0
        self.connections = 0
        self.port = 0
        self.redirect_to = ""
        self.asked = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                self.requests.append(head)
                self.asked.set()
                path = head.split(" ")[1].partition("?")[0].strip("/").partition("/")[0]
                if not await self._act(path, writer, reader):
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.transport.abort()

    async def stop(self) -> None:
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _act(self, path: str, writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> bool:
        """Answer one request; False closes the connection."""
        if path in STILL:
            writer.write(STILL[path])
            await writer.drain()
            return path in PAGES or path in ("ok", "unasked", "interim", "redirect", "loop")
        return await MOVING[path](self, writer, reader)


async def _hang(_: Hazards, _w: asyncio.StreamWriter, reader: asyncio.StreamReader) -> bool:
    await reader.read()
    return False


async def _drip(_: Hazards, writer: asyncio.StreamWriter, _r: asyncio.StreamReader) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(_DRIP_S)
    return False


async def _drip_head(_: Hazards, writer: asyncio.StreamWriter, _r: asyncio.StreamReader) -> bool:
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(_DRIP_S)
    return False


async def _endless(hazards: Hazards, writer: asyncio.StreamWriter, _r: asyncio.StreamReader) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    while hazards.sent < 1 << 30:
        writer.write(chunk)
        await writer.drain()
        hazards.sent += len(chunk)
    return False


async def _bomb(_: Hazards, writer: asyncio.StreamWriter, _r: asyncio.StreamReader) -> bool:
    body = gzip.compress(b"\0" * (32 << 20), 9)
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )
    await writer.drain()
    return True


async def _reset(_: Hazards, writer: asyncio.StreamWriter, _r: asyncio.StreamReader) -> bool:
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    return False


async def _reset_in_body(
    hazards: Hazards, writer: asyncio.StreamWriter, reader: asyncio.StreamReader
) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    return await _reset(hazards, writer, reader)


async def _once(hazards: Hazards, writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> bool:
    """Keeps the connection, and closes it in the moment that the next request comes."""
    writer.write(OK)
    await writer.drain()
    await reader.readuntil(b"\r\n\r\n")
    return False


async def _away(hazards: Hazards, writer: asyncio.StreamWriter, _r: asyncio.StreamReader) -> bool:
    writer.write(
        f"HTTP/1.1 302 Found\r\nLocation: {hazards.redirect_to}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    await writer.drain()
    return True


async def _endless_interim(_: Hazards, writer: asyncio.StreamWriter, _r: asyncio.StreamReader) -> bool:
    while not writer.is_closing():
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        await writer.drain()
    return False


def _page(body: bytes, head: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s" % (len(body), head, body)


# Bodies and heads that are not what was asked for; the number would be at `load`, and in the header X-Load.
PAGES: dict[str, bytes] = {
    "number": _page(b'{"load": 4.5}', b"X-Load: 4.5\r\n"),
    "html": _page(b"<!DOCTYPE html><html><title>Log in</title></html>", b"Content-Type: text/html\r\n"),
    "empty": _page(b""),
    "utf8": _page(b'{"load": "\xff\xfe\xc3(", "\xf0\x9f": 1}', b"X-Load: \xff\xfe\r\n"),
    "ansi": _page(b'{"load": "\x1b[2J\x1b]0;pwned\x07\xc2\x9b31m4.5"}', b"X-Load: \x1b[31m4.5\r\n"),
    "nan": _page(b'{"load": NaN}', b"X-Load: nan\r\n"),
    "infinity": _page(b'{"load": -Infinity}', b"X-Load: -inf\r\n"),
    "1e400": _page(b'{"load": 1e400}', b"X-Load: 1e400\r\n"),
    "digits": _page(b'{"load": 1%s}' % (b"0" * 50_000), b"X-Load: 1%s\r\n" % (b"0" * 5000)),
    "deep": _page(b'{"load": %s}' % (b"[" * 60_000)),
}
STILL: dict[str, bytes] = {
    **PAGES,
    "ok": OK,
    "unasked": OK + b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n",
    "interim": b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK,
    "500": b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
    "modified": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n",
    "loop": b"HTTP/1.1 301 Moved\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n",
    "escape": b"HTTP/1.1 200 \x1b[31mred\x1b]0;title\x07\r\nContent-Length: 0\r\n\r\n",
    "badstatus": b"HTTP/1.1 \x1b[31m200 OK\r\n\r\n",
    "garbage": b"SSH-2.0-OpenSSH_9.2\r\n",
    "cookie": b"HTTP/1.1 200 OK\r\nSet-Cookie: id=1\r\nContent-Length: 0\r\n\r\n",
    "close": b"",
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    "hugehead": b"HTTP/1.1 200 OK\r\nX: " + b"y" * (1 << 20) + b"\r\n\r\n",
    "switch": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
}
MOVING: dict[str, Callable[[Hazards, asyncio.StreamWriter, asyncio.StreamReader], Awaitable[bool]]] = {
    "hang": _hang,
    "drip": _drip,
    "driphead": _drip_head,
    "endless": _endless,
    "bomb": _bomb,
    "reset": _reset,
    "resetbody": _reset_in_body,
    "once": _once,
    "away": _away,
    "endlessinterim": _endless_interim,
}


@asynccontextmanager
async def hazards() -> AsyncIterator[Hazards]:
    """The server, listening on a free port of the loopback."""
    found = Hazards()
    server = await asyncio.start_server(found.handle, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        await found.stop()
        await server.wait_closed()


@asynccontextmanager
async def silence() -> AsyncIterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@asynccontextmanager
async def talker(words: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that says `words` to everybody, and hangs up."""

    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        with suppress(OSError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def refusal() -> AsyncIterator[int]:
    """A port that is taken, and on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with suppress(OSError):
            yield bound.getsockname()[1]


@contextmanager
def hazards_aside() -> Iterator[Hazards]:
    """The same server in a thread of its own, for tests that drive a program and have no loop."""
    started = threading.Event()
    ended: asyncio.Event
    loop: asyncio.AbstractEventLoop
    found: Hazards

    async def run() -> None:
        nonlocal ended, loop, found
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        async with hazards() as found:
            started.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
