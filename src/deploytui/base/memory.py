"""Memory that is not needed any more goes back to the system, where the C library can be asked to."""

from __future__ import annotations


def give_back() -> None:
    """Give back what was freed in the middle of the heap. A few milliseconds: only after something big."""
    import ctypes

    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError):  # not the GNU library: it keeps what it has
        return
