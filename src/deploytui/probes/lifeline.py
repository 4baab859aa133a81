"""Ends the commands of gauges when this program is killed without a chance to end them itself.

A small process of its own is told which process groups run, and holds the other end of a pipe: the system closes
that, whatever happens to this program. It takes neither a fork per question nor code between fork and exec, and a
kernel's own signal at a parent's death would be tied to a thread and would not reach grandchildren.
"""

from __future__ import annotations

import os
import subprocess
import threading
from contextlib import suppress

# Reads "+ 123" and "- 123"; at the end of its input it ends every group that is still noted.
_WATCH = """
groups=" "
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="${groups%% $group *} ${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null
"""
_SHELL = "/bin/sh"
_END_S = 1.0


class Lifeline:
    """Started with the first command. Where it cannot be, commands run without it, and end as they always did."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None

    def add(self, group: int) -> None:
        """This process group runs from now on. One that watches is started where there is none, or no longer."""
        with self._lock:
            self._groups.add(group)
            if not self._say(f"+ {group}\n"):
                self._start()
                self._say("".join(f"+ {each}\n" for each in sorted(self._groups)))

    def drop(self, group: int) -> None:
        """It has ended; called before its number can become another's."""
        with self._lock:
            self._groups.discard(group)
            self._say(f"- {group}\n")

    def close(self) -> None:
        """Let go, which ends what still runs."""
        with self._lock:
            self._groups.clear()
            self._let_go()

    def _say(self, words: str) -> bool:
        if self._process is None or self._process.stdin is None:
            return False
        try:
            os.write(self._process.stdin.fileno(), words.encode("ascii"))
        except OSError:  # it is gone, or no longer reads
            return False
        return True

    def _start(self) -> None:
        self._let_go()
        with suppress(OSError):
            self._process = subprocess.Popen(
                [_SHELL, "-c", _WATCH],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                bufsize=0,
            )
            assert self._process.stdin is not None
            os.set_blocking(self._process.stdin.fileno(), False)

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
