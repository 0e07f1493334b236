"""A headless Chromium for tests, and a site on this computer for it to visit."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

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
def chromium(profile: Path, *arguments: str) -> Iterator[Any]:
    """Open a browser with a profile of its own; it logs the console."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}", *arguments):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


class _Site(SimpleHTTPRequestHandler):
    """Files of a folder, with the types browsers insist on whatever this computer's table says."""

    extensions_map: ClassVar = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }

    def do_GET(self) -> None:
        self._serve(super().do_GET)

    def do_POST(self) -> None:
        self._serve(lambda: self.send_error(405))

    def _serve(self, answer: Callable[[], None]) -> None:
        # A connection that was opened before `stop` and is used after it gets no answer either.
        if isinstance(self.server, Server) and not self.server.stopped:
            self.server.asked.append(f"{self.command} {self.path}")
            answer()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A site on a free port of this computer. `asked` lists the requests."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self.stopped = False
        super().__init__(("127.0.0.1", 0), partial(_Site, directory=str(folder)))
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        """The address of the site, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"

    def stop(self) -> None:
        """Answer nobody any more."""
        self.stopped = True
        self.shutdown()
        self.server_close()
        self._thread.join()


@contextmanager
def site(folder: Path) -> Iterator[Server]:
    """Serve the files of a folder."""
    server = Server(folder)
    try:
        yield server
    finally:
        if not server.stopped:
            server.stop()
