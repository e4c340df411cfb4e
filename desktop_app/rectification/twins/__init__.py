"""Likely twins: records two branches entered each for itself, found, judged and taken back."""
