"""What is said about the tables that dbt made: their lineage, their rows and types, the words of the marts.

Belongs here: reading dbt's artifacts and the warehouse for Dagster and for publishing.
Does not belong here: making tables.
"""
