"""Tools of the tests that compare the SQL with the plain-Python reference.

    companies, plans (strategies) ──▶ Company ──▶ warehouse (compiled SQL in memory) ──▶ rows ─┐
                                         └──────▶ tests.reference.calculate ────────▶ rows ─┴─▶ differences

Belongs here: what several test folders share. Does not belong here: rules, and tests themselves.
"""
