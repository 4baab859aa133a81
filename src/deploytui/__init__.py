"""deploytui: a terminal dashboard for a live deployment window."""

from __future__ import annotations

__version__ = "0.1.0"
