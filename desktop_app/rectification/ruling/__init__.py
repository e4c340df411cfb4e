"""Rules as data become findings: each test of a rule is one function here, over one row or over everything."""
