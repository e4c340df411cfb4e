"""Which function judges which test of a rule; a law says that none is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from db.schema.definition import row_tests, set_tests
from desktop_app.rectification.ruling import bands, completing, day_tests, duties, figures, groups, partners
from desktop_app.rectification.ruling import row_tests as rows
from desktop_app.rectification.ruling.breach import Breach, Judge
from desktop_app.rectification.ruling.ground import Ground

OF_ROW: dict[type[Any], Callable[[Ground, Any], Judge]] = {
    row_tests.Range: rows.bounds,
    row_tests.Pattern: rows.pattern,
    row_tests.Required: rows.required,
    row_tests.Order: rows.order,
    row_tests.AtMost: rows.at_most,
    row_tests.Sum: rows.total,
    row_tests.Different: rows.different,
    row_tests.Same: rows.same,
    row_tests.Rate: rows.rate,
    row_tests.Never: rows.never,
    row_tests.Due: day_tests.due,
    row_tests.Validity: day_tests.validity,
    row_tests.Tenure: day_tests.tenure,
    row_tests.Band: bands.band,
}
"""Tests that look at one row."""

OF_MANY: dict[type[Any], Callable[[Ground, Any], Iterator[Breach]]] = {
    set_tests.Unique: groups.unique,
    set_tests.Matched: partners.matched,
    set_tests.Within: partners.within,
    set_tests.Obligation: duties.obligation,
    set_tests.Split: groups.split,
    set_tests.Continuous: groups.continuous,
    set_tests.Interval: groups.interval,
    set_tests.Overlap: groups.overlap,
    set_tests.Consecutive: groups.consecutive,
    set_tests.Near: groups.near,
    set_tests.Complete: completing.complete,
    set_tests.Target: figures.target,
    set_tests.Balance: figures.balance,
    set_tests.Subset: figures.subset,
    set_tests.Deviation: figures.deviation,
}
"""Tests that look at many rows."""
