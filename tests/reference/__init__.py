"""Independent plain-Python reference of the rulebook, without SQL and without data frames."""
