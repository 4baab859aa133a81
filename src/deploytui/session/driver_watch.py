"""What a follower knows of the driver, in words: alive, silent, or gone."""

from __future__ import annotations

from deploytui.base.text import clean_line
from deploytui.base.units import over
from deploytui.journal.lease import BeatWatch, holder_is_dead
from deploytui.journal.store import Lease

_SILENT_S = 12.0  # two beats that did not come


class DriverWatch:
    """`why` is why this process only follows, and stands before what is seen of the driver. Used on one thread."""

    def __init__(self, lease: Lease, mono_s: float, why: str = "") -> None:
        self._beats = BeatWatch(lease, mono_s)
        self._why = why

    def look(self, lease: Lease, mono_s: float, *, is_driving: bool) -> str:
        """The note beside the driver's name; "" for whoever drives."""
        if is_driving:
            return ""
        said = [self._why, *_of_driver(lease, self._beats.silent_s(lease, mono_s))]
        return ", ".join(part for part in said if part)


def _of_driver(lease: Lease, silent_s: float) -> list[str]:
    if lease.holder is None:
        return []
    place = f"on {clean_line(lease.holder.host)}"
    if holder_is_dead(lease.holder):
        return [place, "whose program is gone"]
    return [place, f"silent {over(silent_s)}"] if silent_s >= _SILENT_S else [place]
