"""A real Tryton 8.2 on a private PostgreSQL: built once as a template database, copied for each test.

Tryton's licence is the GPL: it runs as a program of its own, in an environment of its own, and nothing here imports it
(`seeding.py` is run by that environment's Python).
"""

from scripts.services.tryton.server import Tryton, TrytonService

__all__ = ["Tryton", "TrytonService"]
