"""A big plan takes the room of its values, not of everything that was made while reading it."""

from __future__ import annotations

from msgspec import msgpack
from msgspec.structs import replace

from deploytui.base.memory import give_back
from deploytui.plan.model import Plan, Stage

BIG_BYTES = 512 * 1024


def settled(plans: list[Plan]) -> Plan:
    """The only plan of the list, which is taken out of it, made once more.

    Its values were made among ten times as many others that are gone by now, and each keeps a page of memory: written
    down and made again they stand side by side, and the rest is given back.
    """
    written = msgpack.encode(plans[0].stages)
    plan = replace(plans.pop(), stages=())  # nothing may hold the old stages while the new ones are made
    plan = replace(plan, stages=msgpack.decode(written, type=tuple[Stage, Stage, Stage]))
    del written
    give_back()
    return plan
