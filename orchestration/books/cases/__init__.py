"""Adjustments, resolutions and disputes: decided by command, or brought by a delivery; each in the ledger."""
