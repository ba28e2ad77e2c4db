"""The gates as asset checks: Great Expectations at both checkpoints. dbt's tests are checks of the dbt assets themselves.

Belongs here: which check stands on which asset and whether it blocks. Does not belong here: what is checked
(``expectations``).
"""
