"""Offering words while somebody types: by their beginning, a part, or their pinyin, the best first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

from db.schema import pinyin

MOST = 200
"""Words offered at a time."""
WIDEST = 420
"""Pixels of the list of words."""
SEPARATORS = "、，,；;"
"""Between several words in one field."""

Words = Callable[[], Iterable[str]]


def fragments(text: str) -> list[str]:
    """Several words in one field → each, blanks around it removed."""
    return [part.strip() for part in re.split(f"[{SEPARATORS}]", text) if part.strip()]


def best(typed: str, words: Iterable[str]) -> list[str]:
    """The word that is meant: one, or all that fit equally well, or none. A word typed as it stands is meant, whatever else
    begins so."""
    return pinyin.only(typed, [(one, one) for one in words])


class WordCompleter(QCompleter):
    """Offers the words that fit what is typed into a line; with ``several``, what is typed behind the last separator."""

    def __init__(self, line: QLineEdit, words: Words, *, several: bool = False) -> None:
        super().__init__(line)
        self._line = line
        self._words = words
        self._several = several
        self._shown = QStringListModel(self)
        self.setModel(self._shown)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(12)
        self.popup().setProperty("role", "popup")
        line.textEdited.connect(self._look)

    def _look(self, text: str) -> None:
        self._show(self.offered(text))

    def _show(self, words: list[str]) -> None:
        self._shown.setStringList(words)
        width = self.popup().sizeHintForColumn(0) + 44  # a narrow cell may point at long lines
        self.popup().setMinimumWidth(max(self._line.width(), min(width, WIDEST)))

    def offered(self, text: str) -> list[str]:
        """The words that fit a typed text, the best first; all of them where nothing is typed yet."""
        wanted = self._last(text)
        if not wanted:
            return list(self._words())[:MOST]
        return [word for word, _same in pinyin.found(wanted, ((one, one) for one in self._words()))][:MOST]

    def offer_all(self) -> None:
        """Shows every word, whatever is typed."""
        self._show(list(self._words())[:MOST])
        self.setCompletionPrefix("")
        self.complete()

    def chosen(self) -> str:
        """The word on which the clerk stands in the list; "" when the list is not shown or nothing is chosen."""
        index = self.popup().currentIndex()
        return str(index.data()) if self.popup().isVisible() and index.isValid() else ""

    def _last(self, text: str) -> str:
        return re.split(f"[{SEPARATORS}]", text)[-1].strip() if self._several else text.strip()

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        word = str(index.data())
        return self.joined(word) if self._several else word

    def joined(self, word: str) -> str:
        """The text of the line with its last part replaced by a word."""
        before = re.split(f"[{SEPARATORS}]", self._line.text())[:-1]
        kept: Sequence[str] = [part.strip() for part in before if part.strip()]
        return "、".join([*kept, word])

    def splitPath(self, path: str) -> list[str]:
        return [self._last(path)]
