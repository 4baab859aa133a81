"""`python -m deploytui` is the same program as `deploytui`."""

from __future__ import annotations

from deploytui.cli.main import process

process()
