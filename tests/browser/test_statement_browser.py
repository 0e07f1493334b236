"""The statement and the exhibit in a real headless Chromium: no error, no request, readable, accessible, printable.

Needs Chromium with its driver, the Python package selenium, and for the accessibility test the file `axe.min.js`
of the npm package axe-core, named by the environment variable AXE_CORE. Skips with the reason where one is absent.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="the Python package selenium is not installed")
pytest.importorskip("jinja2", reason="the report extra is not installed")

from ieeparefund.ace.book import read_book  # noqa: E402
from ieeparefund.refunds.portfolio import estimate_portfolio  # noqa: E402
from ieeparefund.report.exhibit import exhibit  # noqa: E402
from ieeparefund.report.model import Document  # noqa: E402
from ieeparefund.report.render import Form, render  # noqa: E402
from ieeparefund.report.statement import statement  # noqa: E402

DATA = Path(__file__).parents[1] / "golden" / "data"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
AXE = os.environ.get("AXE_CORE")

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium with chromedriver on the path")

NAMES = ("statement", "messy", "exhibit", "rejected")
WIDTHS = (400, 1400)
SCHEMES = ("light", "dark")
# Inside the axe run: the rules of WCAG 2.2 A and AA and the best practices, all of them.
RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run().then(found => done(found.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html)])));
"""


def documents() -> Iterator[tuple[str, Document]]:
    day = dt.date(2026, 5, 15)
    for name, file in (("statement", "es003_small.csv"), ("messy", "es003_messy.csv")):
        book = read_book([DATA / file])
        portfolio = estimate_portfolio(book.entries, as_of=day, payee="corporation")
        yield name, statement(portfolio, book=book)
    book = read_book([DATA / "es003_small.csv"])
    answers = {
        str(one.entry.number): one
        for one in estimate_portfolio(book.entries, as_of=day, payee="corporation").estimates
    }
    yield "exhibit", exhibit(answers["12E-1121865-8"])
    yield "rejected", exhibit(answers["12E-5301511-1"])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, document in documents():
        path = folder / f"{name}.html"
        path.write_bytes(render(document, Form.HTML))
        found[name] = path.as_uri()
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = webdriver.ChromeService(executable_path=str(DRIVER))
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


def show(browser: Any, address: str, width: int = 1400, scheme: str = "light") -> None:
    """Load a page at a width and in a colour scheme; what was logged before is dropped."""
    for kind in ("performance", "browser"):
        browser.get_log(kind)
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    browser.get(address)


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_without_an_error_and_asks_nobody_for_anything(
    browser: Any, pages: dict[str, str], name: str
) -> None:
    show(browser, pages[name])
    events = [json.loads(one["message"])["message"] for one in browser.get_log("performance")]
    asked = [
        one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"
    ]
    # What the browser asks itself for, such as an icon of its first page, may still stand in the log.
    assert [url for url in asked if not url.startswith("chrome://")] == [pages[name]]
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.scripts.length") == 0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_readable_without_sideways_scrolling(
    browser: Any, pages: dict[str, str], name: str, width: int, scheme: str
) -> None:
    show(browser, pages[name], width, scheme)
    page, window = browser.execute_script(
        "const root = document.documentElement; return [root.scrollWidth, root.clientWidth];"
    )
    assert page <= window <= width
    smallest = browser.execute_script(
        "return Math.min(...[...document.querySelectorAll('p, td, li, dd, svg text')]"
        ".map(one => parseFloat(getComputedStyle(one).fontSize)));"
    )
    assert smallest >= 12
    ink, paper = browser.execute_script(
        "const style = getComputedStyle(document.body); return [style.color, style.backgroundColor];"
    )
    assert (paper == "rgb(17, 22, 29)") is (scheme == "dark")
    assert ink != paper
    # Nothing sticks out of the page at the right.
    outside = browser.execute_script(
        "return [...document.querySelectorAll('td, dd, p, li, h1, h2, h3')]"
        ".filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length;"
    )
    assert outside == 0


@pytest.mark.skipif(not AXE, reason="AXE_CORE does not name axe.min.js of the npm package axe-core")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(browser: Any, pages: dict[str, str], name: str, width: int, scheme: str) -> None:
    show(browser, pages[name], width, scheme)
    browser.execute_script("document.querySelectorAll('details').forEach(one => { one.open = true; });")
    browser.execute_script(Path(str(AXE)).read_text(encoding="utf-8"))
    assert browser.execute_async_script(RUN_AXE) == []


@pytest.mark.parametrize(("width", "height"), [(8.27, 11.69), (8.5, 11.0)], ids=["A4", "Letter"])
@pytest.mark.parametrize("name", NAMES)
def test_it_prints_on_both_papers(
    browser: Any, pages: dict[str, str], name: str, width: float, height: float
) -> None:
    show(browser, pages[name])
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"paperWidth": width, "paperHeight": height})["data"]
    document = base64.b64decode(printed)
    assert document.startswith(b"%PDF")
    assert 1 <= document.count(b"/Type /Page\n") <= 40
    # In print nothing is wider than the paper less its margins of 13 mm a side.
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    paper = int((width - 2 * 13 / 25.4) * 96)
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": paper, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    widest = browser.execute_script("return document.documentElement.scrollWidth")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert widest <= paper
