"""Real systems for tests: installed in environments of their own under var/services, started on loopback.

Belongs here: installing, starting and ending programs that the product only talks to. Does not belong here: simulators
(`demo/simulators`), anything the product imports.
"""
