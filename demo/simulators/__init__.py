"""Systems of vendors on loopback that speak their protocols: for the made-up company, and for tests.

Belongs here: servers that give the records they hold. Does not belong here: what the company is (`demo/business`).
"""
