"""The pictures of the README, made anew: the catalogue page and the graph in Dagster, as PNG files in docs/pictures.

    .venv/bin/python docs/pictures.py        (make pictures)

Needs Chromium. Builds a release of the samples in a temporary folder: what is shown is what ``make run`` makes.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
# Seconds that Dagster may take to start, and that its graph may take to be laid out.
START, LAYOUT = 60, 30
# Milliseconds after which nothing moves any more.
SETTLE = 4000


def main() -> int:
    """Make both pictures; 1 where there is no browser."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        print("no Chromium here: nothing is made", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = built(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        picture_of_page(browser, Path(folder) / "warehouse" / "published" / "index.html")
        with dagster(environment) as address:
            picture_of_graph(browser, address)
        browser.close()
    return 0


def built(folder: Path) -> dict[str, str]:
    """The environment of a warehouse in the folder, with a release of the samples in it."""
    home = folder / "dagster"
    home.mkdir()
    own = {
        "PEEL_WAREHOUSE": str(folder / "warehouse"),
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }
    environment = {**os.environ, **own}
    shutil.copy(ROOT / "docs" / "dagster.yaml", home / "dagster.yaml")
    command = [sys.executable, "-m", "assets.cli", "build"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return environment


def picture_of_page(browser: Browser, page: Path) -> None:
    """What the catalogue page says of a force, as a screen of common size shows it."""
    tab = browser.new_page(viewport={"width": 1280, "height": 1000})
    tab.goto(f"{page.resolve().as_uri()}#forces")
    tab.wait_for_timeout(SETTLE)
    tab.screenshot(path=PICTURES / "page.png")
    tab.close()


def picture_of_graph(browser: Browser, address: str) -> None:
    """The groups of assets and how they follow from each other."""
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    tab.goto(f"{address}/asset-groups")
    hide = tab.get_by_text("Hide navigation")
    hide.wait_for(timeout=LAYOUT * 1000)
    # The graph is fitted to the page once, when it is laid out; what is hidden after that leaves a margin.
    tab.wait_for_timeout(SETTLE)
    hide.click()
    tab.wait_for_timeout(SETTLE)
    tab.screenshot(path=PICTURES / "graph.png")
    tab.close()


@contextmanager
def dagster(environment: dict[str, str]) -> Iterator[str]:
    """The address of Dagster's pages while they are served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).parent / "dagster-webserver", "-m", "assets.definitions", "-p", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + START
        while not answers(address):
            if time.monotonic() > until or server.poll() is not None:
                raise RuntimeError("Dagster did not start")
            time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait()


def answers(address: str) -> bool:
    """Whether something is served there."""
    try:
        with urlopen(f"{address}/server_info", timeout=2):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
