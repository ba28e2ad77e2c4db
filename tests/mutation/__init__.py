"""Changes one thing at a time in the models that pay and sees which tests notice.

Belongs here: making changes, judging them by the tests, the report. Does not belong here: tests of the models.
"""
