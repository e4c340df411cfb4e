"""The band of colour above the type area by which a reminder's urgency is seen before it is read (绿, 黄, 红).

The colour is said in the title too: a band that was printed black and white, or that somebody cannot tell, loses nothing.
"""

from __future__ import annotations

from db.values import replace
from desktop_app.notices import page, tree
from desktop_app.notices.page import AREA_WIDTH, BANDS, LEFT, MM, Page

HEIGHT = 5 * MM
ABOVE = 8 * MM
"""From the type area up to the band: it stays clear of the title and of what a printer cannot reach."""


def banded(pages: list[Page], colour: tree.Colour) -> list[Page]:
    """The upright pages with the band of that colour; black has none."""
    if colour == "black":
        return pages
    band = page.box(LEFT, page.row_top(0) + ABOVE, AREA_WIDTH, HEIGHT, BANDS[colour])
    return [one if one.turned else replace(one, shapes=(band, *one.shapes)) for one in pages]
