"""One question to a web address, and on to where it redirects. Each step keeps a connection of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploytui import __version__
from deploytui.probes.redirect import MOST_HOPS, Redirects, follow, is_redirect, keeps_secrets
from deploytui.probes.variable import Address, Secret, basic
from deploytui.probes.web import Web

if TYPE_CHECKING:
    from deploytui.probes.connection import Connection, Response


class Trail:
    """The way from one address to its answer: mostly one step, and the same steps every time."""

    def __init__(
        self,
        address: Address,
        token: Secret | None,
        redirects: Redirects,
        web: Web,
        timeout_s: float,
        proxy: Address | None = None,
    ) -> None:
        self._address = address
        self._token = token
        self._redirects = redirects
        self._web = web
        self._timeout_s = timeout_s
        self._proxy = proxy
        self._steps: list[tuple[Address, Connection]] = []
        self._now: Connection | None = None

    @property
    def step(self) -> str:
        """What is being waited for."""
        return "" if self._now is None else self._now.step

    @property
    def is_looking_up(self) -> bool:
        return self._now is not None and self._now.is_looking_up

    def prepare(self) -> None:
        """Load what the first step needs; nothing is sent yet."""
        if not self._steps:
            self._steps.append((self._address, self._open(self._address)))

    async def ask(self) -> tuple[Response, str]:
        """The answer at the end of the redirects; one that is not followed comes with the reason. Raises Fault."""
        self.prepare()
        place = self._address
        for hop in range(MOST_HOPS + 1):
            self._now = await self._at(hop, place)
            response = await self._now.ask()
            if not is_redirect(response.status):
                return response, ""
            found = follow(self._address, place, response.headers.get("location"), self._redirects)
            if isinstance(found, str):
                return response, found
            place = found
        return response, f"redirected more than {MOST_HOPS} times"

    async def close(self) -> None:
        """Let go of every connection; the next question opens them again."""
        for _, connection in self._steps:
            await connection.close()

    async def _at(self, hop: int, place: Address) -> Connection:
        if hop < len(self._steps) and self._steps[hop][0] != place:
            for _, connection in self._steps[hop:]:
                await connection.close()
            del self._steps[hop:]
        if hop == len(self._steps):
            self._steps.append((place, self._open(place)))
        return self._steps[hop][1]

    def _open(self, place: Address) -> Connection:
        token = self._token if keeps_secrets(self._address, place) else None
        return self._web.connection(place, _headers(place, token), self._timeout_s, self._proxy)


def _headers(address: Address, token: Secret | None) -> tuple[tuple[str, Secret], ...]:
    """Headers are all kept as secrets: which of them are is nobody's business to sort out again."""
    headers = {
        "Host": address.authority,
        "User-Agent": f"deploytui/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }
    if token is not None:
        headers["Authorization"] = f"Bearer {token.reveal()}"
    elif address.login is not None:
        headers["Authorization"] = basic(address.login)
    return tuple((name, Secret(value)) for name, value in headers.items())
