"""A sender of alerts in a process of its own, which kills itself after a given number of steps.

Run as ``python -m tests.integration.alert_sender DATABASE HOME CHANNELS STEPS``; 0 steps for a sender that lives.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path

from serving.alerts import Outside, deliver_alerts, parse_channels


def main() -> None:
    database, home, channels, steps = sys.argv[1:]
    taken = count(1)

    def on_step(_: str) -> None:
        if next(taken) == int(steps):
            os.kill(os.getpid(), signal.SIGKILL)

    report = deliver_alerts(
        Path(database), Path(home), parse_channels(channels), is_urgent=True, outside=Outside(on_step=on_step)
    )
    sys.exit(0 if not report.errors else 3)


if __name__ == "__main__":
    main()
