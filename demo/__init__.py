"""A made-up company for the first run and for tests.

Belongs here: generators of plausible source data (the import templates) and the facts seeded in them.
Does not belong here: rules of pay, importing, or anything the pipeline needs at run time.
"""
