"""``python -m orchestration.cli``: the same as ``incentives``."""

from orchestration.cli.app import main

main()
