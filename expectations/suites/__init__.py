"""The suites as data, one module per domain; `expectations.registry` puts them together.

Belongs here: tables, checks, severities and their meaning. Does not belong here: how a check is executed.
"""
