"""The list from which a number or a sentence is put into a text: searched by words or pinyin, with present values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from db.schema import pinyin
from desktop_app.gui.figure_place import PERIODS, Offer
from desktop_app.gui.widgets import column, label, row

WIDTH, HEIGHT = 560, 360
"""Pixels of the popup."""
LINE = 28
_MOST = 300


class FigurePopup(QFrame):
    """Offers; Enter puts the chosen one in, Esc puts the popup away."""

    chosen = Signal(object, str)
    """Offer, and the period in words ("": its own)."""
    dismissed = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        self.setAccessibleName("插入数据")
        self.offers: Sequence[Offer] = ()
        self._done = False
        self.search = QLineEdit()
        self.search.setPlaceholderText("按名称或拼音首字母查找数据、指标、常用语句")
        self.search.setAccessibleName("查找数据")
        self.tree = QTreeWidget()
        self.tree.setColumnCount(3)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setAccessibleName("可以插入的数据")
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for at, width in ((1, 120), (2, 160)):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(at, width)
        self.period = QComboBox()
        self.period.setEditable(True)
        self.period.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.period.setAccessibleName("期间")
        self.period.addItems(["", *PERIODS])
        self.period.setMinimumWidth(180)
        line = self.period.lineEdit()
        if line is not None:
            line.setPlaceholderText("指标自己的期间")
        self.said = label("正在计算现在的数……", "small")
        self.wrong = label("", "wrong", wrap=True)
        self.wrong.hide()
        layout = column(self, (12, 12, 12, 12), 8)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.wrong)
        layout.addLayout(row(label("期间", "small"), self.period, self.said, 1))
        self.search.textChanged.connect(lambda _text: self._show())
        self.search.installEventFilter(self)
        self.tree.itemClicked.connect(lambda _item, _column: self.take())
        self.resize(QSize(WIDTH, HEIGHT))

    def open_at(self, place: QPoint) -> None:
        """Shows the popup at a place of the screen, kept inside it."""
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = place.y() + 4
        if y + self.height() > room.bottom():
            y = max(room.top(), place.y() - self.height() - 28)
        self.move(x, y)
        self.show()
        self.search.setFocus()

    def offer(self, offers: Sequence[Offer], *, reckoned: bool = True) -> None:
        """Shows these; what was searched and chosen stays."""
        self.offers = offers
        self.said.setText("" if reckoned else "正在计算现在的数……")
        self._show()

    def _show(self) -> None:
        typed = self.search.text().strip()
        before = self.current()
        found = list(self.offers)
        if typed:
            found = [one for _words, one in pinyin.found(typed, [(one.title, one) for one in self.offers])]
        self.tree.clear()
        for one in found[:_MOST]:
            item = QTreeWidgetItem([one.title, one.value, one.about])
            item.setData(0, Qt.ItemDataRole.UserRole, one)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setSizeHint(0, QSize(0, LINE))
            item.setToolTip(0, one.text or one.title)
            item.setToolTip(2, one.about)
            self.tree.addTopLevelItem(item)
            if before is not None and (one.name, one.text) == (before.name, before.text):
                self.tree.setCurrentItem(item)
        if typed or self.tree.currentItem() is None:
            self._stand(0)
        if not self.offers and not self.said.text():
            self.said.setText("这里还没有数据，也没有指标；请先选问题类别，或在“数据”里添加。")
        elif not found:
            self.said.setText("没有这样的数据。")

    def _stand(self, line: int) -> None:
        """Chooses a line, the nearest there is."""
        item = self.tree.topLevelItem(max(0, min(line, self.tree.topLevelItemCount() - 1)))
        if item is not None:
            self.tree.setCurrentItem(item)

    def current(self) -> Offer | None:
        """The chosen offer."""
        item = self.tree.currentItem()
        found = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        return found if isinstance(found, Offer) else None

    def take(self) -> None:
        """Puts the chosen one in."""
        offer = self.current()
        if offer is not None:
            self.wrong.hide()
            self.chosen.emit(offer, self.period.currentText().strip())

    def refuse(self, sentence: str) -> None:
        """Says why the chosen one cannot be put in so."""
        self.wrong.setText(sentence)
        self.wrong.show()

    def done(self) -> None:
        """The chosen one was put in."""
        self._done = True
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the list, while one types into the search."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.take()
                return True
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                self._stand(self.tree.indexOfTopLevelItem(self.tree.currentItem()) + step)
                return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Put away by Esc or a click elsewhere."""
        super().hideEvent(event)
        if not self._done:
            self._done = True
            self.dismissed.emit()
