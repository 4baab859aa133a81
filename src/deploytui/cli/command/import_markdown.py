"""`deploytui import`: a Markdown checklist as YAML; what was recognized and repaired is said line by line."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line, quoted
from deploytui.cli.console import Console
from deploytui.plan.describe import counts
from deploytui.plan.dump import dump_yaml
from deploytui.plan.load import YAML_SUFFIXES, Loaded, load_plan, read_plan
from deploytui.plan.markdown import import_markdown


def run(console: Console, args: Namespace) -> int:
    path = console.path(args.file)
    if path.suffix.lower() in YAML_SUFFIXES:
        found = f"a checklist in YAML already, {quoted(args.file)}"
        raise UsageError(Problem(found, "a Markdown file", "`deploytui check`"))
    loaded = load_plan(path)
    text = dump_yaml(import_markdown(loaded.source, loaded.name).node)
    read_plan(text.encode(), f"{path.stem}.yaml")  # what cannot be read again is not written
    if args.output is None:
        console.source(text)
        for line in _report(loaded):
            console.remark(line)
    else:
        _write(console.path(args.output), text)
        console.say(*_report(loaded), f"wrote {clean_line(args.output)}")
    return 0


def _report(loaded: Loaded) -> Iterator[str]:
    tally = counts(loaded.plan)
    yield f"{clean_line(loaded.name)}: {tally['items']} items, {tally['plan']} of them in the stages"
    for repair in loaded.repairs:
        yield f"  repaired    line {repair.line}: {repair.found} became {repair.became}"
    for one in loaded.recognized:
        yield f"  recognized  line {one.line}: {one.text}: {one.as_}"


def _write(path: Path, text: str) -> None:
    """A new file: one that is there may hold a day's work."""
    shown = clean_line(str(path))
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, 0o666), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(Problem("a file of that name", "a new name", file=shown)) from None
    except OSError as error:
        why = (error.strerror or "it cannot be written").lower()
        raise UsageError(Problem(why, "a place for the YAML file", file=shown)) from None
