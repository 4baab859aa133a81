"""One run of one plan. The only way to change a session: act -> rule -> durable append -> fold."""

from __future__ import annotations
