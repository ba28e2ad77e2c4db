"""Who sees what: the access policy as a file, checked against the published marts.

Belongs here: roles, tables, rows, columns, logins; reporting lines by period. Does not belong here: the database that
enforces them (``serving.server``).
"""
