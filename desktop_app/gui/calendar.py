"""The calendar from which a day is picked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton

from desktop_app.gui import theme


def calendar(picked: Callable[[date], None], day: date | None = None) -> QCalendarWidget:
    """A calendar on a day (None: today) that tells which day was clicked, or chosen with Enter."""
    made = QCalendarWidget()
    made.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    made.setAccessibleName("日历")
    made.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    made.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
    made.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    plain = QTextCharFormat()
    plain.setForeground(theme.colour("text"))
    for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        made.setWeekdayTextFormat(weekday, plain)
    for name, icon, words in (("prevmonth", "left", "上个月"), ("nextmonth", "right", "下个月")):
        arrow = made.findChild(QToolButton, f"qt_calendar_{name}")
        if isinstance(arrow, QToolButton):
            arrow.setIcon(theme.icon(icon))
            arrow.setAccessibleName(words)
    if day is not None:
        made.setSelectedDate(QDate(day.year, day.month, day.day))

    def told(chosen: QDate) -> None:
        picked(date(chosen.year(), chosen.month(), chosen.day()))

    made.clicked.connect(told)
    made.activated.connect(told)
    return made
