"""What runs in the environment of Spark (``scripts/install_spark.sh``), which has none of the pipeline's packages.

Belongs here: the session, dbt in it, the server for thrift. Does not belong here: anything that the pipeline imports,
which is ``job`` alone.
"""
