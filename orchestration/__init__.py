"""The one package that knows all the others: it turns them into one Dagster code location and one command line.

Belongs here: settings, the assembly of assets, checks, jobs, schedules, sensors and resources, the identity of a run,
the writer's lock, and the commands of ``incentives``.
Does not belong here: how data are read (``connectors``), computed (``dbt_project``), judged (``expectations``) or
handed over (``serving``). Nothing imports this package.

Importing any module of it reads no secret, no file and no network, ``definitions`` excepted.
"""
