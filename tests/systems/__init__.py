"""Tests against real systems of vendors, installed by `scripts.services`: `make test-systems`, minutes at first."""
