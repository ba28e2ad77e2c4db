"""Connected systems of one vendor each, for the proof that holds for every type (tests/support/systems.py)."""
