"""The way in: every source system is a folder here that extracts records and lands them in the raw layer.

    files in a folder, an API, a database → connectors/<source> → schema raw_<source> of the warehouse

Belongs here: reading, typing, row-level checks that need only the row itself, landing.
Does not belong here: business rules, identities, periods, or anything that knows the orchestrator, the
transformation project, the quality gates or the delivery side.
"""
