"""The tools for assistants: called as functions, through the server, and by a real client over stdio."""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
import json
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typer", reason="the cli extra is not installed")
pytest.importorskip("mcp", reason="the mcp extra is not installed")

from mcp import Client, StdioServerParameters
from mcp.server.mcpserver.exceptions import ToolError
from typer.testing import CliRunner

from ieeparefund.cli import mcp as command
from ieeparefund.cli.app import app
from ieeparefund.cli.assistant import server, tools
from ieeparefund.cli.assistant.parameters import Column1Facts, EntryFacts, LineFacts, TariffFacts
from ieeparefund.entries.codes import Payee
from ieeparefund.entries.entry import Entry
from ieeparefund.errors import FieldError, InputError, MissingExtraError

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = dt.date(2026, 5, 15)
ASKED = ("--as-of", "2026-05-15", "--payee", "corporation")
IMPORTER = "75-419312501"
FACTS: dict[str, Any] = {
    "number": "ZT4-0000123-1",
    "entry_type": "01",
    "entry_date": "2025-05-02",
    "importer": IMPORTER,
    "liquidation_date": "2026-03-06",
    "lines": [
        {
            "line_number": 1,
            "country_of_origin": "CN",
            "tariffs": [
                {"number": "9903.01.24", "value": 0, "duty": "2000.00"},
                {"number": "9903.88.03", "duty": "2500"},
            ],
        }
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the server reads from, as the current one; another file lies beside it."""
    place = tmp_path / "exports"
    place.mkdir()
    shutil.copy(EXAMPLES / "es003_small.csv", place)
    shutil.copy(EXAMPLES / "es003_small.csv", tmp_path / "elsewhere.csv")
    monkeypatch.chdir(place)
    return place


def printed(*arguments: str) -> Any:
    """Return the JSON a command prints."""
    result = CliRunner().invoke(app, [*arguments, "--format", "json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def answer(name: str, **arguments: Any) -> Any:
    """Return what a tool answers through the server, checked against the schema by the client of the SDK."""

    async def ask() -> Any:
        async with Client(server.assistant_server()) as client:
            return await client.call_tool(name, arguments)

    found = asyncio.run(ask())
    assert not found.is_error, found.content[0].text
    assert json.loads(found.content[0].text) == found.structured_content
    return found.structured_content


def refusal(name: str, **arguments: Any) -> str:
    """Return the sentence a tool refuses with."""
    found: Any = asyncio.run(server.assistant_server().call_tool(name, arguments))
    assert found.is_error
    (content,) = found.content
    assert "Traceback" not in content.text
    assert "validation error" not in content.text
    return str(content.text)


# The answers are those of the command line.


@pytest.mark.usefixtures("folder")
def test_estimate_answers_as_the_command_does() -> None:
    found = answer("estimate", as_of="2026-05-15", payee="corporation", files=["es003_small.csv"])
    assert found == printed("estimate", "es003_small.csv", *ASKED)
    assert found["totals"]["refund"] == "417997.14"
    assert found == tools.estimate(DAY, Payee.CORPORATION, ["es003_small.csv"])


@pytest.mark.usefixtures("folder")
def test_estimate_lists_the_entries_asked_for_and_keeps_the_totals() -> None:
    asked: dict[str, Any] = {"as_of": DAY, "payee": Payee.CORPORATION, "files": ["es003_small.csv"]}
    none = tools.estimate(**asked, entry_numbers=[])
    assert none["entries"] == []
    assert none["totals"]["refund"] == "417997.14"
    one = tools.estimate(**asked, entry_numbers=["12E11218658"])
    assert [(row["entry_number"], row["refund"]) for row in one["entries"]] == [("12E-1121865-8", "33414.53")]
    with pytest.raises(InputError, match="ZT4-0000123-1 is not among the 40 usable entries"):
        tools.estimate(**asked, entry_numbers=["ZT4-0000123-1"])


@pytest.mark.usefixtures("folder")
def test_the_options_of_estimate_reach_the_estimate() -> None:
    text = Path("es003_small.csv").read_text(encoding="utf-8")
    Path("odd.csv").write_text(text.replace("Line Tariff Duty Amount", "Paid", 1), encoding="utf-8")
    found = answer(
        "estimate",
        as_of="2026-05-15",
        payee="other",
        files=["odd.csv"],
        columns={"tariff_duty": "Paid"},
        liquidated_on="2026-06-30",
        deposit_rule="entry",
        column1="schedule",
    )
    shown = printed(
        "estimate", "es003_small.csv", "--as-of", "2026-05-15", "--payee", "other", "--liquidated-on",
        "2026-06-30", "--deposit-rule", "entry", "--column1", "schedule",
    )  # fmt: skip
    assert found["totals"] == shown["totals"]
    assert found["entries"] == shown["entries"]


def test_estimate_takes_one_entry_and_masks_its_importer() -> None:
    found = answer("estimate", as_of="2026-05-15", payee="corporation", entry=FACTS)
    assert found["totals"]["rows_read"] == found["totals"]["rows_used"] == 2
    assert found["totals"]["rows_excluded"] == 0
    (entry,) = found["entries"]
    assert (entry["outcome"], entry["refundable_duty"]) == ("accepted", "2000.00")
    assert entry["importer"] == "**-*****2501"
    assert IMPORTER not in json.dumps(found)


@pytest.mark.usefixtures("folder")
def test_eligibility_is_that_of_the_estimate() -> None:
    file = {"as_of": DAY, "files": ["es003_small.csv"]}
    shown = printed("estimate", "es003_small.csv", *ASKED)["entries"]
    for row in shown[::9]:
        found = tools.eligibility(**file, entry_number=row["entry_number"])
        assert found["outcome"] == row["outcome"]
        assert found["remedies"] == row["remedies"]
        assert found["findings"] == row["findings"][: len(found["findings"])]
    assert answer("eligibility", as_of="2026-05-15", entry=FACTS)["outcome"] == "accepted"
    with pytest.raises(InputError, match="hold 40 usable entries"):
        tools.eligibility(**file)


def test_windows_interest_and_headings_answer_as_the_commands_do() -> None:
    assert answer("windows", liquidated="2026-01-30") == printed("windows", "--liquidated", "2026-01-30")
    assert answer("windows", entered="2025-05-02") == printed("windows", "--entered", "2025-05-02")
    dates = {"deposited": "2025-04-15", "liquidated": "2026-02-23", "payee": "corporation"}
    found = answer("interest", principal="10000", **dates)
    assert found["interest"] == "529.67"
    options = [part for name, value in dates.items() for part in (f"--{name}", value)]
    assert found == printed("interest", "10000", *options)
    assert answer("interest", principal=10000, **dates) == found
    rows = answer("headings", country="IN", on="2025-12-01")
    assert rows == {
        "authority": None,
        "headings": printed("headings", "--country", "IN", "--on", "2025-12-01"),
    }
    one = answer("headings", number="99030125", programme="reciprocal")
    assert one["authority"] == "ieepa"
    assert {row["heading"] for row in one["headings"]} == {"9903.01.25"}
    assert answer("headings", number="9903.88.03") == {"authority": "section_301", "headings": []}


def test_explain_interest_finds_the_rate_of_the_other_class() -> None:
    # The figures of docs/how-to/prove-interest.md.
    facts = {
        "principal": "50000.00",
        "deposited": "2025-06-20",
        "liquidated": "2026-02-20",
        "payee": "corporation",
    }
    found = answer("explain_interest", paid="2405.15", **facts)
    assert (found["expected"], found["difference"]) == ("2054.63", "350.52")
    assert found["matches"][0]["departures"] == ["rate:other"]
    assert found["matches"][0]["chance"] == "0.01"
    assert found["nearest"] is None
    assert found["explanation"][0].startswith("Paid 2,405.15; by the law 2,054.63")
    nothing = answer("explain_interest", paid="2400.00", **facts, most_matches=1)
    assert nothing["matches"] == []
    assert nothing["nearest"]["interest"] != "2400.00"


def test_an_entry_as_facts_is_the_entry() -> None:
    line = LineFacts(
        line_number=1,
        country_of_origin="DE",
        tariffs=[
            TariffFacts(number="9903.02.20", duty="150.00"),
            TariffFacts(number="8471.30.01.00", value="1000"),
        ],
        column1_rate=Column1Facts(ad_valorem="2.5", specific="0.1", quantity="3"),
        special_program="S",
    )
    rate = line.entry_line().column1_rate
    assert rate is not None
    assert (str(rate.ad_valorem), str(rate.specific), str(rate.quantity)) == ("2.5", "0.1", "3")
    free = Column1Facts().column1_rate()
    assert free.quantity is None
    assert not free.ad_valorem
    entry = EntryFacts(number="ZT400001231", entry_type="01", entry_date=DAY, lines=[line]).entry()  # type: ignore[arg-type]  # text becomes a member
    assert entry.lines == (line.entry_line(),)
    with pytest.raises(FieldError, match="below zero"):
        EntryFacts.model_validate({**FACTS, "already_refunded": "-1"}).entry()
    assert set(EntryFacts.model_fields) == set(inspect.signature(Entry).parameters)


# What is wrong is said in a sentence.


def test_wrong_arguments_are_named() -> None:
    assert refusal("estimate", payee="corp", entry=FACTS) == (
        "as_of is missing. payee should be 'corporation' or 'other'."
    )
    assert refusal("windows", liquidatd="2026-01-30") == (
        "windows has no liquidatd. Its arguments are liquidated, entered."
    )
    assert refusal("windows") == "exactly one date is needed. Give liquidated or entered."
    for wrong in ("30.01.2026", 20260130, "2026-02-30"):
        assert f"liquidated: {wrong!r} is not a date; write" in refusal("windows", liquidated=wrong)
    assert refusal("estimate", as_of="2026-05-15", payee="other", entry={**FACTS, "importr": "x"}) == (
        "entry.importr is no known fact; see the schema."
    )
    most = {
        "paid": "1",
        "principal": "1",
        "deposited": "2025-06-20",
        "liquidated": "2026-02-20",
        "payee": "other",
    }
    assert refusal("explain_interest", **most, most_departures=9) == (
        "most_departures should be less than or equal to 4."
    )


def test_a_json_number_is_no_amount() -> None:
    line = {"line_number": 1, "tariffs": [{"number": "9903.01.24", "duty": 2000.5}]}
    asked = {"as_of": "2026-05-15", "payee": "other"}
    assert refusal("estimate", **asked, entry={**FACTS, "lines": [line]}) == (
        'entry.lines.0.tariffs.0.duty: 2000.5 is not an exact amount; write dollars as text, such as "1234.56".'
    )
    dates = {"deposited": "2025-04-15", "liquidated": "2026-02-23", "payee": "corporation"}
    assert "principal is 'ten', not an amount" in refusal("interest", principal="ten", **dates)
    assert refusal("interest", principal=True, **dates) == "principal should be a valid string."


def test_errors_of_the_package_are_spoken_for_an_assistant() -> None:
    late = refusal("interest", principal="1", deposited="2026-12-01", liquidated="2027-02-01", payee="other")
    assert late.endswith(
        "The tool `estimate` carries the last rate on and marks what it adds as provisional."
    )
    assert "number" in refusal("eligibility", as_of="2026-05-15", entry={**FACTS, "number": "12"})


@pytest.mark.usefixtures("folder")
def test_files_outside_the_folder_are_not_read() -> None:
    Path("link.csv").symlink_to(Path("..") / "elsewhere.csv")
    for name in ("../elsewhere.csv", str(Path("..").resolve() / "elsewhere.csv"), "link.csv", "a\0b"):
        asked = {"as_of": "2026-05-15", "payee": "other", "files": [name]}
        assert "lies outside the folder this server may read" in refusal("estimate", **asked)
    assert "cannot be opened" in refusal("estimate", as_of="2026-05-15", payee="other", files=["none.csv"])


@pytest.mark.usefixtures("folder")
def test_either_files_or_an_entry() -> None:
    asked = {"as_of": "2026-05-15", "payee": "other"}
    told = "either files or an entry is needed. Give files, or the facts as entry."
    assert refusal("estimate", **asked) == told
    assert refusal("estimate", **asked, files=[]) == told
    assert refusal("estimate", **asked, files=["es003_small.csv"], entry=FACTS) == told


@pytest.mark.usefixtures("folder")
def test_an_error_of_the_system_is_a_sentence_and_a_fault_of_the_program_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(error: Exception) -> Callable[..., Any]:
        def read(*_: object) -> Any:
            raise error

        return read

    asked = {"as_of": "2026-05-15", "payee": "other", "files": ["es003_small.csv"]}
    monkeypatch.setattr(tools, "read_book", failing(OSError("disk gone")))
    assert refusal("estimate", **asked) == "disk gone. Check the path."
    monkeypatch.setattr(tools, "read_book", failing(ZeroDivisionError("secret")))
    with pytest.raises(ToolError) as caught:
        asyncio.run(server.assistant_server().call_tool("estimate", asked))
    assert "secret" not in str(caught.value)
    with pytest.raises(ToolError, match="nothing"):
        asyncio.run(server.assistant_server().call_tool("nothing", {}))


# The server itself.


def test_every_argument_that_needs_words_has_them_and_nothing_else_is_taken() -> None:
    offered = {tool.name: tool for tool in asyncio.run(server.assistant_server().list_tools())}
    assert set(offered) == {"estimate", "eligibility", "windows", "interest", "headings", "explain_interest"}
    for tool in offered.values():
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.open_world_hint is False
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema is not None
    schema = offered["estimate"].input_schema
    assert schema["required"] == ["as_of", "payee"]
    assert schema["properties"]["as_of"]["format"] == "date"
    entry = schema["$defs"]["EntryFacts"]
    assert entry["additionalProperties"] is False
    assert entry["required"] == ["number", "entry_type", "entry_date", "lines"]
    assert schema["$defs"]["Payee"]["enum"] == ["corporation", "other"]


# The server may open no connection and look up no name: the hook ends it if it tries.
SERVER = """
import os, sys
def watch(event, args):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        os._exit(77)
sys.addaudithook(watch)
from ieeparefund.cli import main
main()
"""


def over_stdio(folder: Path, ask: Callable[[Client], Awaitable[Any]], program: str = SERVER) -> Any:
    """Run the server as a process of its own and talk to it as an assistant does."""

    async def talk() -> Any:
        started = StdioServerParameters(
            command=sys.executable, args=["-c", program, "mcp", "--folder", str(folder)]
        )
        async with Client(started, read_timeout_seconds=60) as client:
            return await ask(client)

    return asyncio.run(talk())


def test_a_real_client_over_stdio(folder: Path) -> None:
    async def ask(client: Client) -> dict[str, Any]:
        assert {tool.name for tool in (await client.list_tools()).tools} == {
            one.__name__ for one in tools.TOOLS
        }
        asked = {"as_of": "2026-05-15", "payee": "corporation"}
        calls: dict[str, tuple[str, dict[str, Any]]] = {
            "book": ("estimate", {**asked, "files": ["es003_small.csv"]}),
            "entry": ("estimate", {**asked, "entry": json.dumps(FACTS)}),
            "eligibility": ("eligibility", {"as_of": "2026-05-15", "entry": FACTS}),
            "windows": ("windows", {"liquidated": "2026-01-30"}),
            "interest": (
                "interest",
                {
                    "principal": "10000",
                    "deposited": "2025-04-15",
                    "liquidated": "2026-02-23",
                    "payee": "other",
                },
            ),
            "headings": ("headings", {"number": "9903.01.25"}),
            "trace": (
                "explain_interest",
                {
                    "paid": "2405.15",
                    "principal": "50000.00",
                    "deposited": "2025-06-20",
                    "liquidated": "2026-02-20",
                    "payee": "corporation",
                },
            ),
            "outside": ("estimate", {**asked, "files": ["../elsewhere.csv"]}),
        }
        return {key: await client.call_tool(name, arguments) for key, (name, arguments) in calls.items()}

    found = over_stdio(folder, ask)
    assert [key for key, result in found.items() if result.is_error] == ["outside"]
    assert "lies outside the folder" in found["outside"].content[0].text
    book = found["book"].structured_content
    assert book == printed("estimate", "es003_small.csv", *ASKED)
    assert found["entry"].structured_content["entries"][0]["refundable_duty"] == "2000.00"
    assert found["windows"].structured_content["cape"]["closes"] == "2026-04-20"
    assert found["trace"].structured_content["matches"][0]["departures"] == ["rate:other"]
    text = json.dumps([result.model_dump(mode="json") for result in found.values()])
    assert IMPORTER not in text
    with (EXAMPLES / "es003_small.csv").open(encoding="utf-8") as lines:
        importers = {line.split(",")[2] for line in list(lines)[1:]}
    assert not [importer for importer in importers if importer in text]


def test_the_watch_over_connections_works(folder: Path) -> None:
    # A server that does look up a name ends, so the test above would have failed.
    program = SERVER.replace("main()\n", "import socket\nsocket.getaddrinfo('localhost', 80)\nmain()\n")

    async def ask(client: Client) -> Any:
        return await client.list_tools()

    with pytest.raises(BaseException):  # noqa: B017, PT011  # whatever the client says of a server that is gone
        over_stdio(folder, ask, program)


def test_the_command_serves_its_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[str, Path]] = []
    monkeypatch.setattr(
        server.AssistantServer, "run", lambda _, transport: served.append((transport, Path.cwd()))
    )
    monkeypatch.chdir(folder.parent)
    assert CliRunner().invoke(app, ["mcp", "--folder", "exports"]).exit_code == 0
    assert served == [("stdio", folder)]
    assert CliRunner().invoke(app, ["mcp", "--folder", "none"]).exit_code == 2


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delitem(sys.modules, "ieeparefund.cli.assistant.server")
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(MissingExtraError, match=r"install ieeparefund\[mcp\]"):
        command.mcp(tmp_path)
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "ieeparefund.cli.assistant.server", None)
    with pytest.raises(ModuleNotFoundError, match="halted"):
        command.mcp(tmp_path)
