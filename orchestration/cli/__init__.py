"""The command line ``incentives``: one module per command; it starts the same job as the scheduler."""
