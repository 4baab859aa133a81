"""`deploytui import`: a Markdown checklist as YAML; what was recognized and repaired is said line by line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from msgspec.structs import replace

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line, quoted
from deploytui.cli.console import Console
from deploytui.cli.output import write_new
from deploytui.plan.describe import counts
from deploytui.plan.dump import dump_yaml
from deploytui.plan.load import YAML_SUFFIXES, Loaded, load_plan, read_plan
from deploytui.plan.markdown import import_markdown


def run(console: Console, args: Namespace) -> int:
    path = console.path(args.file)
    if path.suffix.lower() in YAML_SUFFIXES:
        found = f"a checklist in YAML already, {quoted(args.file)}"
        raise UsageError(Problem(found, "a Markdown file", "`deploytui check`"))
    source = load_plan(path).source
    imported = import_markdown(source, path.name, tables=not args.no_tables, from_code=args.from_code)
    text = dump_yaml(imported.node)
    # What cannot be read again is not written.
    loaded = replace(
        read_plan(text.encode(), f"{path.stem}.yaml"),
        name=path.name,
        recognized=imported.recognized,
        repairs=imported.repairs,
        unboxed=imported.unboxed,
    )
    if args.output is None:
        console.source(text)
        for line in _report(loaded):
            console.remark(line)
    else:
        write_new(console.path(args.output), text, "the YAML file")
        console.say(*_report(loaded), f"wrote {clean_line(args.output)}")
    return 0


def _report(loaded: Loaded) -> Iterator[str]:
    tally = counts(loaded.plan, loaded.unboxed)
    others = "".join(f" and {count} {name}" for name, count in loaded.unboxed)
    yield f"{clean_line(loaded.name)}: {tally['items']} items{others}, {tally['plan']} of them in the stages"
    for repair in loaded.repairs:
        yield f"  repaired    line {repair.line}: {repair.found} became {repair.became}"
    for one in loaded.recognized:
        yield f"  recognized  line {one.line}: {one.text}: {one.as_}"
