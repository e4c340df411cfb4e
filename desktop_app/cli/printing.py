"""What a command prints: sentences for people, one JSON object for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from db.errors import Refusal

DONE, FOUND, REFUSED = 0, 1, 2
"""Exit codes: done; done, and something was found; refused with a sentence."""


def tell(lines: Iterable[str], data: Mapping[str, Any], *, as_json: bool) -> None:
    """Prints the lines, or the data as JSON."""
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
    else:
        for line in lines:
            print(line)


def refused(refusal: Refusal) -> dict[str, str]:
    """A refusal as programs read it."""
    return {"sentence": refusal.sentence, "advice": refusal.advice, "topic": refusal.topic}


def complain(lines: Iterable[str]) -> None:
    """Prints lines to standard error, for people."""
    for line in lines:
        print(line, file=sys.stderr)


def refuse(refusal: Refusal, *, as_json: bool) -> int:
    """Prints a refusal: to standard error for people, as JSON to standard output for programs."""
    if as_json:
        print(json.dumps({"refused": refused(refusal)}, ensure_ascii=False, indent=2))
    else:
        complain(line for line in (refusal.sentence, refusal.advice) if line)
    return REFUSED


def progress(label: str, *, as_json: bool) -> Callable[[int, int], None]:
    """Tells how far a long job is, on standard error, where somebody watches."""
    if as_json or not sys.stderr.isatty():
        return lambda _done, _all: None

    def told(done: int, all_: int) -> None:
        end = "\n" if done >= all_ else ""
        print(f"\r{label} {done}/{all_}", end=end, file=sys.stderr, flush=True)

    return told
