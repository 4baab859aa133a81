"""A small web service to deploy against: it is well, slow, full of errors or down, as you type it.

    ./run python docs/demo/service.py

`/health` answers in JSON and `/metrics` in Prometheus' text format. A few visitors of its own ask for `/shop`. Only the
standard library is used, and only 127.0.0.1 is listened on.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import threading
import time
from collections import Counter

SLOW_S = 0.9
MOODS = {
    "ok": "answers at once",
    "slow": f"answers after {SLOW_S} s",
    "errors": "every second answer is an error (503)",
    "down": "nothing listens any more",
}
BUCKETS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5)


class Service:
    """`mood` is one of MOODS. Counters go on while it is down, as they do where a process is only cut off."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mood = "ok"
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._turns: Counter[str] = Counter()
        self._codes: Counter[int] = Counter({200: 0, 503: 0})
        self._took_s: list[int] = [0] * (len(BUCKETS) + 1)
        self._sum_s = 0.0

    async def become(self, mood: str) -> None:
        """Change to another mood; says so on the terminal."""
        self.mood = mood
        if mood == "down":
            await self._stop()
        elif self._server is None:
            self._server = await asyncio.start_server(self._handle, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]
        print(f"{time.strftime('%H:%M:%S')} {mood}: {MOODS[mood]}", flush=True)

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                path = head.split(" ")[1].partition("?")[0]
                began_s = time.monotonic()
                code, kind, body = await self._answer(path)
                if path != "/metrics":
                    self._count(code, time.monotonic() - began_s)
                words = f"HTTP/1.1 {code} {'OK' if code == 200 else 'No'}\r\nContent-Type: {kind}\r\n"
                writer.write(f"{words}Content-Length: {len(body)}\r\n\r\n{body}".encode())
                await writer.drain()
        self._open.discard(writer)
        writer.close()

    async def _answer(self, path: str) -> tuple[int, str, str]:
        if path == "/metrics":
            return 200, "text/plain; version=0.0.4", self._metrics()
        if path not in ("/health", "/shop"):
            return 404, "text/plain", "/health, /shop or /metrics\n"
        if self.mood == "slow":
            await asyncio.sleep(SLOW_S)
        self._turns[path] += 1
        if self.mood == "errors" and self._turns[path] % 2:
            return 503, "application/json", '{"status": "failing"}\n'
        return 200, "application/json", f'{{"status": "ok", "served": {self._turns[path]}}}\n'

    def _count(self, code: int, took_s: float) -> None:
        self._codes[code] += 1
        self._took_s[sum(took_s > bound for bound in BUCKETS)] += 1
        self._sum_s += took_s

    def _metrics(self) -> str:
        lines = ["# TYPE demo_requests_total counter"]
        lines += [
            f'demo_requests_total{{code="{code}"}} {count}' for code, count in sorted(self._codes.items())
        ]
        lines.append("# TYPE demo_request_seconds histogram")
        total = 0
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), self._took_s, strict=True):
            total += count
            lines.append(f'demo_request_seconds_bucket{{le="{bound}"}} {total}')
        lines += [f"demo_request_seconds_sum {self._sum_s}", f"demo_request_seconds_count {total}"]
        return "\n".join(lines) + "\n"


async def visit(service: Service, every_s: float) -> None:
    """One visitor after another, whatever becomes of each."""
    ongoing: set[asyncio.Task[None]] = set()
    while True:
        task = asyncio.create_task(_ask(service.port))
        ongoing.add(task)
        task.add_done_callback(ongoing.discard)
        await asyncio.sleep(every_s)


async def _ask(port: int) -> None:
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /shop HTTP/1.1\r\nHost: demo\r\n\r\n")
            await reader.read(1024)
            writer.close()


def lines_typed() -> asyncio.Queue[str]:
    """What is typed, line by line; an empty text is the end. Nothing waits for the thread that reads."""
    typed: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(typed.put_nowait, line)
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(typed.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()
    return typed


def _whole(text: str) -> int:
    """`int` would read 8_321, and the digits of every script."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


async def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--port", type=_whole, default=8321, help="8321; 0 takes any free one")
    words.add_argument("--visitors", type=float, default=10, help="how many a second; 10")
    given = words.parse_args()
    service = Service(given.port)
    try:
        await service.become("ok")
    except OSError as error:
        sys.exit(f"error: port {given.port} cannot be listened on ({error.strerror}); try --port 0")
    print(f"listening on http://127.0.0.1:{service.port}; type {', '.join(MOODS)} or quit", flush=True)
    visitors = asyncio.create_task(visit(service, 1 / given.visitors)) if given.visitors else None
    typed = lines_typed()
    while line := await typed.get():
        word = line.strip().lower()
        if word in ("q", "quit", "exit"):
            break
        if word in MOODS:
            await service.become(word)
        elif word:
            print(f"type {', '.join(MOODS)} or quit", flush=True)
    if visitors is not None:
        visitors.cancel()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
