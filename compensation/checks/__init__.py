"""Checks of plans beyond their shape: each plan by itself, then plans against each other."""
