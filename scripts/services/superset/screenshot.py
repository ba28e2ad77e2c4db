"""A picture of one page of Superset; run by the Python of Superset's own environment, which has Selenium.

    SUPERSET_PASSWORD=… python screenshot.py URL PAGE TARGET

Belongs here: the browser. Does not belong here: Superset (`server.py`), installing Chromium and its driver
(`scripts/install_chromium.sh driver`).
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_WIDTH = 1600
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--hide-scrollbars",
    f"--window-size={_WIDTH},1200",
)
_STATE = """
    const charts = [...document.querySelectorAll('.dashboard-component-chart-holder')];
    const failed = charts.filter(one => /error|permission denied/i.test(one.innerText)).map(one => one.innerText);
    const isDrawn = one => one.querySelector('canvas, svg, table, .header-line') && !one.querySelector('.loading');
    const ends = charts.map(one => one.getBoundingClientRect().bottom + window.scrollY);
    return {charts: charts.length, drawn: charts.filter(isDrawn).length, failed: failed, height: Math.max(0, ...ends)}
"""


def main(url: str, page: str, target: Path) -> None:
    """Log in, wait until every chart is drawn, write the picture."""
    with tempfile.TemporaryDirectory(prefix="superset-browser-") as profile:
        driver = _browser(profile)
        try:
            _log_in(driver, url)
            driver.get(page)
            height = 0
            while height != (height := _height(driver)):  # charts outside of the window are not drawn
                size = {"width": _WIDTH, "height": height, "deviceScaleFactor": 1, "mobile": False}
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
                _until(lambda: _is_drawn(driver), "the charts")
            time.sleep(3)  # charts grow into their places
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(driver.get_screenshot_as_png())
        finally:
            driver.quit()


def _browser(profile: str) -> Any:
    chrome: Any = importlib.import_module("selenium.webdriver")
    program = next(
        (path for name in (os.environ.get("CHROMIUM"), *_NAMES) if name and (path := shutil.which(name))), ""
    )
    driver = shutil.which("chromedriver")
    if not program or driver is None:
        sys.exit("There is no Chromium with its driver: run scripts/install_chromium.sh driver.")
    options = chrome.ChromeOptions()
    options.binary_location = program
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    return chrome.Chrome(options=options, service=chrome.ChromeService(driver))


def _log_in(driver: Any, url: str) -> None:
    driver.get(f"{url}/login/")
    _until(lambda: driver.find_elements("css selector", "input[type=password]"), "the page of the login")
    driver.find_element("css selector", "input[type=text], input[name=username]").send_keys("admin")
    driver.find_element("css selector", "input[type=password]").send_keys(os.environ["SUPERSET_PASSWORD"])
    driver.find_element("css selector", "button[type=submit], input[type=submit]").click()
    _until(lambda: "/login" not in driver.current_url, "the login")


def _height(driver: Any) -> int:
    """Down to the end of the last chart."""
    return int(_until(lambda: driver.execute_script(_STATE)["height"], "the dashboard")) + 40


def _is_drawn(driver: Any) -> bool:
    """Whether every chart is drawn; ends the program when one shows an error."""
    found = driver.execute_script(_STATE)
    if found["failed"]:
        sys.exit("A chart shows an error: " + " | ".join(found["failed"])[:1000])
    return bool(found["charts"] and found["drawn"] == found["charts"])


def _until(ready: Any, what: str, seconds: float = 180) -> Any:
    until = time.monotonic() + seconds
    while not (found := ready()):
        if time.monotonic() > until:
            sys.exit(f"Superset did not show {what} within {seconds:.0f} seconds.")
        time.sleep(0.5)
    return found


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
