"""`deploytui import`: a Markdown checklist as YAML; what was recognized and repaired is said line by line."""

from __future__ import annotations

from collections.abc import Iterator

import click
from msgspec.structs import replace

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line, quoted
from deploytui.cli import completion
from deploytui.cli.console import Console, write_new
from deploytui.cli.option import Command, output_option
from deploytui.plan.describe import counts
from deploytui.plan.load import YAML_SUFFIXES, Loaded, load_plan, read_plan


@click.command("import", cls=Command)
@click.argument("file", shell_complete=completion.files, help="the Markdown file")
@click.option("--from-code", is_flag=True, help="also the task lists that stand inside code blocks")
@click.option("--no-tables", is_flag=True, help="no items from the rows of task tables")
@output_option
@click.pass_obj
def command(console: Console, file: str, from_code: bool, no_tables: bool, output: str | None) -> int:
    """A checklist in Markdown as YAML, with what was recognized and repaired."""
    from deploytui.plan.dump import dump_yaml
    from deploytui.plan.markdown import import_markdown

    path = console.path(file)
    if path.suffix.lower() in YAML_SUFFIXES:
        found = f"a checklist in YAML already, {quoted(file)}"
        raise UsageError(Problem(found, "a Markdown file", "`deploytui check`"))
    source = load_plan(path).source
    imported = import_markdown(source, path.name, tables=not no_tables, from_code=from_code)
    text = dump_yaml(imported.node)
    # What cannot be read again is not written.
    loaded = replace(
        read_plan(text.encode(), f"{path.stem}.yaml"),
        name=path.name,
        recognized=imported.recognized,
        repairs=imported.repairs,
        unboxed=imported.unboxed,
    )
    if output is None:
        console.source(text)
        for line in _report(loaded):
            console.remark(line)
    else:
        write_new(console.path(output), text, "the YAML file")
        console.say(*_report(loaded), f"wrote {clean_line(output)}")
    return 0


def _report(loaded: Loaded) -> Iterator[str]:
    tally = counts(loaded.plan, loaded.unboxed)
    others = "".join(f" and {count} {name}" for name, count in loaded.unboxed)
    yield f"{clean_line(loaded.name)}: {tally['items']} items{others}, {tally['plan']} of them in the stages"
    for repair in loaded.repairs:
        yield f"  repaired    line {repair.line}: {repair.found} became {repair.became}"
    for one in loaded.recognized:
        yield f"  recognized  line {one.line}: {one.text}: {one.as_}"
