"""The list of types of systems that can be connected.

Belongs here: that list. Does not belong here: a type (`connectors/<type>`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from connectors.sources.model import Resource, SourceType


@cache
def source_types() -> dict[str, SourceType]:
    """Every type by its name. A new type is a folder and a line here."""
    from connectors.hubspot import HUBSPOT
    from connectors.kingdee import KINGDEE
    from connectors.moodle import MOODLE
    from connectors.ocean_engine import OCEAN_ENGINE
    from connectors.salesforce import SALESFORCE
    from connectors.sql import SQL
    from connectors.tencent_ads import TENCENT_ADS
    from connectors.tryton import TRYTON
    from connectors.wecom import WECOM
    from connectors.xapi import XAPI

    crm, erp = (SALESFORCE, HUBSPOT, WECOM, TRYTON), (SQL, KINGDEE)
    training, ads = (XAPI, MOODLE), (OCEAN_ENGINE, TENCENT_ADS)
    return {one.name: one for one in (*crm, *erp, *training, *ads)}


def describe_types() -> dict[str, Any]:
    """What each type brings, as plain data."""
    return {
        one.name: {
            "about": one.about,
            "secrets": {secret.name: secret.about for secret in one.secrets},
            "resources": {
                resource.name: _described(resource) for resource in one.resources or one.example_resources()
            },
        }
        for one in source_types().values()
    }


def _described(resource: Resource) -> dict[str, Any]:
    return {
        "write_mode": resource.write_mode,
        "cursor": resource.cursor,
        "key": list(resource.key),
        "deletes": _deletes(resource),
        "permission": resource.permission,
        "limits": resource.limits,
        "about": resource.about,
    }


def _deletes(resource: Resource) -> str:
    if resource.deleted_flag:
        return f"the field {resource.deleted_flag}"
    if resource.write_mode == "full":
        return "what a full read no longer holds"
    return "a list of all keys after each read" if resource.sweep else "not noticed"
