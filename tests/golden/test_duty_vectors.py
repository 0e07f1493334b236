"""The duty vectors: published or worked cases of what was paid on an entry and what comes back.

`data/duty.csv` gives each case with its source (HTSUS U.S. note 2, CSMS messages, broker advisories). Base
numbers written as a chapter (`ch1-97`) are filled in here with a number of that chapter, and the column-1
rate that a scenario states is passed where an all-in heading asks for it.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from ieeparefund.ace.es003 import read_entries
from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import entry_check_digit
from ieeparefund.law.duty import ieepa_duty
from ieeparefund.law.duty_split import split_duty

DATA = Path(__file__).parent / "data" / "duty.csv"
CASES = {row["id"]: row for row in csv.DictReader(DATA.read_text(encoding="utf-8").splitlines())}
BASES = {
    "ch1-97": "8471.30.01.00",
    "ch84": "8479.89.95.00",
    "ch50-60": "5208.11.20.20",
    "ch02": "0201.10.50.10",
}
PART = re.compile(r"L(\d+) (\S+)(?: ([A-Z]+\+?))? value=(\S+) duty=(\S+)")
# The rates the scenarios state: AVE of the note's example, MFN, or free under KORUS.
COLUMN_1 = {
    "1": Column1Rate(specific=Decimal("0.50"), quantity=Decimal(1)),
    "10": Column1Rate(Decimal("7.5")),
    "11": Column1Rate(Decimal("26.4")),
    "13": Column1Rate(Decimal("2.5")),
    "14": Column1Rate(),
}


def entry_of(case: dict[str, str], column1: Column1Rate | None = None) -> Entry:
    """The entry a case describes."""
    lines: dict[int, list[TariffLine]] = {}
    programs: dict[int, str | None] = {}
    for part in case["lines"].split("; "):
        found = PART.fullmatch(part)
        assert found, part
        line, number, program, value, duty = found.groups()
        lines.setdefault(int(line), []).append(TariffLine(BASES.get(number, number), value, duty))
        programs[int(line)] = program or programs.get(int(line))
    origin = "DE" if case["origin"] == "EU" else case["origin"]
    return Entry(
        "ABC-1234567-6",
        "01",
        dt.date.fromisoformat(case["entry_date"]),
        [
            EntryLine(line, origin, rows, column1_rate=column1, special_program=programs[line])
            for line, rows in lines.items()
        ],
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_paid_and_refundable(case: dict[str, str]) -> None:
    duty = ieepa_duty(entry_of(case, COLUMN_1.get(case["id"])))
    assert duty.paid == Decimal(case["ieepa_heading_duty_paid"])
    assert duty.refundable == Decimal(case["ieepa_refund"])
    assert duty.low == duty.high
    assert sum(duty.by_programme.values()) == duty.paid


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_parts_sum_to_the_duty_of_the_entry(case: dict[str, str]) -> None:
    split = split_duty(entry_of(case))
    assert split.total == Decimal(case["total_duty"])
    assert split.ieepa == Decimal(case["ieepa_heading_duty_paid"])
    assert sum(split.by_authority.values()) == split.total


@pytest.mark.parametrize("case_id", ["1", "10", "13", "14"])
def test_an_all_in_case_without_its_rate_is_a_range(case_id: str) -> None:
    case = CASES[case_id]
    duty = ieepa_duty(entry_of(case))
    assert (duty.low, duty.high) == (Decimal("0.00"), Decimal(case["ieepa_heading_duty_paid"]))
    assert duty.low <= Decimal(case["ieepa_refund"]) <= duty.high
    assert [finding.rule for finding in duty.findings] == ["column1_rate_needed"]


def test_the_drawback_style_of_a_case_refunds_the_same() -> None:
    # CSMS 66319804: column-1 duty on the chapter 1-97 row, the difference to 15 per cent on the heading.
    for case_id, ordinary in (("10", "750.00"), ("13", "250.00")):
        case = CASES[case_id]
        rest = Decimal(case["total_duty"]) - Decimal(ordinary)
        split = {
            **case,
            "lines": case["lines"]
            .replace(f"duty={case['total_duty']}", f"duty={rest}")
            .replace("duty=0.00", f"duty={ordinary}"),
        }
        for column1 in (None, COLUMN_1[case_id]):
            assert ieepa_duty(entry_of(split, column1)).refundable == Decimal(case["ieepa_refund"])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_only_the_flat_swiss_rate_after_the_deal_needs_a_word(case: dict[str, str]) -> None:
    rules = {finding.rule for finding in ieepa_duty(entry_of(case, COLUMN_1.get(case["id"]))).findings}
    expected = {"32": {"heading_ended_retroactively"}, "36": {"look_alike_carries_duty"}}
    assert rules == expected.get(case["id"], set())


HEADINGS = (
    "Entry Summary Number,Entry Type Code,Entry Date,Entry Summary Line Number,Country of Origin Code,"
    "Line SPI Code,Tariff Ordinal Number,HTS Number - Full,Line Tariff Goods Value Amount,"
    "Line Tariff Duty Amount,Column 1 Current Primary Duty Rate"
)
# As the extended report prints a rate; case 1 has a specific rate of a unit the report does not count.
PRINTED = {"10": "7.5%", "11": "26.4%", "13": "2.5%", "14": "Free"}


def test_the_same_through_an_es003_file(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    text, wanted = [HEADINGS], {}
    for serial, (case_id, case) in enumerate(CASES.items(), 1):
        if case_id == "1":
            continue
        ten = f"ZT4{serial:07d}"
        number = f"{ten}{entry_check_digit(ten)}"
        wanted[number] = case
        for line in entry_of(case).lines:
            for ordinal, row in enumerate(line.tariffs, 1):
                rate = PRINTED.get(case_id, "") if row.number[:2] != "99" else ""
                text.append(
                    f"{number},01,{case['entry_date']},{line.line_number},{line.country_of_origin},"
                    f"{line.special_program or ''},{ordinal},{row.number},{row.value},{row.duty},{rate}"
                )
    export.write_text("\n".join(text) + "\n", encoding="utf-8")
    found = read_entries(export)
    assert found.problems == ()
    assert len(found.entries) == len(wanted) == 22
    for entry in found.entries:
        case = wanted[entry.number.compact]
        duty = ieepa_duty(entry)
        assert duty.paid == Decimal(case["ieepa_heading_duty_paid"]), case["id"]
        assert duty.refundable == Decimal(case["ieepa_refund"]), case["id"]
        assert split_duty(entry).total == Decimal(case["total_duty"])
