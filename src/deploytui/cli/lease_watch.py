"""What a follower knows of the driver: alive, silent, or gone. Looked at on the store's thread, once a second."""

from __future__ import annotations

from deploytui.base.clock import Clock
from deploytui.base.text import clean_line
from deploytui.base.units import over
from deploytui.journal.event import Event
from deploytui.journal.lease import BeatWatch, holder_is_dead
from deploytui.journal.store import Appended, Lease
from deploytui.session.act import Act, By
from deploytui.session.history import Earlier
from deploytui.session.session import Session
from deploytui.session.viewer import Viewer

_EVERY_S = 1.0
_SILENT_S = 12.0  # two beats that did not come


class WatchedSession:
    """A session for the store's thread which, while it only follows, keeps the note beside the driver's name true."""

    def __init__(self, session: Session, viewer: Viewer, clock: Clock, note: str) -> None:
        self._session = session
        self._viewer = viewer
        self._clock = clock
        self._note = note
        self._looked_s = clock.monotonic_s()
        self._watch = BeatWatch(session.store.lease(), self._looked_s)
        self._look(self._looked_s)

    @property
    def is_driving(self) -> bool:
        return self._session.is_driving

    def commit(self, act: Act, by: By) -> Appended:
        return self._session.commit(act, by)

    def poll(self) -> Appended:
        appended = self._session.poll()
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_s >= _EVERY_S:
            self._looked_s = now_s
            self._look(now_s)
        return appended

    @property
    def is_all_read(self) -> bool:
        return self._session.is_all_read

    def read_earlier(self) -> Earlier | None:
        return self._session.read_earlier()

    def page(self, after_seq: int, limit: int) -> list[Event]:
        return self._session.page(after_seq, limit)

    def beat(self) -> bool:
        return self._session.beat()

    def leave(self, by: By) -> None:
        self._session.leave(by)

    def _look(self, now_s: float) -> None:
        if self._session.is_driving:
            self._viewer.driver_note = ""
            return
        lease = self._session.store.lease()
        said = [self._note, *_of_driver(lease, self._watch.silent_s(lease, now_s))]
        self._viewer.driver_note = ", ".join(part for part in said if part)


def _of_driver(lease: Lease, silent_s: float) -> list[str]:
    if lease.holder is None:
        return []
    place = f"on {clean_line(lease.holder.host)}"
    if holder_is_dead(lease.holder):
        return [place, "whose program is gone"]
    return [place, f"silent {over(silent_s)}"] if silent_s >= _SILENT_S else [place]
