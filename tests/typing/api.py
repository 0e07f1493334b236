"""How users call the public API; checked by mypy --strict and pyright, never run."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import assert_type

import ieeparefund as ir

DAY = dt.date(2026, 5, 15)

number = ir.EntryNumber.parse("ABC-1234567-6", check=True)
assert_type(number.filer_code, str)
assert_type(number.check_digit_valid, bool)

row = ir.TariffLine("9903.01.25", 0, Decimal("1000.00"))
assert_type(row.duty, Decimal | None)
line = ir.EntryLine(1, "VN", [row], column1_rate=ir.Column1Rate(Decimal("2.5")), special_program="KR")
entry = ir.Entry(number, "01", DAY, [line], liquidation_status=ir.LiquidationStatus.LIQUIDATED)
assert_type(entry.number, ir.EntryNumber)
assert_type(entry.entry_type, ir.EntryType)
assert_type(entry.statement_paid, bool | None)
assert_type(entry.lines, tuple[ir.EntryLine, ...])

assert_type(ir.is_working_day(DAY, closures=True), bool)
assert_type(ir.add_working_days(DAY, -3), dt.date)
assert_type(ir.working_days_between(DAY, DAY), int)
assert_type(ir.nth_working_day(2026, 5, 15), dt.date)

assert_type(ir.cape_window(DAY), ir.Window)
assert_type(ir.cape_window(None), None)
assert_type(ir.windows(entry, as_of=DAY), list[ir.Window])
assert_type(ir.expected_liquidation_date(DAY), dt.date)
assert_type(ir.cape_window(DAY).is_open(DAY), bool)

assert_type(ir.annual_rate(DAY, ir.Payee.OTHER), Decimal)
result = ir.interest("10000", deposited=DAY, liquidated=DAY, payee="corporation")
assert_type(result, ir.Interest)
assert_type(result.amount, Decimal)
assert_type(ir.interest_cents(1_000_000, DAY, DAY, "other"), int)
assert_type(ir.interest_factor(DAY, DAY, ir.Payee.CORPORATION), Decimal)
assert_type(ir.PUBLISHED_RATES.projected(DAY), ir.RateTable)

assert_type(ir.authority("9903.01.25"), ir.Authority)
assert_type(ir.ieepa_heading("9903.01.25", DAY, "VN"), ir.Heading | None)
assert_type(ir.ieepa_duty(entry), ir.IeepaDuty)

eligibility = ir.check_eligibility(entry, as_of=DAY)
assert_type(eligibility.outcome, ir.Outcome)
assert_type(eligibility.findings, tuple[ir.Finding, ...])

answer = ir.estimate_refund(entry, as_of=DAY, payee="corporation")
assert_type(answer.refund, Decimal)
assert_type(answer.explain(), str)
book = ir.estimate_portfolio([entry], as_of=DAY, payee=ir.Payee.OTHER)
assert_type(book.expected_payments(), list[ir.ExpectedPayment])

file = ir.read_entries("es003.csv")
assert_type(file, ir.EntryFile)
assert_type(file.entries, tuple[ir.Entry, ...])
