"""Facts seeded on purpose, whose right answers are known (``facts``)."""
