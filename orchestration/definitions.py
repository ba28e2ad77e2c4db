"""The code location Dagster loads (``dagster dev``, ``dg check defs``). Everything is assembled in ``defs.build``."""

from orchestration.defs.build import build_definitions

defs = build_definitions()
