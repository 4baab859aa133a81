"""No runtime text is ever read as markup: a look at every call in the room that could do it.

A plain string given to one of Textual's widgets is parsed: `[@click=app.quit]` acts when clicked. The panes
draw segments, which nothing parses; where a widget of Textual's is used, its text is a literal or `Content`.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / "src" / "deploytui" / "ui"
# Widgets that parse what they are given, functions and attributes that hand text to one.
WIDGETS = frozenset(
    [
        "Static",
        "Label",
        "Button",
        "Checkbox",
        "RadioButton",
        "ToggleButton",
        "Option",
        "Selection",
        "Select",
        "Collapsible",
        "Tab",
        "TabPane",
        "Tree",
        "TreeNode",
        "DataTable",
        "Digits",
        "Header",
        "Link",
        "ListItem",
        "LoadingIndicator",
        "Log",
        "Markdown",
        "Notification",
        "OptionList",
        "Placeholder",
        "Rule",
        "SelectionList",
        "Switch",
        "TextArea",
        "Toast",
        "Tooltip",
    ]
)
METHODS = frozenset(
    [
        "notify",
        "add_option",
        "add_row",
        "add_rows",
        "add_column",
        "add_columns",
        "add_leaf",
        "add_node",
        "set_label",
    ]
)
ATTRIBUTES = frozenset(["tooltip", "border_title", "border_subtitle"])
# These parse whatever they get, so they get literals only; the last two would run it.
PARSERS = frozenset(["from_markup", "render_markup", "visualize", "parse", "run_action", "simulate_key"])
MAKERS = frozenset({"Content", "Content.assemble", "Content.styled", "Text", "Text.assemble"})
# Words that are no text: they name, place or style a widget.
NO_TEXT = frozenset(
    [
        "default_namespace",
        "id",
        "classes",
        "disabled",
        "variant",
        "markup",
        "severity",
        "timeout",
        "compact",
        "key",
        "width",
        "height",
    ]
)


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.IfExp):
        return is_literal(node.body) and is_literal(node.orelse)
    if dotted(node).endswith(".binding.action"):  # what we bound ourselves
        return True
    if isinstance(node, ast.JoinedStr):
        return all(isinstance(part, ast.Constant) for part in node.values)
    if not isinstance(node, ast.Call):
        return False
    return (
        dotted(node.func) in MAKERS or dotted(node.func) in WIDGETS
    )  # the inner call is looked at by itself


def texts(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(word.value for word in call.keywords if word.arg not in NO_TEXT)]


def findings(source: str) -> list[str]:
    """What could be read as markup in a module, each with its line."""
    tree = ast.parse(source)
    found: list[str] = []
    draws_widgets = any(
        isinstance(node, ast.ImportFrom) and node.module == "textual.widgets"
        and any(name.name in WIDGETS for name in node.names)
        for node in ast.walk(tree)
    )  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func).rpartition(".")[2]
            risky = name in WIDGETS or name in METHODS or (name == "update" and draws_widgets)
            parser = name in PARSERS and not dotted(node.func).startswith(("Color.", "json."))
            if (risky or parser) and not all(map(is_literal, texts(node))):
                found.append(f"{node.lineno}: {name}")
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        for target in targets:
            value = getattr(node, "value", None)
            if (
                isinstance(target, ast.Attribute)
                and target.attr in ATTRIBUTES
                and value
                and not is_literal(value)
            ):
                found.append(f"{target.lineno}: {target.attr}")
    return found


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: str(path.relative_to(UI)))
def test_every_text_given_to_a_widget_is_a_literal_or_content(path: Path) -> None:
    assert findings(path.read_text()) == []


def test_the_room_is_looked_at() -> None:
    assert len(list(UI.rglob("*.py"))) > 20


WRONG = [
    "Static(item.label)",
    'Label(f"{name}")',
    "widgets.Button(text)",
    "OptionList(Option(title))",
    "self.notify(str(error))",
    'self.notify("saved", title=name)',
    "self.tooltip = text",
    "pane.border_title = view.title",
    "table.add_row(a, b)",
    "Content.from_markup(text)",
    "Text.from_markup(text)",
    "self.app.run_action(action)",
    'Static("a" if x else y)',
    "from textual.widgets import Static\nself.query_one(Static).update(text)",
    "node: X = 1\nself.border_subtitle: str = t",
]
RIGHT = [
    'Static("ready")',
    "Static(Content(text))",
    "Static(Content.assemble((text, style)), id=name)",
    'notify("saved")',
    "self.tooltip = None",
    'Static("a" if x else "b")',
    "counts.update(other)",
    "Color.parse(text)",
    "Static()",
    "pane.border_title = Content(text)",
    "Input(value=text, placeholder=text)",
    "self.app.run_action(active.binding.action, default_namespace=active.node)",
]


@pytest.mark.parametrize("source", WRONG)
def test_the_look_finds_what_is_wrong(source: str) -> None:
    assert len(findings(source)) == 1


@pytest.mark.parametrize("source", RIGHT)
def test_the_look_leaves_what_is_right(source: str) -> None:
    assert findings(source) == []
