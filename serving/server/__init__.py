"""The serving database: published marts in PostgreSQL, each login with the tables, rows and columns of its role.

    snapshot → schemas NAME_next (tables, rows, policies, grants) → one transaction: principals and names → readers

Belongs here: everything that writes that database. Does not belong here: the policy (``serving.access``), what is
published (``serving.publication``), when (orchestration).
"""
