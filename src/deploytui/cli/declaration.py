"""What a command is on the command line: one declaration feeds the parser, the help, the README and completion."""

from __future__ import annotations

from msgspec import Struct


class Argument(Struct, frozen=True):
    """One argument. A `name` with dashes is an option; with `metavar` it takes a value, without it is a flag.

    `completes` says what a shell offers for its value: checklist, session, file, folder, or nothing ("").
    `group` names options of which only one may be given.
    """

    name: str
    help: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    completes: str = ""
    short: str = ""
    group: str = ""
    is_optional: bool = False
    is_repeated: bool = False
    is_required: bool = False

    @property
    def is_option(self) -> bool:
        return self.name.startswith("-")

    @property
    def takes_value(self) -> bool:
        return bool(self.metavar or self.choices) or not self.is_option

    @property
    def dest(self) -> str:
        """The attribute it becomes; two names are Python's own words."""
        plain = self.name.lstrip("-").replace("-", "_").lower()
        return {"as": "as_", "from": "from_"}.get(plain, plain)


class Command(Struct, frozen=True):
    """One command: `module` is its file in `cli/command`, imported when it is needed."""

    name: str
    help: str
    module: str
    arguments: tuple[Argument, ...] = ()
    epilog: str = ""

    @property
    def positionals(self) -> tuple[Argument, ...]:
        return tuple(argument for argument in self.arguments if not argument.is_option)

    @property
    def options(self) -> tuple[Argument, ...]:
        return tuple(argument for argument in self.arguments if argument.is_option)

    @property
    def synopsis(self) -> str:
        """`deploytui run CHECKLIST`: the command with its positional arguments."""
        words = [f"[{arg.name}]" if arg.is_optional else arg.name for arg in self.positionals]
        return " ".join(part for part in ("deploytui", self.name, *words) if part)
