"""`python -m deploytui` is the same program as `deploytui`."""

from __future__ import annotations

import sys

from deploytui.cli.main import main

sys.exit(main())
