"""From the one table of commands to Textual's bindings: a widget names the commands it does, and the action of each."""

from __future__ import annotations

from collections.abc import Mapping

from textual.binding import Binding

from deploytui.ui.command import BY_ID


def bindings(actions: Mapping[str, str]) -> list[Binding]:
    """A binding for each command id. No priority: such a key would act through dialogs."""
    return [
        Binding(",".join(BY_ID[name].keys), action, BY_ID[name].title, show=False, id=name)
        for name, action in actions.items()
        if BY_ID[name].keys
    ]
