"""Superset with the dashboard for each login that `incentives serve` gives (`make superset`).

    python -m scripts.services.superset [--screenshot FILE] [--once]

Belongs here: the command. Does not belong here: its steps (`server`, `bundle`).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scripts.services.superset import Superset, read_bundle

_SCREENSHOT = Path("var") / "superset.png"
_OF_ROLE = "hr"  # sees every chart


def main() -> None:
    """Serve, set up, import for each role, take the picture, go on until Ctrl-C."""
    options = _options()
    logins = _logins()
    with Superset() as superset:
        bundle = read_bundle()
        for login in logins:
            made = superset.import_for(login["role"], login["url"], bundle)
            where = f"{superset.url}/superset/dashboard/{made.dashboard['slug']}/"
            _say(f"  {login['role']}: {where} ({len(made.charts)} charts)")
        superset.screenshot(f"incentives-{_OF_ROLE}", options.screenshot)
        _say(f"Screenshot: {options.screenshot}")
        if not options.once:
            _say(f"Log in as admin; the password is in {superset.home / 'admin_password'}. Ctrl-C ends it.")
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--screenshot", type=Path, default=_SCREENSHOT, help="where the picture goes")
    parser.add_argument("--once", action="store_true", help="end after the picture")
    return parser.parse_args()


def _logins() -> list[dict[str, Any]]:
    """One login a role with its URL, of what is published."""
    command = [str(Path(sys.executable).with_name("incentives")), "serve", "--json"]
    said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    if said["passwords"] is None:
        sys.exit(
            "INCENTIVES_SERVING_URL names a server whose passwords are not known here: unset it to try Superset."
        )
    passwords = json.loads(Path(said["passwords"]).read_text(encoding="utf-8"))
    found = {login["role"]: login for login in reversed(said["logins"])}
    for login in found.values():
        name = login["login"]
        login["url"] = f"postgresql://{quote(name)}:{passwords[name]}@{said['address']}"
    return list(reversed(found.values()))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


main()
