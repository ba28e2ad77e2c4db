"""A real Apache Superset on loopback, with the dashboard of `bi/superset` for each login of the serving database.

Superset has an environment of its own, and nothing here imports it (`superset_config.py` and `screenshot.py` are run by
that environment's Python).
"""

from scripts.services.superset.bundle import BUNDLE, Bundle, read_bundle
from scripts.services.superset.server import Superset

__all__ = ["BUNDLE", "Bundle", "Superset", "read_bundle"]
