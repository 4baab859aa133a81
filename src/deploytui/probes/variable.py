"""The plan's `${variables}` with tonight's values. A secret one can be used, and cannot be shown by accident."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from deploytui.base.mask import URL_SAFE, is_named_secret
from deploytui.base.text import clean_line
from deploytui.plan.model import Variable

MASK = "•••"
_MOST_TARGET = 64 * 1024  # what httpx takes
_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"\$\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, repr=False)  # rich would tell the fields of a Struct
class Secret:
    """A text that prints as a mask, also in tracebacks and logs; `reveal` is for the one place that uses it."""

    _text: str

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"


class Filled(Struct, frozen=True):
    """A text of the plan with its variables in. `shown` has a mask where a secret stands."""

    text: Secret
    shown: str


class Unset(Exception):
    """A text of the plan cannot be used yet; the message says which value is missing and how to give it."""


class Variables:
    """Values come from `--set`, else from the plan, else from the environment variable the plan names. `environ` is what
    commands find in their environment, besides what is added for them."""

    def __init__(
        self, declared: Sequence[Variable], given: Mapping[str, str], environ: Mapping[str, str]
    ) -> None:
        self._declared = {variable.name: variable for variable in declared}
        self._given = {name: Secret(value) for name, value in given.items()}
        self.environ = environ

    def fill(self, text: str) -> Filled:
        """`text` with every `${name}` replaced. Raises Unset for the first that has no value."""
        used = _NAME.sub(lambda found: self.value(found[1]), text)
        shown = _NAME.sub(lambda found: MASK if self.is_secret(found[1]) else self.value(found[1]), text)
        return Filled(Secret(used), clean_line(shown))

    def put(self, text: str, place: Callable[[str], str]) -> str:
        """A command's word with `place(name)` where a declared variable stands; nothing that is put in is read again."""
        return _NAME.sub(lambda found: place(found[1]) if found[1] in self._declared else found[0], text)

    def taken(self, *texts: str) -> tuple[str, ...]:
        """The environment variables whose values these texts take, each once."""
        names = [name for text in texts for name in _NAME.findall(text)]
        return tuple(dict.fromkeys(env for name in names if (env := self._found(name)[1])))

    def token(self, env: str) -> Secret | None:
        """The access token in the environment variable `env`; None where the plan names none."""
        if not env:
            return None
        if not self.environ.get(env, "").strip():
            raise Unset(f"{env} is not set in the environment")
        return token(self.environ[env], env)

    def is_secret(self, name: str) -> bool:
        """Whether the checklist says that this value is shown nowhere, or the name says it where it is taken from."""
        declared = self._declared.get(name)
        return declared is not None and (declared.is_secret or is_named_secret(self._found(name)[1]))

    def value(self, name: str) -> str:
        """Tonight's value. Raises Unset with how to give one."""
        value, env = self._found(name)
        if value:
            return value
        how = f"{env} in the environment, or " if env else ""
        raise Unset(f"{clean_line(name)} is not set ({how}--set {clean_line(name)}=…)")

    def _found(self, name: str) -> tuple[str, str]:
        """The value, "" where there is none; and the environment variable that it is taken from."""
        variable, given = self._declared.get(name), self._given.get(name, Secret("")).reveal()
        if given or variable is None:
            return given, ""
        if variable.value or not variable.env:
            return variable.value or "", ""
        return self.environ.get(variable.env, ""), variable.env


def token(text: str, place: str) -> Secret:
    """A bearer token as it can stand in a header. Raises Unset, naming its place and never its text."""
    text = text.strip()
    if not text or not text.isascii() or not text.isprintable():
        raise Unset(f"{place} holds no token: it is empty or has characters that no token has")
    return Secret(text)


class Address(Struct, frozen=True):
    """An http or https URL taken apart. Everything but `shown` may hold secrets, and stays out of its repr."""

    shown: str
    scheme: str
    host: str
    port: int
    target: Secret
    login: Secret | None = None

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def ascii_host(name: str) -> str:
    """As it is looked up. Raises UnicodeError, a ValueError."""
    return name.encode("idna").decode("ascii")


def address(filled: Filled) -> Address:
    """The URL taken apart. Raises Unset where it cannot be asked; a broken URL is not shown, it may hold a login."""
    url = filled.text.reveal().strip()
    try:
        parts = urlsplit(url)
        scheme, port = parts.scheme.lower(), parts.port
        host = ascii_host(parts.hostname or "")
    except ValueError:
        raise Unset("its address is not a URL") from None
    if scheme not in ("http", "https"):
        raise Unset("its address does not start with http:// or https://")
    if not host or any(char <= " " or char == "\x7f" for char in url):
        raise Unset("its address is not a URL: it has no host, or blanks in it")
    target = quote(parts.path or "/", safe=URL_SAFE)
    if parts.query:
        target += "?" + quote(parts.query, safe=URL_SAFE + "?")
    if len(target) > _MOST_TARGET:
        raise Unset("its address is longer than 64 KiB")
    login = None
    if parts.username is not None:
        login = Secret(f"{unquote(parts.username)}:{unquote(parts.password or '')}")
    shown = display_url(filled.shown)
    return Address(shown, scheme, host, port or _PORTS[scheme], Secret(target), login)


class Endpoint(Struct, frozen=True):
    """A `host:port` taken apart."""

    shown: str
    host: str
    port: int


def endpoint(filled: Filled) -> Endpoint:
    """The host and the port. Raises Unset where there is none."""
    try:
        parts = urlsplit(f"//{filled.text.reveal().strip()}")
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        host, port = "", None
    if not host or port is None or parts.path or parts.username is not None:
        raise Unset("its address is not host:port")
    return Endpoint(filled.shown, host, port)


def display_url(url: str) -> str:
    """`scheme://host[:port]/path?…`: without the login, and without what stands behind the question mark."""
    head, mark, _ = url.strip().partition("?")
    scheme, _, rest = head.partition("#")[0].partition("://")
    place, slash, path = rest.partition("/")
    if "@" in path:  # a login with an unescaped slash looks like this
        path = "…"
    return clean_line(f"{scheme}://{place.rpartition('@')[2]}{slash}{path}{'?…' if mark else ''}")
