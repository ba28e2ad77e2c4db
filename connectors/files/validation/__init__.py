"""From text to typed values: checks of values, rows and whole deliveries, and their reasons in words."""
