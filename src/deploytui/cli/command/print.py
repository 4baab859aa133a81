"""`deploytui print`: a checklist, or the one inside a session, as Markdown with boxes, for paper or a ticket."""

from __future__ import annotations

import os
from argparse import Namespace

from deploytui.base.errors import Problem, UsageError
from deploytui.base.paths import SESSION_SUFFIX
from deploytui.base.text import quoted
from deploytui.cli.beginning import hidden_texts
from deploytui.cli.checklist import find_checklist
from deploytui.cli.console import Console
from deploytui.cli.opened import plan_of
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.journal.fold import fold
from deploytui.journal.sqlite import open_store
from deploytui.plan.load import load_plan
from deploytui.plan.model import Plan
from deploytui.report.printable import printable
from deploytui.session.unplanned import with_unplanned


def run(console: Console, args: Namespace) -> int:
    plan = _plan(console, args)
    console.hide(hidden_texts(plan, {}, console.env))
    console.source(printable(plan, console.mask, console.drawn))
    return 0


def _plan(console: Console, args: Namespace) -> Plan:
    """A checklist comes before a session of the same name; a session file is known by its suffix."""
    if args.what.endswith(SESSION_SUFFIX):
        return _inside(console, args)
    try:
        path = find_checklist(console, args.what)
    except UsageError:
        if os.sep in args.what:
            raise
        try:
            return _inside(console, args)
        except UsageError:
            found = f"no checklist and no session {quoted(args.what)}"
            raise UsageError(Problem(found, try_="the path of a file, or `deploytui sessions`")) from None
    return load_plan(path).plan


def _inside(console: Console, args: Namespace) -> Plan:
    path = find_named(console, shelf_of(console, args.store), args.what)
    store = open_store(path, writable=False, clock=console.clock)
    try:
        return with_unplanned(plan_of(store), fold(store.events()).inserted)
    finally:
        store.close()
