"""Spark 3.5 on this machine: its environment (``requirements.txt``), a small cluster, the comparison with DuckDB.

Belongs here: what tests and ``make run-spark`` start. Does not belong here: what a run does on Spark
(``orchestration.transformation.spark``).
"""
