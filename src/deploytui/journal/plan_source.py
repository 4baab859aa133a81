"""The checklist that a copy of a session is made with."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from deploytui.journal.store import Header


def sound_plan(inside: bytes, header: Header) -> bytes:
    """The checklist inside the file, or where that is damaged the file it came from, if it is still the same."""
    if hashlib.sha256(inside).hexdigest() == header.plan_sha256:
        return inside
    outside = b""
    with contextlib.suppress(OSError):
        if Path(header.plan_path).is_file():
            outside = Path(header.plan_path).read_bytes()
    if hashlib.sha256(outside).hexdigest() != header.plan_sha256:
        raise LookupError(f"the checklist inside is damaged, and {header.plan_path} is not the same any more")
    return outside
