"""In which time zone moments without an offset are read.

Belongs here: that zone, of a run and of an import without one. Does not belong here: reading moments (``connectors``).
"""

from __future__ import annotations

from connectors.common.warehouse import open_warehouse
from orchestration.plans_in_force import plans_in_force
from orchestration.settings import Settings


def delivery_timezone(settings: Settings) -> str:
    """The zone in which a run reads times without an offset: that of its plans, else that of the settings."""
    from compensation import load_plans

    return load_plans(list(plans_in_force(settings))).timezone or settings.timezone


def reading_zone(settings: Settings) -> str:
    """The zone of an import without a run: of the plans last loaded, before any is known the setting (reading 50)."""
    import duckdb

    if not settings.warehouse.exists():
        return settings.timezone
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        try:
            found = connection.execute("select min(timezone) from raw_plans.plans").fetchone()
        except duckdb.CatalogException:
            return settings.timezone
    return str(found[0]) if found and found[0] else settings.timezone
