"""A broken deploytui for the negative control of the slow disk: it saves on the thread that reads the keys.

`python blocking_save.py WORDS…`, as `deploytui WORDS…`.
"""

from __future__ import annotations

import sys
from contextlib import suppress

from deploytui.base.errors import DeploytuiError
from deploytui.cli.main import main
from deploytui.session.act import Act, By
from deploytui.session.ticket import Ticket
from deploytui.session.writer import Writer

_submit = Writer.submit


def _blocking(writer: Writer, act: Act, by: By) -> Ticket:
    with suppress(DeploytuiError):
        writer._thread._journal.commit(act, by)
    return _submit(writer, act, by)


if __name__ == "__main__":
    Writer.submit = _blocking  # type: ignore[method-assign]
    sys.exit(main())
