"""Qt's own words on the screen are Chinese: menus of text fields, buttons of dialogs, the dialog for files, the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QSpinBox,
    QTextBrowser,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.gui import main
from desktop_app.gui.calendar import calendar

ENGLISH = re.compile(r"[A-Za-z]{2,}")
KEYS = re.compile(r"\t.*|\(&?[A-Z]\)|Ctrl|Shift|Alt|Del")


@pytest.fixture(autouse=True)
def chinese(qapp: QApplication) -> Iterator[None]:
    before, known = QLocale(), set(qapp.findChildren(QTranslator))
    main.speak_chinese(qapp)
    yield
    QLocale.setDefault(before)
    for one in set(qapp.findChildren(QTranslator)) - known:
        qapp.removeTranslator(one)
        one.deleteLater()


def english(words: list[str]) -> list[str]:
    assert any(words), "there is something to read"
    return [one for one in words if ENGLISH.search(KEYS.sub("", one))]


def menu(widget: QLineEdit | QPlainTextEdit | QTextBrowser) -> list[str]:
    made: QMenu = widget.createStandardContextMenu()
    words = [one.text() for one in made.actions() if one.text()]
    made.deleteLater()
    return words


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit, QTextBrowser])
def test_the_menu_of_a_text_field(qtbot: QtBot, kind: type[QLineEdit | QPlainTextEdit | QTextBrowser]) -> None:
    field = kind()
    qtbot.addWidget(field)
    if isinstance(field, QTextBrowser):
        field.setText('<a href="x">甲</a>')
    words = menu(field)
    assert not english(words)
    if kind is not QTextBrowser:
        assert words[0].startswith("撤销"), "the same word as everywhere in the window"


def test_the_menu_of_a_number(qtbot: QtBot) -> None:
    field = QSpinBox()
    qtbot.addWidget(field)
    assert not english(menu(field.lineEdit()))


def test_every_button_of_a_message(qtbot: QtBot) -> None:
    for one in QMessageBox.StandardButton:
        if one.name in ("NoButton", "ButtonMask", "FlagMask", "Default", "Escape") or not one.value:
            continue
        box = QMessageBox(QMessageBox.Icon.NoIcon, "题", "话", one)
        qtbot.addWidget(box)
        assert not english([button.text() for button in box.buttons()])


def test_dialogs_for_files_and_words(qtbot: QtBot) -> None:
    files = QFileDialog()
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    words = QInputDialog()
    words.setVisible(True)
    for dialog in (files, words):
        qtbot.addWidget(dialog)
        shown: list[QWidget] = [*dialog.findChildren(QLabel), *dialog.findChildren(QAbstractButton)]
        told = [str(one.property("text") or "") for one in shown] + [one.toolTip() for one in shown]
        assert not english([one for one in told if not one.startswith("/")])
    model = files.findChildren(QTreeView)[0].model()
    assert not english([str(model.headerData(at, Qt.Orientation.Horizontal)) for at in range(model.columnCount())])
    words.setVisible(False)


def test_the_calendar(qtbot: QtBot) -> None:
    made = calendar(lambda _day: None)
    qtbot.addWidget(made)
    made.show()
    words = [one.text() for one in made.findChildren(QAbstractButton) if one.text()]
    assert not english(words)
    assert any("月" in one for one in words)


def test_our_own_word_goes_before_qts() -> None:
    assert QCoreApplication.translate("QWidgetTextControl", "&Undo") == "撤销(&U)"
