"""Nothing a command prints or writes holds an importer number or a name of its input, unless asked for.

Every number and name of the input is a marker. The commands run in every format, on good and on broken files; then
standard output, standard error and every written file, workbooks unzipped, are searched for them.
"""

from __future__ import annotations

import asyncio
import csv
import io
import logging
import re
import sys
import traceback
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

pytest.importorskip("typer", reason="the cli extra is not installed")

from tests.es003_files import HEADINGS, csv_text, row

from ieeparefund import cli
from ieeparefund.ace.es003 import read_entries

NAMES = ("Quillfeather", "Zyxwvuco", "Ambergriff", "Thistlewood")
# The digits of a marker stand nowhere else; `True` for those of which nothing may show, not even the last four.
NUMBERS = {
    "91-830461701": False,  # IRS number with its suffix
    "83-7402916": False,  # without
    "94-1705286AB": False,  # with letters
    "91570382644": False,  # without its dash
    "250804-63918": False,  # given by CBP
    "517-38-9264": True,  # social security number
    "682407931": True,  # without dashes
    "739 51 8406": True,  # with blanks
    "861–39–5072": True,  # with the dashes of a word processor
    "00594827163": True,  # filled up with zeros
}
SSN, SSN_PLAIN, SSN_BLANKS, SSN_TYPESET, SSN_FILLED = (text for text, whole in NUMBERS.items() if whole)
IRS, IRS_SHORT, IRS_LETTERS, IRS_PLAIN, CBP = (text for text, whole in NUMBERS.items() if not whole)
ACCOUNT = "40718263549"
ENTRIES = ("ZT400001231", "ZT400004565", "ZT400007899", "MYK28103742", "ABC12345676")
AS_OF = ("--as-of", "2026-05-15")
ASKED = (*AS_OF, "--payee", "corporation")
MAP = """[columns]
notify_party = "Party"
"""


def shapes(number: str, whole: bool) -> list[re.Pattern[str]]:
    """What may not be read of a number: its digits up to the last four, or any four of them that it ends with."""
    bare = re.sub(r"\W", "", number).lstrip("0")
    hidden = bare if whole else bare[:-4]
    found = [re.compile(r"\W?".join(hidden[at : at + 5])) for at in range(len(hidden) - 4)]
    return [*found, re.compile(rf"[*\W]{bare[-4:]}(?!\d)")] if whole else found


PATTERNS = [pattern for number, whole in NUMBERS.items() for pattern in shapes(number, whole)] + [
    *(re.compile(name, re.I) for name in NAMES),
    re.compile(ACCOUNT[:7]),
]


def leaks(text: str) -> list[str]:
    return [found[0] for pattern in PATTERNS for found in [pattern.search(text)] if found]


def contents(folder: Path, inputs: set[Path]) -> Iterator[tuple[str, str]]:
    """Every written file as text; a workbook part by part."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path in inputs:
            continue
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                yield from ((f"{path}:{name}", book.read(name).decode("latin-1")) for name in book.namelist())
        else:
            yield str(path), path.read_bytes().decode("utf-8", "replace")


def run(*arguments: str) -> tuple[int, str]:
    """Run a command as its script does; what it prints, standard error too, and the exit code."""
    out, code = io.StringIO(), 0
    given, sys.argv = sys.argv, ["ieeparefund", *arguments]
    try:
        with redirect_stdout(out), redirect_stderr(out):
            cli.main()
    except SystemExit as error:
        code = int(error.code or 0)
    finally:
        sys.argv = given
    return code, out.getvalue()


class Place:
    """A folder of input files, and the check of everything that a command brings out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.out.mkdir()
        self.inputs: set[Path] = set()

    def put(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        self.inputs.add(path)
        return str(path)

    def check(self, *arguments: str, code: Sequence[int] = (0, 1)) -> str:
        found, text = run(*arguments)
        assert found in code, (arguments, found, text)
        assert leaks(text) == [], (arguments, text)
        for name, content in contents(self.folder, self.inputs):
            assert leaks(content) == [], (arguments, name)
        return text


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def good_book() -> str:
    """Five entries; each importer number in one, each name in a column that no reader looks at."""
    rows = []
    for at, (entry, importer, party) in enumerate(
        zip(
            ENTRIES,
            (IRS, IRS_LETTERS, SSN, CBP, NAMES[0]),
            (SSN_PLAIN, SSN_BLANKS, IRS_PLAIN, SSN_TYPESET, SSN_FILLED),
            strict=True,
        )
    ):
        changes = {"Entry_Summary_Number": entry, "Importer_Number": importer, "Party": party}
        rows.append(row(1, **changes, Importer_Name=NAMES[at % 4]))
        rows.append(row(2, "8471300100", "0.00", **changes, Importer_Name=f"{NAMES[at % 4]} {IRS_SHORT}"))
    return csv_text(rows, (*HEADINGS, "Party", "Importer Name"))


def broken_books() -> Iterator[str]:
    """Books in which a number or a name stands where it does not belong."""
    strange = [*NUMBERS, *NAMES, f"{NAMES[1]} {NAMES[2]}, {SSN}", f"x{SSN_PLAIN}", f"{NAMES[3]} 12"]
    for heading in HEADINGS:
        if heading == "Importer Number":
            continue
        cells = [text for text in strange if heading not in TAKEN or text not in TAKEN[heading]]
        rows = [row(1)] + [row(at, **{heading.replace(" ", "_"): text}) for at, text in enumerate(cells, 2)]
        # Every cell in an entry of its own too: of rows that differ only the first is told.
        yield csv_text(rows)
        yield csv_text(
            [
                {**row(1), "Entry Summary Number": ENTRIES[at % 5], heading: text}
                for at, text in enumerate(cells)
            ]
        )
    # A name with a comma that nobody quoted: the row is too wide.
    yield (
        csv_text([row(1)]) + f"ZT400004565,01,{NAMES[0]}, {NAMES[1]},{IRS},04/08/2025" + f",{SSN}" * 20 + "\n"
    )
    # Two importers in one entry, and a line of totals that holds a name.
    yield csv_text([row(1, Importer_Number=IRS), row(2, "8471300100", Importer_Number=SSN)])
    yield csv_text(
        [row(1), {"Entry Summary Number": "Total", "Line Tariff Duty Amount": f"{NAMES[0]} {SSN}"}]
    )
    # No headings at all.
    yield "\n".join(csv_text([row(1, Importer_Number=IRS, Protest_Number=NAMES[0])] * 3).splitlines()[1:])


# A column takes what has its form, whatever it is: eleven digits are an entry number, a country is any text.
TAKEN = {
    "Entry Summary Number": (IRS_PLAIN, SSN_FILLED),
}


@pytest.mark.parametrize("engine", ["scalar", "columns"])
def test_estimates(place: Place, engine: str) -> None:
    if engine == "columns":
        pytest.importorskip("pyarrow", reason="the arrow extra is not installed")
    book, columns = place.put("book.csv", good_book()), place.put("map.toml", MAP)
    for form in ("table", "json", "csv"):
        asked = (book, *ASKED, "--columns", columns, "--engine", engine, "--format", form)
        printed = place.check("estimate", *asked)
        assert "1701" in printed or form == "table"
        place.check("estimate", *asked, "--output", str(place.out / f"estimate.{form}"))


def test_explanations_and_checks(place: Place) -> None:
    book, columns = place.put("book.csv", good_book()), place.put("map.toml", MAP)
    for form in ("table", "json"):
        for entry in ENTRIES:
            place.check("explain", book, "--entry", entry, *ASKED, "--columns", columns, "--format", form)
        place.check("explain", book, "--entry", SSN, *ASKED, code=(2,))
        place.check("explain", book, "--entry", NAMES[0], *ASKED, code=(2,))
    for form in ("table", "json", "csv"):
        place.check("check", book, *AS_OF, "--notes", "--format", form)


def test_declarations_and_ledger(place: Place) -> None:
    book, columns = place.put("book.csv", good_book()), place.put("map.toml", MAP)
    ledger = str(place.out / "cape.db")
    for form in ("json", "table"):
        asked = ("declare", book, *ASKED, "--columns", columns, "--output", str(place.out / "cape"))
        place.check(
            *asked, "--ledger", ledger, "--group-by", "importer", "--account-importer", IRS, "--format", form
        )
    assert (place.out / "cape" / "manifest.json").exists()
    claims = place.put(
        "claims.csv",
        "ENTRY_NUMBER,CLAIM_NUMBER,STATUS,ERROR_DESCRIPTION\n"
        f"{ENTRIES[0]},90000000001,Failed,NO IEEPA HTS {SSN}\n{ENTRIES[1]},90000000001,Held for {SSN},\n"
        f"{NAMES[0]},90000000001,Failed,\n{ENTRIES[2]},{SSN},Failed,\n{SSN},1,Failed,\n",
    )
    place.check("ledger", "record", ledger, claims, "--on", "2026-05-18")
    place.check("declare", book, *ASKED, "--output", str(place.out / "cape"), "--ledger", ledger)
    for form in ("json", "csv", "table"):
        place.check(
            "ledger", "export", ledger, "--format", form, "--output", str(place.out / f"ledger.{form}")
        )


REPORT_MAP = """report = "ES-022"
[columns]
refund_number = "Refund"
entry_number = "Entry"
importer_number = "Importer"
liquidation_date = "Liquidated"
principal = "Principal"
interest = "Interest"
secondary_status = "Secondary"
ach_trace = "Trace"
"""
BANK_MAP = """report = "bank"
[columns]
date = "Date"
amount = "Amount"
reference = "Text"
"""


def table(*rows: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def refunds(place: Place) -> list[str]:
    head = ("Refund", "Entry", "Importer", "Liquidated", "Principal", "Interest", "Secondary", "Trace")
    rows = [
        (f"R-{at}", entry, party, "2026-07-10", "100.00", f"{at}.00", "Sent to Treasury", f"T{at}")
        for at, (entry, party) in enumerate(zip(ENTRIES, (IRS, SSN, SSN_PLAIN, CBP, NAMES[0]), strict=True))
    ]
    odd = [
        ("R-9", SSN, "", "", "1.00", "", "", ""),
        (SSN, ENTRIES[0], "", "", "1.00", "", "", ""),
        ("R-8", ENTRIES[0], IRS, NAMES[1], "1.00", "", f"Unheard of {SSN}", ""),
        ("R-7", ENTRIES[0], IRS, "", f"{NAMES[1]} {SSN}", "", "", ""),
        ("R-6", ENTRIES[0], "1.2E+11", "", "1.00", "", "", "", NAMES[2], SSN),
    ]
    bank = [
        ("2026-07-20", "101.00", f"ACH {NAMES[0]} {ACCOUNT} R-1"),
        ("2026-07-21", "77.00", f"INDN:{NAMES[1]} {SSN} {IRS} {ACCOUNT}"),
        ("2026-07-22", f"{NAMES[2]} {SSN}", ""),
        (NAMES[3], "1.00", ""),
    ]
    offsets = [("R-1", "", "5.00", NAMES[0], ""), ("R-1", "", SSN, "", ""), ("R-1", SSN, "5.00", "", SSN)]
    return [
        *("--payments", place.put("es022.csv", table(head, *rows, *odd))),
        *("--columns", place.put("es022.toml", REPORT_MAP)),
        *("--bank", place.put("bank.csv", table(("Date", "Amount", "Text"), *bank))),
        *("--bank-columns", place.put("bank.toml", BANK_MAP)),
        *(
            "--offsets",
            place.put(
                "offsets.csv", table(["Refund Number", "Entry Number", "Amount", "Kind", "Bill"], *offsets)
            ),
        ),
    ]


def test_reconciliations(place: Place) -> None:
    book, columns = place.put("book.csv", good_book()), place.put("map.toml", MAP)
    for form in ("table", "json", "csv"):
        asked = (
            book,
            *refunds(place),
            "--as-of",
            "2026-07-31",
            "--payee",
            "corporation",
            "--entry-columns",
            columns,
        )
        place.check("reconcile", *asked, "--format", form, code=(0, 1, 3, 4, 5))
        place.check(
            "reconcile",
            *asked,
            "--format",
            form,
            "--output",
            str(place.out / f"found.{form}"),
            code=(0, 1, 3, 4, 5),
        )


def test_statements_and_exhibits(place: Place) -> None:
    pytest.importorskip("jinja2", reason="the report extra is not installed")
    pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
    book, columns = place.put("book.csv", good_book()), place.put("map.toml", MAP)
    for form in ("html", "md", "xlsx"):
        place.check("report", book, *ASKED, "--columns", columns, "--output", str(place.out / f"book.{form}"))
        exhibit = str(place.out / f"one.{form}")
        for entry in (ENTRIES[0], ENTRIES[2]):
            place.check(
                "report",
                book,
                "--entry",
                entry,
                *ASKED,
                "--columns",
                columns,
                "--output",
                exhibit,
                "--format",
                "json",
            )
        place.check("report", "verify", exhibit)
    whole = str(place.out / "whole.md")
    assert run("report", book, *ASKED, "--columns", columns, "--show-importers", "--output", whole)[0] == 0
    # Asked for, they are there; so the search finds what there is to find.
    assert leaks(Path(whole).read_text(encoding="utf-8")) != []


def test_the_search_finds_each_marker() -> None:
    assert all(leaks(f"of {text}.") for text in (*NUMBERS, *NAMES, ACCOUNT))


def test_broken_books(place: Place) -> None:
    for at, text in enumerate(broken_books()):
        book = place.put(f"broken{at}.csv", text)
        for form in ("table", "json"):
            place.check("estimate", book, *ASKED, "--format", form, code=(0, 1, 2))
        place.check("check", book, *AS_OF, "--format", "table", code=(0, 1, 2))


def test_a_broken_book_reports_and_declares_nothing_private(place: Place) -> None:
    pytest.importorskip("jinja2", reason="the report extra is not installed")
    book = place.put("broken.csv", "\n".join(list(broken_books())[1].splitlines()) + "\n")
    place.check("report", book, *ASKED, "--output", str(place.out / "b.html"), code=(0, 1, 2))
    place.check("declare", book, *ASKED, "--output", str(place.out / "b"), "--format", "json", code=(0, 1, 2))


def test_workbooks_that_lost_zeros_and_dashes(place: Place) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the workbook is made by XlsxWriter")
    path = place.folder / "book.xlsx"
    place.inputs.add(path)
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("Main Report")
        sheet.write_row(0, 0, HEADINGS)
        for at, (entry, importer) in enumerate(
            zip(ENTRIES, (682407931, 91570382644, 94827163, SSN, NAMES[0]), strict=True), 1
        ):
            given = row(1, Entry_Summary_Number=entry, Importer_Number=importer)
            sheet.write_row(at, 0, [given.get(heading, "") for heading in HEADINGS])
            odd = {**given, "Entry Summary Date": 682407931, "Line Tariff Duty Amount": 91570382644.125}
            sheet.write_row(at + 10, 0, [odd.get(heading, "") for heading in HEADINGS])
    for form in ("table", "json"):
        place.check("estimate", str(path), *ASKED, "--format", form, code=(0, 1))


def test_suggestions(place: Place) -> None:
    place.check(
        "columns", "bank", "--suggest", place.put("a.csv", f"Date,Amount,Text\n2026-07-01,1.00,{NAMES[0]}\n")
    )
    headless = place.put("b.csv", f"{NAMES[0]},{IRS},1.00\n{NAMES[1]},{SSN},2.00\n")
    place.check("columns", "bank", "--suggest", headless, code=(2,))
    for report in ("ES-022", "REV-613"):
        place.check("columns", report, "--suggest", headless, code=(2,))


def test_arguments_of_the_other_commands_are_masked_in_errors(place: Place) -> None:
    for arguments in (
        ("headings", SSN),
        ("interest", SSN, "--deposited", "2025-05-01", "--liquidated", "2026-03-06", "--payee", "other"),
    ):
        place.check(*arguments, code=(2,))


def test_objects_in_a_log_or_a_traceback(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    found = read_entries(place.put("book.csv", good_book()), columns={"notify_party": "Party"})
    assert {entry.importer for entry in found.entries} >= {IRS, SSN, CBP}
    caplog.set_level(logging.DEBUG)
    logging.getLogger("user").error("%r %s", found, found)
    try:
        raise ValueError(found.entries)
    except ValueError:
        text = traceback.format_exc()
    assert leaks(caplog.text + text) == []
    assert ENTRIES[0] in text


def test_the_assistant(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mcp", reason="the mcp extra is not installed")
    from mcp import Client

    from ieeparefund.cli.assistant.server import assistant_server

    monkeypatch.chdir(place.folder)
    place.put("book.csv", good_book())
    texts = list(broken_books())
    for at, text in enumerate(texts):
        place.put(f"broken{at}.csv", text)
    facts = {
        "number": ENTRIES[0],
        "entry_type": "01",
        "entry_date": "2025-05-02",
        "importer": SSN,
        "notify_party": IRS,
        "lines": [
            {
                "line_number": 1,
                "country_of_origin": "CN",
                "tariffs": [{"number": "99030124", "duty": "20.00"}],
            }
        ],
    }
    asked = {"as_of": "2026-05-15", "payee": "corporation"}

    async def ask() -> list[str]:
        async with Client(assistant_server()) as client:
            calls = [
                ("estimate", {"files": [name], **asked})
                for name in ("book.csv", *(f"broken{at}.csv" for at in range(len(texts))))
            ]
            calls += [
                ("estimate", {"entry": {**facts, name: text}, **asked})
                for name in facts
                for text in (SSN, IRS)
            ]
            return [str(await client.call_tool(name, arguments)) for name, arguments in calls]

    for text in asyncio.run(ask()):
        assert leaks(text) == []
