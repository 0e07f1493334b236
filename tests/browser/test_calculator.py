"""The calculator page in a real headless Chromium: same answers as the command line, nothing sent, works offline.

Needs Chromium with its driver, the Python package selenium, and a built site with the calculator's program in it,
named by the environment variable IEEPAREFUND_CALCULATOR_SITE (`mkdocs build -d SITE`, then
`python docs/calculator/build.py SITE`). The accessibility test also needs axe.min.js of the npm package axe-core,
named by AXE_CORE. Skips with the reason where one is absent.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.browser.chromium import CHROMIUM, DRIVER, MISSING, chromium, site

pytest.importorskip("selenium", reason="the Python package selenium is not installed")
testing = pytest.importorskip("typer.testing", reason="the cli extra is not installed")

from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

from ieeparefund.cli.app import app  # noqa: E402

DATA = Path(__file__).parents[1] / "golden" / "data"
EXAMPLES = Path(__file__).parents[2] / "examples"
SITE = os.environ.get("IEEPAREFUND_CALCULATOR_SITE")
AXE = os.environ.get("AXE_CORE")
TERMS = ("--as-of", "2026-05-15", "--payee", "corporation")
NO_PROXY = "--proxy-server=127.0.0.1:9"
"""A proxy that is not there: whatever Chromium itself would ask for, it asks nobody. Loopback goes past it."""
PATIENCE = 180
"""Seconds. Python starts in five on an idle computer, and in many more on a busy one."""

pytestmark = [
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=MISSING),
    pytest.mark.skipif(
        not SITE, reason="IEEPAREFUND_CALCULATOR_SITE names no site with the calculator's program"
    ),
]


class Page:
    """The calculator page as a person uses it."""

    def __init__(self, driver: Any, origin: str, downloads: Path) -> None:
        self.driver, self.origin, self._downloads = driver, origin, downloads
        driver.execute_cdp_cmd(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)}
        )

    def open(self, width: int = 1400) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        self.driver.get(f"{self.origin}/calculator/")
        self.wait(lambda: self.find("#form").is_displayed(), "the form")

    def find(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def texts(self, selector: str) -> list[list[str]]:
        """The rows of a table, cell by cell."""
        return self.run(
            "return [...document.querySelectorAll(arguments[0] + ' tbody tr')]"
            ".map(row => [...row.cells].map(cell => cell.textContent));",
            selector,
        )

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def wait(self, holds: Any, what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, (
                f"no {what} in {PATIENCE} s; the page says: {self.find('#state').text}"
            )
            time.sleep(0.1)

    def set(self, name: str, value: str) -> None:
        self.run(
            "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
            "field.dispatchEvent(new Event('change', {bubbles: true}));",
            name,
            value,
        )

    def ask_as_of_the_sample(self) -> None:
        self.set("as_of", "2026-05-15")
        self.set("payee", "corporation")

    def press(self, selector: str) -> None:
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'});", selector)
        self.find(selector).click()

    def estimate(self) -> None:
        """Press the button and wait until the answer stands, or an error does."""
        self.press("#go")
        self.wait(lambda: self.find("#go").is_enabled(), "answer")

    def answered(self) -> None:
        self.estimate()
        assert self.find("#error").text == ""
        assert self.find("#results").is_displayed()

    def saved(self, name: str) -> bytes:
        """Press the button that saves a file and return what was saved."""
        path = self._downloads / name
        path.unlink(missing_ok=True)
        self.press(f'[data-file="{name}"]')
        self.wait(path.exists, name)
        return path.read_bytes()


@contextmanager
def visit(work: Path, *arguments: str, folder: Path | None = None) -> Iterator[tuple[Page, Any]]:
    with (
        site(folder or Path(str(SITE))) as server,
        chromium(work / "profile", NO_PROXY, *arguments) as driver,
    ):
        (work / "saved").mkdir()
        yield Page(driver, server.origin, work / "saved"), server


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with visit(tmp_path_factory.mktemp("visit")) as (page, _):
        page.open()
        yield page


@pytest.fixture
def page(visited: Page) -> Page:
    visited.open()
    return visited


def command(*arguments: str, code: int = 0) -> str:
    result = testing.CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return str(result.stdout)


def errors(page: Page) -> list[str]:
    return [one["message"] for one in page.driver.get_log("browser") if one["level"] == "SEVERE"]


def test_the_sample_gives_what_the_command_line_gives(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES)
    text = command("estimate", "es003_small.csv", *TERMS, "--format", "json")
    expected = json.loads(text)
    page.press("#sample")
    page.wait(lambda: "es003_small.csv" in page.find("#files-help").text, "sample")
    page.ask_as_of_the_sample()
    page.answered()

    rows = page.texts("#outcomes")
    plain = [[cell.replace(",", "") for cell in row[1:]] for row in rows]
    by_outcome = [one for one in expected["by_outcome"].values() if one["entries"]]
    assert plain[:-1] == [
        [str(one["entries"]), one["refundable_duty"], one["interest"], one["refund"]] for one in by_outcome
    ]
    totals = expected["totals"]
    assert plain[-1] == ["", totals["refundable_duty"], totals["interest"], totals["refund"]]
    assert f"{float(totals['ieepa_duty']):,.2f}" in page.find("#results").text

    table = page.texts("#entries")
    assert [row[0] for row in table] == [one["entry_number"] for one in expected["entries"]]
    assert [row[4].replace(",", "") for row in table] == [one["refund"] for one in expected["entries"]]

    # The saved files are the command line's, byte for byte.
    assert page.saved("ieeparefund_2026-05-15.json").decode() == text
    assert page.saved("ieeparefund_2026-05-15.csv").decode() == command(
        "estimate", "es003_small.csv", *TERMS, "--format", "csv"
    )
    command("declare", "es003_small.csv", *TERMS, "--output", str(tmp_path))
    (upload,) = tmp_path.glob("cape_declaration_*.csv")
    assert page.saved(upload.name) == upload.read_bytes()
    assert errors(page) == []


def test_deadlines_come_first_and_entries_explain_themselves(page: Page) -> None:
    page.press("#sample")
    page.ask_as_of_the_sample()
    page.answered()
    assert page.run("return document.querySelector('#results h3').textContent") == "Deadlines"
    days = [int(row[0]) for row in page.texts("#deadlines table.urgent")]
    assert days == sorted(days)
    assert 0 <= days[0] <= days[-1] <= 14
    # The results have the focus, so that a screen reader and the keyboard go on there.
    assert page.run("return document.activeElement.id") == "results"

    number = page.texts("#entries")[1][0]
    button = page.find("#entries tbody tr:nth-child(2) button")
    button.send_keys("\n")
    page.wait(lambda: "Facts" in page.find("#entries .explanation").text, "explanation")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.run("return document.querySelector('#entries .explanation').textContent") == command(
        "explain", str(EXAMPLES / "es003_small.csv"), "--entry", number, *TERMS
    ).removesuffix("\n")
    button.send_keys("\n")
    assert page.driver.find_elements("css selector", "#entries .explanation") == []

    page.set("show-outcome", "rejected")
    shown = {row[1] for row in page.texts("#entries")}
    assert shown == {"rejected"}
    page.set("show-outcome", "")
    page.find("#show-number").send_keys(number.replace("-", "")[:6].lower())
    assert number in [row[0] for row in page.texts("#entries")]
    assert len(page.texts("#entries")) < 40


@pytest.mark.parametrize(("name", "code"), [("es003_small.xlsx", 0), ("es003_messy.csv", 1)])
def test_own_files_are_read_here(page: Page, monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    monkeypatch.chdir(DATA)
    page.find("#files").send_keys(str(DATA / name))
    page.ask_as_of_the_sample()
    page.answered()
    text = command("estimate", name, *TERMS, "--format", "json", code=code)
    assert page.saved("ieeparefund_2026-05-15.json").decode() == text
    problems = json.loads(text)["problems"]
    assert len(page.texts("#problems")) == len(problems)
    assert bool(problems) is (code == 1)


def test_a_dropped_file_is_taken(page: Page) -> None:
    page.run(
        "const files = new DataTransfer(); files.items.add(new File([arguments[0]], 'dropped.csv'));"
        "document.getElementById('drop').dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true}));",
        (EXAMPLES / "es003_small.csv").read_text(encoding="utf-8"),
    )
    assert "dropped.csv" in page.find("#files-help").text
    page.ask_as_of_the_sample()
    page.answered()
    assert len(page.texts("#entries")) == 40


def test_an_entry_can_be_typed(page: Page) -> None:
    page.press("input[value=entry]")
    page.ask_as_of_the_sample()
    page.find("#entry_number").send_keys("ABC-1234567-5")
    page.find("#entry_date").send_keys("05142025")
    cells = [
        ("", "99030124", "", "9,068.20", "hk"),
        ("", "9903.01.25", "", "4534.10", ""),
        ("", "8481809050", "45341", "906.82", ""),
        ("2", "9903.01.25", "", "100.00", "hk"),
    ]
    page.press("#add-row")
    page.press("#add-row")
    assert page.run("return document.activeElement.name") == "tariff_number"
    page.find("#rows tbody tr:nth-child(4) [name=tariff_line]").clear()
    for row, values in enumerate(cells, start=1):
        for column, value in enumerate(values, start=1):
            page.find(f"#rows tbody tr:nth-child({row}) td:nth-child({column}) input").send_keys(value)
    page.find("#deposit_date").send_keys("05282025")
    page.set("liquidation_status", "liquidated")
    page.find("#liquidation_date").send_keys("04052026")
    page.estimate()
    # A wrong check digit is refused with the remedy, at its field.
    assert "check digit" in page.find("#error").text
    assert not page.find("#results").is_displayed()
    page.find("#entry_number").clear()
    page.find("#entry_number").send_keys("ABC-1234567-6")
    page.answered()
    (row,) = page.texts("#entries")
    # The same facts as QZ7-2496793-3 of the sample, but for its open protest and a second line.
    assert row[:3] == ["ABC-1234567-6", "accepted", "13,702.30"]
    page.wait(lambda: "Facts" in page.find(".explanation").text, "explanation")
    assert page.find('[data-file="cape_declaration_0001.csv"]').is_displayed()
    assert page.saved("cape_declaration_0001.csv") == b"Entry Number\r\nABC12345676\r\n"


def test_what_is_needed_is_asked_for_at_its_field(page: Page) -> None:
    assert page.find("#as_of").get_attribute("value") == page.run(
        "const now = new Date(); return new Date(now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 10);"
    )
    page.estimate()
    assert "Choose who is refunded" in page.find("#error").text
    assert page.run("return document.activeElement.id") == "payee"
    page.set("payee", "other")
    page.estimate()
    assert "Choose a file" in page.find("#error").text
    page.run(
        "const files = new DataTransfer(); files.items.add(new File(['a,b\\n1,2\\n'], 'other.csv'));"
        "document.getElementById('drop').dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true}));"
    )
    page.estimate()
    assert "other.csv" in page.find("#error").text
    assert not page.find("#results").is_displayed()


def test_loading_can_be_cancelled_and_started_again(page: Page) -> None:
    page.press("#sample")
    page.ask_as_of_the_sample()
    page.press("#go")
    page.wait(lambda: page.find("#cancel").is_displayed(), "cancel")
    page.press("#cancel")
    page.wait(lambda: page.find("#go").is_enabled(), "end")
    assert page.find("#error").text == "Cancelled."
    assert not page.find("#results").is_displayed()
    page.answered()


def test_a_site_without_the_program_says_so(tmp_path: Path) -> None:
    shutil.copytree(str(SITE), tmp_path / "site", ignore=shutil.ignore_patterns("runtime", "assets.json"))
    with site(tmp_path / "site") as server, chromium(tmp_path / "profile", NO_PROXY) as driver:
        driver.get(f"{server.origin}/calculator/")
        state = driver.find_element("id", "state")
        WebDriverWait(driver, PATIENCE).until(lambda _: "does not hold" in state.text)
        assert not driver.find_element("id", "form").is_displayed()


def test_a_new_version_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(str(SITE), folder)
    listed = folder / "calculator" / "assets.json"
    assets = json.loads(listed.read_text(encoding="utf-8"))
    with visit(tmp_path, folder=folder) as (page, _):
        page.open()
        page.press("#sample")
        page.ask_as_of_the_sample()
        page.answered()
        page.wait(lambda: "works offline" in page.find("#state").text, "offline")

        (folder / "calculator" / assets["runtime"]).rename(folder / "calculator" / "runtime" / "next")
        listed.write_text(
            json.dumps({**assets, "version": "next", "runtime": "runtime/next/"}), encoding="utf-8"
        )
        page.open()
        assert "loads" in page.find("#state").text
        page.press("#sample")
        page.ask_as_of_the_sample()
        page.answered()
        page.wait(lambda: "works offline" in page.find("#state").text, "offline")
        assert page.driver.execute_async_script("caches.keys().then(arguments[0]);") == [
            "ieeparefund-calculator-next"
        ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_it_is_readable_and_accessible(visited: Page, width: int, scheme: str) -> None:
    page = visited
    page.open(width)
    # The theme's own switch, which goes before what the system prefers.
    page.run("document.getElementById(arguments[0]).click();", f"__palette_{int(scheme == 'dark')}")
    for source in ("entry", "file"):
        page.press(f"input[value={source}]")
        page.run("document.querySelectorAll('.calculator details').forEach(one => { one.open = true; });")
        fits(page)
        audit(page)
    page.press("#sample")
    page.ask_as_of_the_sample()
    page.answered()
    page.press("#entries tbody tr:nth-child(2) button")
    page.run("document.querySelectorAll('.calculator details').forEach(one => { one.open = true; });")
    page.wait(lambda: "Facts" in page.find("#entries .explanation").text, "explanation")
    fits(page)
    audit(page)
    assert page.run("return document.body.dataset.mdColorScheme") == (
        "slate" if scheme == "dark" else "default"
    )


def fits(page: Page) -> None:
    whole, window = page.run(
        "const root = document.documentElement; return [root.scrollWidth, root.clientWidth];"
    )
    assert whole <= window
    outside = page.run(
        "return [...document.querySelectorAll('.calculator :is(input, select, button, td, th, p, pre)')]"
        ".filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"
        ".map(one => one.outerHTML.slice(0, 200));"
    )
    assert outside == []


def audit(page: Page) -> None:
    """The rules of axe-core on the calculator, not on the theme around it."""
    if not AXE:
        return
    page.run(Path(AXE).read_text(encoding="utf-8"))
    assert (
        page.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run('.calculator').then(found => done(found.violations.map("
            "one => [one.id, one.help, one.nodes.map(node => node.html)])));"
        )
        == []
    )


def test_nothing_leaves_and_it_works_without_a_connection(tmp_path: Path) -> None:
    log, export = tmp_path / "net.json", tmp_path / "our-secret-export.csv"
    export.write_bytes((EXAMPLES / "es003_small.csv").read_bytes())
    with visit(tmp_path, f"--log-net-log={log}") as (page, server):
        # The log notices what a page asks for elsewhere: this one, which stands outside the calculator, may.
        page.driver.get(f"{page.origin}/404.html")
        assert not reached(page, "http://control.test/", "GET")

        page.open()
        assert "MB" in page.find("#state").text
        page.find("#files").send_keys(str(export))
        page.ask_as_of_the_sample()
        page.answered()
        page.wait(lambda: "works offline" in page.find("#state").text, "offline")
        first = page.texts("#outcomes")
        assert not reached(page, "http://policy.test/", "GET")
        # Where the page's own policy is put aside, the service worker still refuses.
        page.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        page.open()
        assert not reached(page, "http://guard.test/", "GET")
        assert not reached(page, f"{page.origin}/calculator/", "POST")
        page.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})

        asked = list(server.asked)
        server.stop()
        page.open()
        page.wait(lambda: "Ready" in page.find("#state").text, "start without a connection")
        page.find("#files").send_keys(str(export))
        page.ask_as_of_the_sample()
        page.answered()
        assert page.texts("#outcomes") == first
        assert list(server.asked) == asked

    assert all(one.startswith("GET ") for one in asked)
    assert not any("secret" in one for one in asked)
    # Of everything that any page or worker of this site asked for, only the control lies elsewhere.
    elsewhere = {
        url for url in requests(log, page.origin) if not url.startswith((page.origin, "blob:", "data:"))
    }
    assert elsewhere == {"http://control.test/"}


def reached(page: Page, url: str, method: str) -> bool:
    return bool(
        page.driver.execute_async_script(
            "const done = arguments[2];"
            "fetch(arguments[0], {method: arguments[1], mode: 'no-cors'}).then(() => done(true), () => done(false));",
            url,
            method,
        )
    )


def requests(log: Path, origin: str) -> list[str]:
    """The addresses that pages and workers of an origin asked for, by the network log of the whole browser."""
    found = json.loads(log.read_text(encoding="utf-8"))
    start = found["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    return [
        event["params"]["url"]
        for event in found["events"]
        if event["type"] == start and event.get("params", {}).get("initiator") == origin
    ]
