"""The code location Dagster loads (``dagster dev``, ``dg check defs``). Everything is assembled in ``build``."""

from orchestration.build import build_definitions

defs = build_definitions()
