"""The assets, one module for each source of them: landed files, plans, dbt models, publications.

Belongs here: specs and thin shells. Does not belong here: work; shells call functions that are tested without Dagster.
"""
