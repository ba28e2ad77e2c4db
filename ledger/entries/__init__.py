"""Entries of the ledger: what they are, how they are chained, when they are allowed, where they are kept."""
