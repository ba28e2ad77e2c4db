"""Expectations at both checkpoints as asset checks. The tests of dbt are checks of the dbt assets themselves.

Belongs here: which check stands on which asset and whether it blocks. Does not belong here: what is checked
(``expectations``).
"""
