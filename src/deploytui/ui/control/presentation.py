"""What the screen itself is: frozen, locked, unmasked for a while. None of it changes the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deploytui.base.units import clock_z
from deploytui.ui.control.talk import Talk
from deploytui.ui.paint.bar import Chips
from deploytui.ui.paint.skin import Role
from deploytui.ui.service import Services

UNMASK_S = 30.0


class Presentation:
    """`changed` shows the chips anew, `thawed` all that moved meanwhile, and `repaint` everything that may be masked."""

    def __init__(
        self,
        services: Services,
        talk: Talk,
        *,
        changed: Callable[[], None],
        thawed: Callable[[], None],
        repaint: Callable[[], None],
    ) -> None:
        self._services, self._talk = services, talk
        self._changed, self._thawed, self._repaint = changed, thawed, repaint
        self.frozen_at = ""
        self._unmasked_until_s = 0.0
        self.commands: Mapping[str, Callable[[], None]] = {
            "screen.freeze": self._freeze,
            "screen.lock": self._lock,
            "screen.unmask": self._unmask,
        }

    def chips(self, hidden: int) -> Chips:
        """The small words for it; `hidden` texts are masked in sight."""
        left_s = self._unmasked_until_s - self._services.machine.monotonic_s()
        return Chips(
            frozen=self.frozen_at,
            is_locked=self._services.guard.is_locked,
            hidden=hidden,
            unmasked_s=max(0, int(left_s + 0.999)) if self._unmasked_until_s else 0,
        )

    def look(self) -> None:
        """What was unmasked is masked again when its time is over."""
        if self._unmasked_until_s and self._services.machine.monotonic_s() >= self._unmasked_until_s:
            self._mask()

    def _mask(self) -> None:
        self._unmasked_until_s = 0.0
        self._services.skin.is_unmasked = False
        self._repaint()

    def _freeze(self) -> None:
        """Frozen, nothing that changes with time is drawn; what a key does still is."""
        self.frozen_at = "" if self.frozen_at else clock_z(self._services.clock.now(), seconds=True)
        (self._changed if self.frozen_at else self._thawed)()

    def _lock(self) -> None:
        """From the palette; the key itself is the guard's, which must see it among the others."""
        guard = self._services.guard
        guard.is_locked = not guard.is_locked
        self._changed()
        self._talk.say("keyboard locked; L unlocks" if guard.is_locked else "keyboard unlocked")

    def _unmask(self) -> None:
        skin = self._services.skin
        if skin.is_unmasked:
            self._mask()
            return
        self._unmasked_until_s = self._services.machine.monotonic_s() + UNMASK_S
        skin.is_unmasked = True
        self._repaint()
        self._changed()
        self._talk.say(f"what is masked is shown for {UNMASK_S:.0f} s", Role.WATCH)
