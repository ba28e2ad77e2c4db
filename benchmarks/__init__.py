"""Measured speed of the computation; never timed tests.

Belongs here: a generator of large companies and the measurement. Does not belong here: anything a run needs.
"""
