"""Reckoning over registers: terms, conditions, periods and indicators, and what a rate says of its parts."""
