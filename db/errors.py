"""The sentences a clerk may see: what went wrong, and what to do about it.

Two sorts of failure are told apart at the boundary. A ``Refusal`` is meant for the clerk: the input, the office's rules or
the computer stand against what was asked, nothing was changed, and there is something to do about it. Anything else that
is raised is a bug of ours.
"""

from __future__ import annotations


class Refusal(Exception):
    """The program will not do what was asked; nothing was changed.

    ``sentence`` says what is wrong and where, ``advice`` what to do, ``topic`` names a page of ``resources/help``.
    All three are for the screen, in Chinese (the topic is a file stem).
    """

    def __init__(self, sentence: str, advice: str = "", topic: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice
        self.topic = topic

    def __str__(self) -> str:
        return f"{self.sentence}{self.advice}" if self.advice else self.sentence


class Fault(Refusal):
    """The computer stands in the way: disk full, file locked, damaged, read-only, too new, not a ledger."""
