"""Who works with the open ledger, and what whoever is at work may do."""

from __future__ import annotations

from collections.abc import Callable

from db.errors import Refusal
from db.ledger.ledger import Ledger
from db.schema.records import Clerk
from desktop_app.rectification import rights
from desktop_app.rectification.rights import Act, Rights


class People:
    """The people registered in a ledger; they are read once, and again when ``forget`` was called. ``actor`` tells who is at work."""

    def __init__(self, ledger: Ledger, actor: Callable[[], str]) -> None:
        self.ledger = ledger
        self.actor = actor
        self._clerks: tuple[Clerk, ...] | None = None

    def clerks(self) -> tuple[Clerk, ...]:
        """Everybody who is registered, by name."""
        if self._clerks is None:
            self._clerks = tuple(self.ledger.all(Clerk))
        return self._clerks

    def forget(self) -> None:
        """Somebody was registered, or got another role."""
        self._clerks = None

    def rights(self) -> Rights:
        """What whoever is at work may do."""
        return rights.among(self.clerks(), self.actor())

    def against(self, act: Act) -> Refusal | None:
        """Why whoever is at work may not do that, and who may; None where they may."""
        if not self.ledger.writable:
            return Refusal("这个台账只能看和打印，不能修改。", "要修改，请打开可以写的台账。", "ledger-files")
        own = self.rights()
        return None if own.may(act) else own.refusal(act, rights.able(self.clerks(), act))
