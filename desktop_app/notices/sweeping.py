"""Keeps Python from looking for rings of dead values while a paper is set or drawn.

A paper of 200 pages makes a million small values and no ring among them; looking for one again and again takes a tenth of
the time, and more the longer the paper is.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def unswept(work: Callable[P, R]) -> Callable[P, R]:
    """A function during which nothing is swept."""

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        on = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            if on:
                gc.freeze()  # what was made counts as old at once: to look through all of it now would hold up the window
                gc.unfreeze()
                gc.enable()

    return done
