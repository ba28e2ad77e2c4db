"""Plain data of reports: what of a month, what the books say of it, the frame of a run."""
