"""What the strategies of the testing kit promise, held against the library."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import ieeparefund as ir
from ieeparefund.errors import FieldError
from ieeparefund.law.rates import RateBand, RateTable
from ieeparefund.refunds.reconcile_items import Result
from ieeparefund.testing import (
    Es003File,
    PaymentCase,
    as_of_days,
    dates,
    entries,
    entry_numbers,
    es003_files,
    filed_entries,
    filed_lines,
    invalid_entry_numbers,
    invalid_rate_bands,
    invalid_rates,
    payment_cases,
    rate_tables,
    turning_days,
)
from ieeparefund.testing.payment_faults import told

AS_OF = dt.date(2026, 5, 15)


@given(entry_numbers())
def test_entry_numbers_hold_their_check_digit(number: ir.EntryNumber) -> None:
    assert ir.EntryNumber.parse(str(number)) == number


@given(invalid_entry_numbers())
def test_invalid_entry_numbers_are_refused(text: str) -> None:
    with pytest.raises(ir.EntryNumberError):
        ir.EntryNumber.parse(text)


@given(st.data())
def test_days_stay_inside_and_entries_are_in_order(data: st.DataObject) -> None:
    assert dt.date(2025, 3, 1) <= data.draw(dates("2025-03-01", dt.date(2025, 3, 9))) <= dt.date(2025, 3, 9)
    assert data.draw(dates("2031-01-01", "2031-01-01")) == dt.date(2031, 1, 1)
    entry = data.draw(entries(entry_types=[ir.EntryType.INFORMAL], as_of=AS_OF))
    assert entry.entry_type == "11"
    known = [day for day in (entry.entry_date, entry.liquidation_date, entry.reliquidation_date) if day]
    assert known == sorted(known)
    assert dt.date(2025, 2, 1) <= data.draw(as_of_days(entry)) < dt.date(2030, 1, 1)


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """The first examples of a strategy, the same at every call."""
    found: list[Any] = []

    @settings(max_examples=count, database=None, derandomize=True, phases=[Phase.generate])
    @given(strategy)
    def collect(one: Any) -> None:
        found.append(one)

    collect()
    return found


def test_entries_and_days_lie_on_both_sides_of_a_clock() -> None:
    sides = {79, 80, 81, 90}
    for side in sides:
        draws = settings(max_examples=3000, database=None, derandomize=True, phases=[Phase.generate])
        day = AS_OF - dt.timedelta(days=side)
        assert find(entries(as_of=AS_OF), lambda one, day=day: one.liquidation_date == day, settings=draws)
    liquidated = dt.date(2026, 4, 17)
    due = dt.date(2027, 3, 1)
    entry = ir.Entry(
        "ZT4-0000123-1", "01", dt.date(2025, 6, 2), [], liquidation_date=liquidated, reconciliation_due=due
    )
    days = drawn(as_of_days(entry), 300)
    assert sides <= {(day - liquidated).days for day in days}
    assert {29, 30} <= {(due - day).days for day in days}


def test_turning_days_are_in_order_and_have_the_day_before() -> None:
    turns = turning_days()
    assert list(turns) == sorted(set(turns))
    for text in ("2026-04-20", "2026-02-24", "2025-11-10", "2026-01-01", "2028-02-29"):
        day = dt.date.fromisoformat(text)
        assert {day - dt.timedelta(days=1), day} <= set(turns)


@given(st.data(), dates("2025-02-04", "2026-02-23"))
def test_filed_lines_pass_every_check(data: st.DataObject, entered: dt.date) -> None:
    line = data.draw(filed_lines(entered, 3))
    assert line.line_number == 3
    assert line.column1_rate is not None
    assert ir.check_line(line, entered).agrees is True
    for row in line.tariffs:
        assert not row.number.startswith(("9903.01", "9903.02")) or ir.ieepa_heading(
            row.number, entered, line.country_of_origin
        )


@given(filed_entries())
def test_filed_entries_are_certain_in_every_respect(entry: ir.Entry) -> None:
    answer = ir.estimate_refund(entry, as_of=AS_OF, payee="corporation")
    assert answer.duty.is_certain
    assert answer.duty.paid >= answer.duty.refundable >= 0
    assert answer.payee == entry.payee
    assert answer.outcome is not ir.Outcome.UNDETERMINED
    assert answer.missing == ()


@settings(max_examples=5)
@given(filed_entries(entered=dt.date(2025, 4, 9)))
def test_the_entry_date_of_a_filed_entry_can_be_fixed(entry: ir.Entry) -> None:
    assert entry.entry_date == dt.date(2025, 4, 9)


@settings(max_examples=20)
@given(es003_files(damaged=False))
def test_an_undamaged_file_loses_nothing_but_repeats_and_blanks(given_file: Es003File) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "es003.csv"
        path.write_bytes(given_file.content)
        found = ir.read_entries(path)
    assert found.entries == given_file.entries
    assert found.problems == ()
    assert given_file.rows_damaged == given_file.rows_incomplete == 0
    assert given_file.rows_read == given_file.rows_used + given_file.rows_blank + given_file.rows_repeated


@given(rate_tables())
def test_rate_tables_have_no_gap(table: RateTable) -> None:
    assert 1 <= (table.last_day - table.first_day).days + 1 <= 6 * 90
    for before, after in zip(table.bands, table.bands[1:], strict=False):
        assert after.first_day - before.last_day == dt.timedelta(days=1)


@given(invalid_rate_bands())
def test_no_table_is_made_of_invalid_bands(bands: list[RateBand]) -> None:
    with pytest.raises(ValueError, match=r"needs one band at least|does not follow"):
        RateTable(bands)


@given(invalid_rates())
def test_invalid_rates_are_refused(rate: Decimal | int | str) -> None:
    with pytest.raises(FieldError):
        RateTable.flat(rate, AS_OF, AS_OF)


@given(payment_cases())
def test_every_fault_in_a_payment_is_called_by_its_name(case: PaymentCase) -> None:
    found = ir.reconcile(case.estimates, case.rows, case.offsets, bank=case.bank, as_of=case.as_of)
    assert {payment.refund_numbers[0]: told(payment) for payment in found.payments} == {
        number: [named] if named else [] for number, named in case.named.items()
    }
    assert len(case.faults) >= sum(named is not None for named in case.named.values())


@given(payment_cases(faults=()))
def test_without_faults_everything_matches(case: PaymentCase) -> None:
    found = ir.reconcile(case.estimates, case.rows, case.offsets, bank=case.bank, as_of=case.as_of)
    assert found.result is Result.MATCHED
    assert case.faults == ()
    assert set(case.named.values()) == {None}
