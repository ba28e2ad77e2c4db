"""The suites as data, one module per domain; `expectations.registry` puts them together.

Here belong tables, checks, severities and their meaning. Not here: how a check is executed.
"""
