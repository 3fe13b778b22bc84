"""Passwords are proved a few at a time: each takes a processor and 12 MB for a moment."""

import os
from collections.abc import Callable
from functools import partial
from typing import Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

P = ParamSpec("P")
T = TypeVar("T")

_AT_ONCE: Final = os.cpu_count() or 1
_limiter: Final[RunVar[CapacityLimiter]] = RunVar("passwords")


async def proved(call: Callable[P, T], *args: P.args, **keywords: P.kwargs) -> T:
    """What `call` returns from a thread of its own, once one of a few places is free.

    As many are at it at once as there are processors; more would make nobody wait less, would take
    the threads from whoever reads, and would count as attempts of one address all at the same time.
    """
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = CapacityLimiter(_AT_ONCE)
        _limiter.set(limiter)
    return await to_thread.run_sync(partial(call, *args, **keywords), limiter=limiter)
