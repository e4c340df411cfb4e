"""The two branches of every test here."""

from __future__ import annotations

from twin_offices import offices

__all__ = ["offices"]
