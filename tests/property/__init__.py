"""Property tests: the SQL against the plain-Python reference, and what must always hold (rulebook 16)."""
