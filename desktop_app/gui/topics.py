"""Which page of the manual F1 opens: that of the tab one stands in, else that of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_app.gui.widgets import TabStrip

TABS: Mapping[str, Mapping[str, str]] = {
    "problems": {
        "措施": "measures",
        "台账": "registers",
        "深化与时限": "deadlines",
        "制度": "regulations",
        "引用依据": "regulations",
        "佐证": "papers",
        "数据": "figures",
        "数据关系": "figures",
        "销号": "closing",
        "回头看": "closing",
        "历史": "history",
    },
    "duties": {"轮到我": "people"},
    "exchange": {"疑似重复": "duplicates"},
    "settings": {
        "问题类别": "categories",
        "经办人员": "people",
        "人员": "people",
        "类别设计": "categories",
    },
}
"""Page → title of a tab → topic; tabs that are not named have the topic of their page."""


def topic_of(page: str, shown: QWidget | None, default: str) -> str:
    """The topic of where one stands on a page: its strip of tabs, or that of the record it shows."""
    told = TABS.get(page, {})
    strip: Any = getattr(shown, "strip", None) or getattr(getattr(shown, "pane", None), "strip", None)
    if not isinstance(strip, TabStrip) or not strip.isVisible():
        return default
    return told.get(strip.titles[strip.current], default)
