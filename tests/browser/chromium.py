"""A headless Chromium for tests, a site on this computer for it, and a proxy that tells what else it asks for."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
MISSING = "no chromium with chromedriver on the path"

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium(profile: Path, *arguments: str, downloads: Path | None = None) -> Iterator[Any]:
    """Open a browser with a profile of its own; it logs the console."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}", *arguments):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if downloads is not None:
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


class _Site(SimpleHTTPRequestHandler):
    """Files of a folder, with the types browsers insist on whatever this computer's table says."""

    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }

    def do_GET(self) -> None:
        self.server.asked.append(f"GET {self.path}")  # type: ignore[attr-defined]  # set by `site`
        super().do_GET()

    def do_POST(self) -> None:
        self.server.asked.append(f"POST {self.path}")  # type: ignore[attr-defined]  # set by `site`
        self.send_error(405)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Proxy(BaseHTTPRequestHandler):
    """Notes every address it is asked for and passes on nothing."""

    def _note(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")  # type: ignore[attr-defined]  # set by `serving`
        self.send_error(502)

    do_GET = do_POST = do_CONNECT = do_HEAD = do_OPTIONS = _note

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(handler: Any) -> Iterator[ThreadingHTTPServer]:
    """Serve on a free port of this computer; `.asked` lists the requests."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.asked = []  # type: ignore[attr-defined]  # the handlers' list
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def site(folder: Path) -> Any:
    """Serve the files of a folder."""
    return serving(partial(_Site, directory=str(folder)))


def proxy() -> Any:
    """Note what goes anywhere but to this computer: Chromium asks a proxy for everything but loopback addresses."""
    return serving(_Proxy)
