"""Estimates of one entry: deposits, ends of interest, assumptions, explanation, plain values."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.entries.codes import LiquidationStatus, Payee
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.errors import FieldError
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.rates import PUBLISHED_RATES
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund

DAY = dt.date(2026, 5, 15)


def entry(duty: str = "50000.00", **changes: Any) -> Entry:
    facts: dict[str, Any] = {
        "number": "ABC-1234567-6",
        "entry_type": "01",
        "entry_date": dt.date(2025, 5, 12),
        "lines": [
            EntryLine(
                1, "VN", [TariffLine("9903.01.25", 0, Decimal(duty)), TariffLine("8471300100", 500000, 0)]
            )
        ],
        "importer": "75-419312501",
        "deposit_date": dt.date(2025, 6, 23),
        "liquidation_status": "unliquidated",
    }
    return Entry(**(facts | changes))


def estimate(made: Entry | None = None, **options: Any) -> RefundEstimate:
    return estimate_refund(
        made if made is not None else entry(), **({"as_of": DAY, "payee": "corporation"} | options)
    )


def test_a_known_liquidation_and_deposit_give_the_published_figure() -> None:
    # Periodic monthly statement paid 2025-06-23, liquidated 2026-02-20: icpainc.org; CSMS 68340863.
    answer = estimate(liquidated_on=dt.date(2026, 2, 20))
    assert answer.interest == Decimal("2028.96")
    assert answer.refund == Decimal("52028.96")
    assert answer.interest_from == dt.date(2025, 6, 23)
    assert answer.interest_to == dt.date(2026, 2, 20)
    assert not answer.provisional
    assert answer.interest_range == (answer.interest, answer.interest)


@pytest.mark.parametrize(
    ("changes", "as_of", "end", "open_ended"),
    [
        # Accepted 2026-04-20 and unliquidated: 45 days are Thursday 2026-06-04 (CSMS 68340863).
        ({"cape_accepted_on": dt.date(2026, 4, 20)}, dt.date(2026, 5, 1), dt.date(2026, 6, 4), False),
        ({}, dt.date(2026, 4, 20), dt.date(2026, 6, 4), False),
        # Liquidated: the working day after acceptance, a Monday after a Friday.
        ({"liquidation_date": dt.date(2026, 3, 30)}, DAY, dt.date(2026, 5, 18), False),
        # A scheduled liquidation leaves the entry unliquidated.
        ({"liquidation_date": dt.date(2026, 6, 12)}, DAY, dt.date(2026, 6, 29), False),
        # Never past day 90 of 19 USC 1501.
        (
            {"liquidation_date": dt.date(2026, 2, 13), "cape_accepted_on": dt.date(2026, 5, 14)},
            dt.date(2026, 5, 14),
            dt.date(2026, 5, 14),
            False,
        ),
        (
            {"reliquidation_date": dt.date(2026, 5, 1), "liquidation_date": dt.date(2026, 3, 20)},
            DAY,
            dt.date(2026, 5, 1),
            False,
        ),
        ({"liquidation_status": LiquidationStatus.EXTENDED}, DAY, DAY, True),
        ({"liquidation_date": dt.date(2025, 11, 14)}, DAY, DAY, True),
        ({"liquidation_status": None}, DAY, DAY, True),
    ],
)
def test_the_end_of_interest(changes: dict[str, Any], as_of: dt.date, end: dt.date, open_ended: bool) -> None:
    answer = estimate(entry(**changes), as_of=as_of)
    assert answer.interest_to == end
    assert answer.end.open_ended is open_ended


def test_unknown_deposits_are_assumed_and_bounded() -> None:
    made = entry(deposit_date=None)
    by_rule = {
        rule: estimate(made, deposit_rule=rule).deposit_date for rule in ("summary", "periodic", "entry")
    }
    assert by_rule == {
        "summary": dt.date(2025, 5, 27),  # 10th working day after 2025-05-12 (19 CFR 142.12(b))
        "periodic": dt.date(2025, 6, 23),  # 15th working day of June 2025 (19 USC 1505(a))
        "entry": dt.date(2025, 5, 12),
    }
    filed = estimate(entry(deposit_date=None, entry_summary_date=dt.date(2025, 5, 20)))
    assert filed.deposit_date == dt.date(2025, 5, 20)
    assert any("entry summary date" in sentence for sentence in filed.assumed)
    low, high = filed.interest_range
    assert low < filed.interest < high


def test_the_class_of_the_entry_goes_before_the_class_of_the_book() -> None:
    answer = estimate(entry(payee="other"))
    assert answer.payee is Payee.OTHER
    assert answer.interest > estimate().interest


def test_past_the_rate_table_the_estimate_is_provisional() -> None:
    answer = estimate(liquidated_on=dt.date(2027, 3, 31))
    assert answer.provisional
    assert Decimal(0) < answer.interest_projected < answer.interest
    assert any("not published" in sentence for sentence in answer.assumed)
    known = estimate(liquidated_on=PUBLISHED_RATES.last_day)
    assert not known.provisional
    assert answer.interest - answer.interest_projected == known.interest
    longer = PUBLISHED_RATES.with_rate(
        dt.date(2027, 1, 1), dt.date(2027, 3, 31), corporation="5", other="6", citation="a later notice"
    )
    given = estimate(liquidated_on=dt.date(2027, 3, 31), rates=longer)
    assert not given.provisional
    assert given.interest < answer.interest
    late = estimate(
        entry(deposit_date=dt.date(2027, 1, 5), entry_date=dt.date(2026, 2, 1)),
        liquidated_on=dt.date(2027, 2, 1),
    )
    assert late.interest == late.interest_projected > 0


def test_an_inferred_rate_is_said() -> None:
    assert any("inferred" in sentence for sentence in estimate(liquidated_on=dt.date(2026, 8, 1)).assumed)


def test_an_end_before_the_deposit_earns_nothing() -> None:
    answer = estimate(liquidated_on=dt.date(2025, 6, 1))
    assert answer.interest == 0
    assert answer.interest_to == answer.interest_from


def test_nothing_paid_nothing_back_but_an_answer() -> None:
    answer = estimate(entry("0.00"))
    assert answer.outcome is Outcome.REJECTED
    assert answer.refund == 0
    assert answer.interest_from is None
    assert answer.interest_to is None
    assert answer.schedule is None
    assert answer.interest_range == (0, 0)
    assert answer.interest_projected == 0
    assert not answer.provisional
    assert "no interest runs" in answer.explain()


def test_before_the_opening_day_cape_is_not_open() -> None:
    answer = estimate(as_of=dt.date(2026, 4, 19))
    assert answer.outcome is Outcome.REJECTED
    assert [remedy.opens for remedy in answer.remedies] == [dt.date(2026, 4, 20)]
    assert "(from 2026-04-20)" in answer.explain()


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"payee": "llc"}, "payee"),
        ({"payee": None}, "payee"),
        ({"as_of": "2026-05-15"}, "as_of"),
        ({"as_of": dt.datetime(2026, 5, 15)}, "as_of"),
        ({"liquidated_on": 20260515}, "liquidated_on"),
        ({"deposit_rule": "never"}, "deposit_rule"),
    ],
)
def test_unusable_arguments(options: dict[str, Any], names: str) -> None:
    with pytest.raises(FieldError, match=names):
        estimate(**options)


def test_the_explanation_has_steps_citations_and_the_schedule() -> None:
    answer = estimate(
        entry(deposit_date=None, reliquidation_date=dt.date(2026, 8, 3), liquidation_date=dt.date(2026, 5, 8))
    )
    text = answer.explain()
    for expected in (
        "1. Facts",
        "Entry ABC-1234567-6, type 01, entered 2025-05-12.",
        "**-*****2501",
        "Reliquidated 2026-08-03",
        "19 U.S.C. 1505(c)",
        "26 U.S.C. 6622",
        "2026-04-01 to 2026-06-30:  91 days at 5 % /365",
        "inferred",
        "Over the plausible deposit dates",
        "Assumed: Deposit date",
        "days left",
    ):
        assert expected in text
    assert "75-4193" not in text
    blank = estimate(entry(liquidation_status=None, importer=None))
    assert "Neither liquidation date nor liquidation status is known." in blank.explain()
    assert "Missing:" in blank.explain()
    assert "No liquidation date, status unliquidated." in estimate().explain()
    assert "provisional" in estimate(liquidated_on=dt.date(2027, 3, 31)).explain()
    assert "Open-ended" in estimate(entry(liquidation_status="extended")).explain()


def test_numbers_in_no_table_are_shown() -> None:
    rows = [TariffLine("9903.01.25", 0, Decimal("10.00")), TariffLine("9903.77.01", 0, Decimal("5.00"))]
    text = estimate(entry(lines=[EntryLine(1, "VN", rows)])).explain()
    assert "Numbers in no table: 9903.77.01." in text
    assert "unknown 5.00" in text


def test_plain_values_are_json_with_the_fixed_keys() -> None:
    plain = estimate(entry(liquidation_date=dt.date(2026, 3, 20), liquidation_status="liquidated")).to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert {
        "entry_number",
        "entry_type",
        "importer",
        "entry_date",
        "deposit_date",
        "liquidation_date",
        "outcome",
        "findings",
        "assumed",
        "missing",
        "ieepa_duty",
        "refundable_duty",
        "by_programme",
        "interest_from",
        "interest_to",
        "interest",
        "interest_projected",
        "provisional",
        "refund",
        "windows",
        "remedies",
    } <= plain.keys()
    assert plain["windows"]["cape"]["closes"] == "2026-06-08"
    assert plain["importer"] == "**-*****2501"
    unliquidated = estimate().to_dict()
    assert unliquidated["windows"]["cape"] is None
    assert unliquidated["liquidation_date"] is None
