"""Spark 3.5 in one process for tests: the same dbt project over the same landed rows.

Belongs here: the environment of its own (``requirements.txt``), the program that runs inside it (``run_dbt``), and what
the environment of the product knows of both (``engine``).
"""
