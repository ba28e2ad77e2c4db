"""A calculation on Spark: raw rows lie in Iceberg tables, models are made there, DuckDB reads the files of those.

Belongs here: what is asked of Spark (``job``), the folders (``folders``), the views over what it made (``views``), the
two invocations of dbt (``calculation``), and what runs in Spark's own environment (``program``).
Does not belong here: what SQL means on Spark (``dbt_project``: profile, macros, functions in SQL).
"""
