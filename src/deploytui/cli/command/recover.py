"""`deploytui recover`: the sound part of a damaged session, copied to a new one. The old file is left as it is."""

from __future__ import annotations

import os
from argparse import Namespace

from deploytui.base.paths import SESSION_SUFFIX
from deploytui.base.text import clean_line
from deploytui.cli.console import Console
from deploytui.cli.person import acting
from deploytui.cli.shelf import checked_name, find_named, shelf_of
from deploytui.journal.draft_store import DraftsLost, copy_drafts
from deploytui.journal.recover import recover
from deploytui.journal.sample_store import samples_path
from deploytui.journal.sqlite_samples import copy_samples


def run(console: Console, args: Namespace) -> int:
    shelf = shelf_of(console, args.store)
    old = find_named(console, shelf, args.old)
    if os.sep in args.new:
        new = console.path(args.new)
    else:
        new = shelf.folder / (checked_name(args.new) + SESSION_SUFFIX)
    by = acting(console, args.as_).name
    found = recover(old, new, by=by, clock=console.clock, allow_network_fs=args.allow_network_fs)
    lost = f"what came after is lost ({clean_line(found.stopped)})" if found.stopped else "nothing was lost"
    console.say(f"recovered {found.kept} events into {clean_line(str(new))}; {lost}")
    try:
        if begun := copy_drafts(old, new, found.header):
            console.say(f"half-typed texts were copied too: {begun}")
    except DraftsLost as lost:
        console.say(f"half-typed texts could not be copied: {lost}")
    past = samples_path(old)
    if past.is_file():
        is_copied = copy_samples(past, samples_path(new))
        console.say(
            "the gauges' past was copied too" if is_copied else "the gauges' past could not be copied"
        )
    return 0
