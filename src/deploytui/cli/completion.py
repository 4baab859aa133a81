"""Completion scripts for three shells, from the declarations. They start no program: a Tab must not wait.

Names of sessions come from file names, which anybody may have made: only names that are plain are offered, and
none is ever expanded by the shell.
"""

from __future__ import annotations

from collections.abc import Iterable

from deploytui.cli.catalog import COMMANDS, GLOBAL, PICK
from deploytui.cli.declaration import Argument, Command

_EVERYWHERE = (*GLOBAL, Argument("--help", "help on this command", short="-h"))


def script(shell: str) -> str:
    """The completion script for bash, zsh or fish."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell]()


def _options(command: Command) -> tuple[Argument, ...]:
    return (*command.options, *_EVERYWHERE)


# -- bash ----------------------------------------------------------------------------------------------

_BASH_HEAD = """\
# bash completion of deploytui
_deploytui_state() {
    local folder="${DEPLOYTUI_STORE:-${DEPLOYTUI_STATE_DIR:-${XDG_STATE_HOME:-$HOME/.local/state}/deploytui}}"
    local path name
    for path in "$folder"/*.deploytui; do
        name="${path##*/}"
        name="${name%.deploytui}"
        if [[ "$name" =~ ^[A-Za-z0-9._-]{1,80}$ && "$name" == "$1"* ]]; then COMPREPLY+=("$name"); fi
    done
}
_deploytui_files() {
    local name
    compopt -o filenames 2>/dev/null
    while IFS= read -r name; do
        if [[ -z "$2" || -d "$name" || "$name" =~ $2 ]]; then COMPREPLY+=("$name"); fi
    done < <(compgen -f -- "$1")
}
_deploytui_kind() {
    case "$1" in
    session) _deploytui_state "$2"; if [[ "$2" == */* ]]; then _deploytui_files "$2" '\\.deploytui$'; fi ;;
    checklist) _deploytui_files "$2" '\\.(yaml|yml|md)$' ;;
    file) _deploytui_files "$2" '' ;;
    folder) _deploytui_files "$2" '\\.deploytui$' ;;
    esac
}
_deploytui() {
    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}"
    local at command="" options="" valued="" word
    local -a kinds=()
    local position=0
    COMPREPLY=()
"""
_BASH_TAIL = """\
    case "$cur" in
    -*) word="$options" ;;
    *)
        if [[ -z "$command" ]]; then word="$commands"; else word=""; fi
        if [[ -n "$command" && -n "${kinds[position]:-}" ]]; then
            case "${kinds[position]}" in
            words:*) word="${kinds[position]#words:}" ;;
            *) _deploytui_kind "${kinds[position]}" "$cur"; return ;;
            esac
        fi
        ;;
    esac
    while IFS= read -r at; do COMPREPLY+=("$at"); done < <(compgen -W "$word" -- "$cur")
}
complete -F _deploytui deploytui
"""


def _bash() -> str:
    lines = [_BASH_HEAD.rstrip("\n")]
    lines.append(f'    local commands="{_words(command.name for command in COMMANDS)}"')
    everything = {arg.name: arg for command in (PICK, *COMMANDS) for arg in _options(command)}
    valued = _words(name for name, arg in everything.items() if arg.takes_value)
    lines += [
        f'    valued=" {valued} "',
        "    for (( at = 1; at < COMP_CWORD; at++ )); do",
        '        word="${COMP_WORDS[at]}"',
        '        if [[ "$valued" == *" $word "* ]]; then (( at++ )); continue; fi',
        '        if [[ "$word" == -* ]]; then continue; fi',
        '        if [[ -z "$command" ]]; then command="$word"; else (( position++ )); fi',
        "    done",
        '    case "$command" in',
    ]
    for command in (PICK, *COMMANDS):
        kinds = " ".join(f"'{_bash_kind(arg)}'" for arg in command.positionals)
        names = _words(arg.name for arg in _options(command))
        lines.append(f"    '{command.name}') options=\"{names}\"; kinds=({kinds}) ;;")
    lines += ["    esac", '    case "$prev" in']
    for name, arg in everything.items():
        if arg.choices:
            word = _words(arg.choices)
            lines.append(
                f'    {name}) while IFS= read -r at; do COMPREPLY+=("$at"); done'
                f' < <(compgen -W "{word}" -- "$cur"); return ;;'
            )
        elif arg.takes_value:
            lines.append(f'    {name}) _deploytui_kind "{arg.completes}" "$cur"; return ;;')
    lines.append("    esac")
    return "\n".join(lines) + "\n" + _BASH_TAIL


def _bash_kind(argument: Argument) -> str:
    return "words:" + _words(argument.choices) if argument.choices else argument.completes


def _words(names: Iterable[str]) -> str:
    return " ".join(name for name in names if name)


# -- zsh -----------------------------------------------------------------------------------------------

_ZSH_HEAD = """\
#compdef deploytui
# zsh completion of deploytui
_deploytui_session() {
    local folder="${DEPLOYTUI_STORE:-${DEPLOYTUI_STATE_DIR:-${XDG_STATE_HOME:-$HOME/.local/state}/deploytui}}"
    local -a names
    names=("$folder"/*.deploytui(N:t:r))
    names=("${(@M)names:#[A-Za-z0-9._-]##}")
    compadd -- "${names[@]}"
    _files -g '*.deploytui'
}
_deploytui() {
    setopt localoptions extendedglob
    local curcontext="$curcontext" state line
    typeset -A opt_args
    local -a commands everywhere
"""
_ZSH_TAIL = """\
        esac
        ;;
    esac
}
if [[ "$funcstack[1]" == _deploytui ]]; then _deploytui "$@"; else compdef _deploytui deploytui; fi
"""
_ZSH_ACTIONS = {
    "checklist": "_files -g '*.(yaml|yml|md)'",
    "session": "_deploytui_session",
    "file": "_files",
    "folder": "_files",
    "": " ",
}


def _zsh() -> str:
    lines = [_ZSH_HEAD.rstrip("\n"), "    commands=("]
    lines += [f"        {_zsh_quoted(f'{command.name}:{command.help}')}" for command in COMMANDS]
    lines.append("    )")
    everywhere = " ".join(_zsh_quoted(_zsh_option(arg)) for arg in _EVERYWHERE)
    options = " ".join(_zsh_quoted(_zsh_option(arg)) for arg in PICK.options)
    lines += [
        f"    everywhere=({everywhere})",
        f"    _arguments -C $everywhere {options} '1:command:->command' '*::argument:->argument'",
        "    case $state in",
        "    command) _describe -t commands command commands ;;",
        "    argument)",
        "        case $words[1] in",
    ]
    for command in COMMANDS:
        specs = [_zsh_option(arg) for arg in command.options]
        specs += [_zsh_place(at, arg) for at, arg in enumerate(command.positionals, 1)]
        lines.append(f"        {command.name}) _arguments $everywhere {' '.join(map(_zsh_quoted, specs))} ;;")
    return "\n".join(lines) + "\n" + _ZSH_TAIL


def _zsh_option(argument: Argument) -> str:
    text = f"{argument.name}[{argument.help.replace('[', '(').replace(']', ')')}]"
    if argument.is_repeated:
        text = "*" + text
    return (
        f"{text}:{argument.metavar or argument.name.lstrip('-')}:{_zsh_action(argument)}"
        if argument.takes_value
        else text
    )


def _zsh_place(at: int, argument: Argument) -> str:
    mark = "::" if argument.is_optional else ":"
    return f"{at}{mark}{argument.name}:{_zsh_action(argument)}"


def _zsh_action(argument: Argument) -> str:
    return f"({' '.join(argument.choices)})" if argument.choices else _ZSH_ACTIONS[argument.completes]


def _zsh_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


# -- fish ----------------------------------------------------------------------------------------------

_FISH_HEAD = """\
# fish completion of deploytui
function __deploytui_sessions
    set -l folder $HOME/.local/state/deploytui
    set -q XDG_STATE_HOME; and set folder $XDG_STATE_HOME/deploytui
    set -q DEPLOYTUI_STATE_DIR; and set folder $DEPLOYTUI_STATE_DIR
    set -q DEPLOYTUI_STORE; and set folder $DEPLOYTUI_STORE
    for path in $folder/*.deploytui
        string match -r '^[A-Za-z0-9._-]{1,80}$' -- (string replace -r '.*/(.*)\\.deploytui$' '$1' -- $path)
    end
end
complete -c deploytui -f
"""
_FISH_ARGS = {
    "checklist": "-F",
    "file": "-F",
    "folder": "-F",
    "session": "-f -a '(__deploytui_sessions)'",
    "": "-f",
}


def _fish() -> str:
    lines = [_FISH_HEAD.rstrip("\n")]
    top = "__fish_use_subcommand"
    for command in COMMANDS:
        lines.append(f"complete -c deploytui -n {top} -a {command.name} -d {_fish_quoted(command.help)}")
    lines += [_fish_option(arg, "") for arg in _EVERYWHERE]
    for command in COMMANDS:
        seen = f"-n '__fish_seen_subcommand_from {command.name}'"
        lines += [_fish_option(arg, seen) for arg in command.options]
        for argument in command.positionals:
            words = (
                f"-f -a {_fish_quoted(' '.join(argument.choices))}"
                if argument.choices
                else _FISH_ARGS[argument.completes]
            )
            if words != "-f":
                lines.append(f"complete -c deploytui {seen} {words}")
    return "\n".join(lines) + "\n"


def _fish_option(argument: Argument, condition: str) -> str:
    parts = ["complete -c deploytui", condition]
    if argument.short:
        parts.append(f"-s {argument.short.lstrip('-')}")
    parts.append(f"-l {argument.name.lstrip('-')}")
    if argument.choices:
        parts.append(f"-x -a {_fish_quoted(' '.join(argument.choices))}")
    elif argument.takes_value:
        parts.append("-r -F" if argument.completes else "-x")
    parts.append(f"-d {_fish_quoted(argument.help)}")
    return " ".join(part for part in parts if part)


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
