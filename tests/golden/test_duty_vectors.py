"""The duty vectors: published or worked cases of what was paid on an entry and what comes back.

Each vector has its source (HTSUS U.S. note 2, CSMS messages, broker advisories), and the column-1 rate its scenario
states where an all-in heading asks for it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ieeparefund.ace.es003 import read_entries
from ieeparefund.entries.entry_number import entry_check_digit
from ieeparefund.law.duty import ieepa_duty
from ieeparefund.law.duty_split import split_duty
from ieeparefund.testing import DutyVector, vectors

CASES = {case.id: case for case in vectors().duty}
EVERY = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def test_every_case_is_there() -> None:
    assert len(CASES) == len(vectors().duty) == 23


@EVERY
def test_paid_and_refundable(case: DutyVector) -> None:
    duty = ieepa_duty(case.entry())
    assert duty.paid == case.ieepa_duty
    assert duty.refundable == case.refundable
    assert duty.low == duty.high
    assert sum(duty.by_programme.values()) == duty.paid


@EVERY
def test_the_parts_sum_to_the_duty_of_the_entry(case: DutyVector) -> None:
    split = split_duty(case.entry(with_column1_rate=False))
    assert split.total == case.total_duty
    assert split.ieepa == case.ieepa_duty
    assert sum(split.by_authority.values()) == split.total


@pytest.mark.parametrize("case_id", ["1", "10", "13", "14"])
def test_an_all_in_case_without_its_rate_is_a_range(case_id: str) -> None:
    case = CASES[case_id]
    duty = ieepa_duty(case.entry(with_column1_rate=False))
    assert (duty.low, duty.high) == (Decimal("0.00"), case.ieepa_duty)
    assert duty.low <= case.refundable <= duty.high
    assert [finding.rule for finding in duty.findings] == ["column1_rate_needed"]


def test_the_drawback_style_of_a_case_refunds_the_same() -> None:
    # CSMS 66319804: column-1 duty on the chapter 1-97 row, the difference to 15 per cent on the heading.
    for case_id, ordinary in (("10", Decimal("750.00")), ("13", Decimal("250.00"))):
        case = CASES[case_id]
        heading, base = case.rows
        split = replace(
            case,
            rows=(replace(heading, duty=case.total_duty - ordinary), replace(base, duty=ordinary)),
        )
        for known in (False, True):
            assert ieepa_duty(split.entry(with_column1_rate=known)).refundable == case.refundable


@EVERY
def test_only_the_flat_swiss_rate_after_the_deal_needs_a_word(case: DutyVector) -> None:
    rules = {finding.rule for finding in ieepa_duty(case.entry()).findings}
    expected = {"32": {"heading_ended_retroactively"}, "36": {"look_alike_carries_duty"}}
    assert rules == expected.get(case.id, set())


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
        for line in case.entry().lines:
            for ordinal, row in enumerate(line.tariffs, 1):
                rate = PRINTED.get(case_id, "") if row.number[:2] != "99" else ""
                text.append(
                    f"{number},01,{case.entry_date},{line.line_number},{line.country_of_origin},"
                    f"{line.special_program or ''},{ordinal},{row.number},{row.value},{row.duty},{rate}"
                )
    export.write_text("\n".join(text) + "\n", encoding="utf-8")
    found = read_entries(export)
    assert found.problems == ()
    assert len(found.entries) == len(wanted) == 22
    for entry in found.entries:
        case = wanted[entry.number.compact]
        duty = ieepa_duty(entry)
        assert duty.paid == case.ieepa_duty, case.id
        assert duty.refundable == case.refundable, case.id
        assert split_duty(entry).total == case.total_duty
