"""IEEPA duty of an entry: what counts, what comes back, and what the filer is told."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.law import duty_findings
from ieeparefund.law.citations import Standing, table_text
from ieeparefund.law.duty import ieepa_duty
from ieeparefund.law.duty_lines import Role, Treatment, line_amounts, role_of
from ieeparefund.law.duty_split import split_duty
from ieeparefund.law.findings import Effect, Finding

BASE = "8471.30.01.00"
Row = tuple[str, Any, Any]


def dollars(text: str) -> Decimal:
    return Decimal(text)


def line(*rows: Row, number: int = 1, country: str | None = "CN", **facts: Any) -> EntryLine:
    return EntryLine(number, country, [TariffLine(*row) for row in rows], **facts)


def entry(*lines: EntryLine, on: str = "2025-07-01", kind: str = "01", **facts: Any) -> Entry:
    return Entry("ZT4-0000123-1", kind, dt.date.fromisoformat(on), lines, **facts)


def one(*rows: Row, on: str = "2025-07-01", kind: str = "01", country: str = "CN", **facts: Any) -> Entry:
    return entry(line(*rows, country=country, **facts), on=on, kind=kind)


def rules(of: Entry) -> list[str]:
    return [finding.rule for finding in ieepa_duty(of).findings]


def only(of: Entry) -> Finding:
    (finding,) = ieepa_duty(of).findings
    return finding


def test_only_ieepa_headings_count() -> None:
    # Sections 301 and IEEPA on one entry: 8,500.00 of 13,500.00 comes back.
    duty = ieepa_duty(one(("9903.88.03", 0, "5000.00"), ("9903.01.24", 0, "8500.00"), (BASE, 42500, "0.00")))
    assert (duty.paid, duty.refundable, duty.low, duty.high) == (dollars("8500.00"),) * 4
    assert duty.by_programme == {"china_fentanyl": dollars("8500.00")}
    assert duty.is_certain
    assert duty.findings == ()


def test_section_122_never_counts() -> None:
    of = one(("9903.03.01", 0, "900.00"), (BASE, 9000, "0.00"), on="2026-03-02")
    assert ieepa_duty(of).paid == 0
    assert ieepa_duty(of).by_programme == {}
    finding = only(of)
    assert (finding.rule, finding.effect, finding.amount) == (
        "look_alike_carries_duty",
        Effect.NOTE,
        dollars("900.00"),
    )
    assert "Section 122" in finding.explanation


def test_two_lines_with_the_same_code_and_amount_both_count() -> None:
    row = ("9903.01.24", 0, "1200.00")
    duty = ieepa_duty(entry(line(row, (BASE, 6000, 0)), line(row, (BASE, 6000, 0), number=2)))
    assert duty.refundable == dollars("2400.00")
    assert [part.paid for part in duty.lines] == [dollars("1200.00")] * 2


def test_potash_is_a_duty() -> None:
    of = one(("9903.01.15", 0, "1000.00"), ("3104.20.00.00", 10000, 0), country="CA", on="2025-06-10")
    assert ieepa_duty(of).refundable == dollars("1000.00")


def test_the_paid_amount_counts_whatever_the_rate_would_give() -> None:
    assert ieepa_duty(one(("9903.01.25", 0, "1999.99"), (BASE, 20000, 0))).refundable == dollars("1999.99")


def test_an_exemption_at_zero_or_blank_is_nothing() -> None:
    for blank in ("0.00", None):
        duty = ieepa_duty(one(("9903.01.33", 0, blank), (BASE, 100, "2.50")))
        assert (duty.paid, duty.high, duty.findings) == (0, 0, ())


def test_corrections_below_zero_are_netted() -> None:
    duty = ieepa_duty(
        entry(
            line(("9903.01.24", 0, "200.00"), (BASE, 1000, 0)),
            line(("9903.01.24", 0, "-50.00"), (BASE, 1000, 0), number=2),
        )
    )
    assert (duty.paid, duty.refundable) == (dollars("150.00"), dollars("150.00"))


def test_a_net_correction_is_never_a_refund_below_zero() -> None:
    duty = ieepa_duty(one(("9903.01.24", 0, "-50.00"), (BASE, 1000, 0)))
    assert (duty.paid, duty.low, duty.high) == (dollars("-50.00"), 0, 0)
    assert [step.name for step in duty.steps] == ["duty_on_headings", "not_below_zero"]


def test_an_entry_without_lines() -> None:
    duty = ieepa_duty(entry())
    assert (duty.paid, duty.refundable, duty.lines, duty.findings) == (0, 0, (), ())
    assert duty.explain().startswith("1. Duty paid on IEEPA headings: 0.00 [")


# --- headings that impose no duty ---------------------------------------------------------------------------


def test_duty_on_an_exemption_heading_is_paid_but_not_certain_to_come_back() -> None:
    of = one(("9903.01.33", 0, "75.00"), ("9903.01.24", 0, "100.00"), (BASE, 500, 0))
    duty = ieepa_duty(of)
    assert (duty.paid, duty.refundable, duty.high) == (
        dollars("175.00"),
        dollars("100.00"),
        dollars("175.00"),
    )
    finding = only(of)
    assert (finding.rule, finding.effect, finding.line_number) == (
        "exemption_heading_carries_duty",
        Effect.WARN,
        1,
    )
    assert finding.amount == dollars("75.00")
    assert [step.name for step in duty.steps] == ["duty_on_headings", "no_duty_headings"]


def test_a_correction_on_an_exemption_heading_lowers_the_low_end_only() -> None:
    duty = ieepa_duty(one(("9903.01.33", 0, "-75.00"), ("9903.01.24", 0, "100.00"), (BASE, 500, 0)))
    assert (duty.paid, duty.low, duty.high) == (dollars("25.00"), dollars("25.00"), dollars("100.00"))
    assert duty.steps[1].change_high == dollars("75.00")


def test_what_a_step_says_and_takes_off() -> None:
    # Half a dollar and a correction of half a dollar on exemption headings, on lines of their own.
    duty = ieepa_duty(
        entry(
            line(("9903.01.24", 0, "100.00"), ("9903.01.33", 0, "0.50"), (BASE, 500, 0)),
            line(("9903.01.33", 0, "-0.50"), (BASE, 500, 0), number=2),
        )
    )
    paid, idle = duty.steps
    assert (paid.name, paid.change_low, paid.change_high) == ("duty_on_headings", 100, 100)
    assert (paid.low, paid.high) == (100, 100)
    assert (idle.name, idle.change_low, idle.change_high) == (
        "no_duty_headings",
        dollars("-0.50"),
        dollars("0.50"),
    )
    assert (idle.low, idle.high) == (dollars("99.50"), dollars("100.50")) == (duty.low, duty.high)


def test_a_number_that_never_had_a_rate_line_is_an_error_of_the_data() -> None:
    of = one(("9903.01.39", 0, "340.00"), (BASE, 1000, 0), on="2025-04-09")
    duty = ieepa_duty(of)
    assert (duty.paid, duty.low, duty.high) == (dollars("340.00"), 0, dollars("340.00"))
    assert duty.by_programme == {"unassigned": dollars("340.00")}
    finding = only(of)
    assert (finding.rule, finding.ace_text) == ("unassigned_heading", "INVALID HTS")


def test_duty_on_the_suspended_china_heading_counts() -> None:
    of = one(("9903.01.63", 0, "340.00"), (BASE, 1000, 0), on="2025-06-01")
    assert ieepa_duty(of).refundable == dollars("340.00")
    assert rules(of) == ["suspended_heading_carries_duty"]
    for nothing in ("0.00", None):
        assert rules(one(("9903.01.63", 0, nothing), (BASE, 1000, 0), on="2025-06-01")) == []


# --- all-in headings ----------------------------------------------------------------------------------------


def all_in(
    heading: Any, base: Any, *, column1: Column1Rate | None = None, value: Any = 10000, **facts: Any
) -> Entry:
    rows = [("9903.02.20", 0, heading), ("3926.90.99.89", value, base)]
    return one(*rows, country="DE", on="2025-10-01", column1_rate=column1, **facts)


MFN = Column1Rate(Decimal("2.5"))


@pytest.mark.parametrize(
    ("heading", "base"),
    [("1500.00", "0.00"), ("1250.00", "250.00")],
    ids=["default style", "drawback style"],
)
def test_both_filing_styles_refund_the_same(heading: str, base: str) -> None:
    # CSMS 66319804: 15 per cent of 10,000 in total, column 1 at 2.5 per cent.
    duty = ieepa_duty(all_in(heading, base, column1=MFN))
    assert (duty.low, duty.high) == (dollars("1250.00"), dollars("1250.00"))
    assert duty.lines[0].treatment is Treatment.COLUMN_1_KNOWN
    assert duty.lines[0].column1_duty == dollars("250.00")
    assert duty.lines[0].refundable == dollars("1250.00")
    assert duty.findings == ()


def test_the_split_style_tells_itself() -> None:
    of = all_in("1250.00", "250.00")
    duty = ieepa_duty(of)
    assert (duty.low, duty.high) == (dollars("1250.00"), dollars("1250.00"))
    finding = only(of)
    assert (finding.rule, finding.effect, finding.standing) == (
        "all_in_split_style",
        Effect.NOTE,
        Standing.INFERRED,
    )


def test_never_the_whole_15_where_column_1_may_be_above_zero() -> None:
    of = all_in("1500.00", "0.00")
    duty = ieepa_duty(of)
    assert (duty.refundable, duty.low, duty.high) == (0, 0, dollars("1500.00"))
    assert not duty.is_certain
    finding = only(of)
    assert (finding.rule, finding.effect) == ("column1_rate_needed", Effect.WARN)
    assert "The column-1 rate is not known" in finding.explanation
    assert "between 0.00 and 1,500.00" in finding.explanation
    assert "0.00 to 1,500.00" in duty.explain()


def test_a_rate_without_a_value_to_apply_it_to_is_not_known() -> None:
    for value in (None, 0):
        of = all_in("1500.00", "0.00", column1=MFN, value=value)
        assert (ieepa_duty(of).low, ieepa_duty(of).high) == (0, dollars("1500.00"))
        assert "The value of the chapter 1-97 row is not known" in only(of).explanation


def test_free_and_specific_rates_need_no_value() -> None:
    assert ieepa_duty(all_in("1500.00", "0.00", column1=Column1Rate(), value=None)).low == dollars("1500.00")
    specific = Column1Rate(specific=Decimal("0.50"), quantity=Decimal(500))
    assert ieepa_duty(all_in("1500.00", "0.00", column1=specific, value=None)).low == dollars("1250.00")


@pytest.mark.parametrize(
    ("heading", "base", "value", "refundable"),
    [
        ("150.00", "10.00", 1000, "135.00"),  # 15 per cent in all, 10 of the 25.00 column-1 duty paid apart
        ("25.00", "0.50", 1000, "0.50"),
        ("0.15", "0.00", 1, "0.12"),  # 2.5 per cent of one dollar is 0.03
    ],
)
def test_the_refund_is_what_was_paid_less_the_column_1_duty(
    heading: str, base: str, value: int, refundable: str
) -> None:
    # CSMS 66319804: duty on the heading and on the chapter 1-97 row, less column 1 at 2.5 per cent.
    duty = ieepa_duty(all_in(heading, base, column1=MFN, value=value))
    assert (duty.low, duty.high) == (dollars(refundable), dollars(refundable))
    assert duty.lines[0].treatment is Treatment.COLUMN_1_KNOWN


def test_column_1_is_owed_on_all_ordinary_rows_of_the_line() -> None:
    rows = [("9903.02.20", 0, "150.00"), (BASE, 400, "0.00"), ("3926.90.99.89", 600, "0.00")]
    duty = ieepa_duty(one(*rows, country="DE", on="2025-10-01", column1_rate=MFN))
    assert (duty.refundable, duty.lines[0].column1_duty) == (dollars("125.00"), dollars("25.00"))
    paid_apart = [rows[0], (BASE, 400, "5.00"), ("3926.90.99.89", 600, "8.00")]
    duty = ieepa_duty(one(*paid_apart, country="DE", on="2025-10-01", column1_rate=MFN))
    assert duty.refundable == dollars("138.00")


def test_small_sums_are_treated_like_large_ones() -> None:
    duty = ieepa_duty(all_in("1.00", "0.00"))
    assert (duty.low, duty.high, duty.lines[0].treatment) == (0, 1, Treatment.RANGE)
    duty = ieepa_duty(all_in("14.50", "0.50", value=100))
    assert (duty.low, duty.lines[0].treatment) == (dollars("14.50"), Treatment.SPLIT_STYLE)


def test_duty_and_correction_of_the_same_amount_leave_nothing_to_ask() -> None:
    rows = [("9903.02.20", 0, "15.00"), ("9903.02.20", 0, "-15.00"), (BASE, 100, "0.00")]
    duty = ieepa_duty(one(*rows, country="DE", on="2025-10-01"))
    assert (duty.low, duty.high, duty.lines[0].treatment) == (0, 0, Treatment.AS_PAID)


def test_the_column_1_duty_is_shown_only_where_an_all_in_heading_needs_it() -> None:
    plain = one(("9903.01.24", 0, "100.00"), (BASE, 1000, 0), column1_rate=MFN)
    assert ieepa_duty(plain).lines[0].column1_duty is None
    for number in ("9903.02.20", "9903.02.19"):
        of = one((number, 0, "0.00"), (BASE, 1000, 0), country="DE", on="2025-10-01", column1_rate=MFN)
        assert ieepa_duty(of).lines[0].column1_duty == dollars("25.00")


def test_the_step_of_an_all_in_heading_is_told() -> None:
    first, last = ieepa_duty(all_in("1500.00", "0.00", column1=MFN)).steps
    assert (first.low, first.high) == (1500, 1500)
    assert (last.name, last.change_low, last.change_high) == ("all_in_correction", -250, -250)
    assert last.citation.id == "csms-66319804"


def test_a_blank_base_duty_leaves_a_range() -> None:
    of = all_in("1500.00", None, column1=MFN)
    assert (ieepa_duty(of).low, ieepa_duty(of).high) == (dollars("1250.00"), dollars("1500.00"))
    assert "The duty of the chapter 1-97 row is not known" in only(of).explanation
    assert ieepa_duty(all_in("1500.00", None)).low == 0


def test_a_heading_alone_on_its_line_leaves_a_range() -> None:
    duty = ieepa_duty(one(("9903.02.20", 0, "1500.00"), country="DE", on="2025-10-01"))
    assert (duty.low, duty.high) == (0, dollars("1500.00"))


def test_more_column_1_duty_than_paid_is_no_debt() -> None:
    # Column 1 at 26.4 per cent: the heading should not have been used, and nothing of it was IEEPA duty.
    duty = ieepa_duty(all_in("1500.00", "0.00", column1=Column1Rate(Decimal("26.4"))))
    assert (duty.low, duty.high) == (0, 0)


def test_an_overpaid_column_1_is_not_ieepa_duty() -> None:
    of = all_in("1250.00", "300.00", column1=MFN)
    assert ieepa_duty(of).refundable == dollars("1250.00")
    finding = only(of)
    assert finding.rule == "base_duty_above_column1"
    assert "300.00 against 250.00" in finding.explanation


def test_korea_with_the_free_korus_rate_refunds_the_whole() -> None:
    # CSMS 67045953.
    rows = [("9903.02.80", 0, "3000.00"), (BASE, 20000, "0.00")]
    of = one(*rows, country="KR", on="2025-12-10", special_program="KR", column1_rate=Column1Rate())
    assert ieepa_duty(of).refundable == dollars("3000.00")


def test_the_twin_for_15_and_more_carries_nothing() -> None:
    rows = [("9903.02.19", 0, "0.00"), (BASE, 10000, "1760.00")]
    assert ieepa_duty(one(*rows, country="DE", on="2025-10-01")).high == 0
    assert rules(one(*rows, country="DE", on="2025-10-01")) == []
    wrong = one(("9903.02.19", 0, "100.00"), rows[1], country="DE", on="2025-10-01")
    assert (ieepa_duty(wrong).low, ieepa_duty(wrong).high) == (0, dollars("100.00"))
    assert rules(wrong) == ["all_in_twin_carries_duty", "column1_rate_needed"]


def test_a_correction_on_an_all_in_heading_takes_back_what_it_takes_back() -> None:
    correction = line(
        ("9903.02.20", 0, "-100.00"), (BASE, 10000, "0.00"), number=2, country="DE", column1_rate=MFN
    )
    of = entry(*all_in("1500.00", "0.00", column1=MFN).lines, correction, on="2025-10-01")
    duty = ieepa_duty(of)
    assert (duty.paid, duty.low, duty.high) == (dollars("1400.00"), dollars("1150.00"), dollars("1150.00"))
    assert duty.findings == ()


def test_ordinary_duty_above_column_1_is_told_beside_any_duty_on_the_heading() -> None:
    # Column 1 is 250.00 and 300.00 stands on the chapter 1-97 row.
    assert rules(all_in("0.50", "300.00", column1=MFN)) == ["base_duty_above_column1"]
    netted = [("9903.02.20", 0, "5.00"), ("9903.02.20", 0, "-5.00"), ("3926.90.99.89", 10000, "300.00")]
    assert rules(one(*netted, country="DE", on="2025-10-01", column1_rate=MFN)) == []


def test_rows_of_one_all_in_heading_are_taken_together() -> None:
    rows = [("9903.02.20", 0, "1000.00"), ("9903.02.20", 0, "500.00"), (BASE, 10000, "0.00")]
    duty = ieepa_duty(one(*rows, country="DE", on="2025-10-01", column1_rate=MFN))
    assert (duty.paid, duty.refundable) == (dollars("1500.00"), dollars("1250.00"))


def test_the_flat_rate_before_the_deal_heading_is_all_ieepa() -> None:
    of = one(("9903.02.58", 0, "3900.00"), (BASE, 10000, "500.00"), country="CH", on="2025-12-01")
    assert ieepa_duty(of).refundable == dollars("3900.00")
    assert only(of).rule == "heading_ended_retroactively"
    assert only(of).effect is Effect.NOTE


# --- money that came back, and netting ----------------------------------------------------------------------


def settled(returned: str = "0.00", other: str = "0.00") -> Entry:
    lines = line(("9903.01.24", 0, "1000.00"), (BASE, 5000, 0))
    return entry(lines, already_refunded=returned, other_adjustments=other)


@pytest.mark.parametrize(
    ("returned", "other", "refundable", "steps"),
    [
        ("0.00", "0.00", "1000.00", []),
        ("300.00", "0.00", "700.00", ["already_returned"]),
        ("1300.00", "0.00", "0.00", ["already_returned"]),
        ("0.00", "150.00", "850.00", ["netting"]),
        ("300.00", "150.00", "550.00", ["already_returned", "netting"]),
        ("300.00", "900.00", "0.00", ["already_returned", "netting", "not_below_zero"]),
        # 19 CFR 159.1: the entry is liquidated as a whole, so what other lines overpaid adds to the refund.
        ("0.00", "-25.00", "1025.00", ["netting"]),
    ],
)
def test_each_change_is_a_step(returned: str, other: str, refundable: str, steps: list[str]) -> None:
    duty = ieepa_duty(settled(returned, other))
    assert duty.refundable == dollars(refundable)
    assert [step.name for step in duty.steps] == ["duty_on_headings", *steps]
    assert (duty.steps[-1].low, duty.steps[-1].high) == (duty.low, duty.high)


def test_cents_that_were_returned_are_taken_off_too() -> None:
    cents = line(("9903.01.24", 0, "0.50"), (BASE, 5, 0))
    assert ieepa_duty(entry(cents, already_refunded="0.30")).refundable == dollars("0.20")


def test_the_steps_are_told_with_their_sources() -> None:
    text = ieepa_duty(settled("300.00", "150.00")).explain().splitlines()
    assert text == [
        "1. Duty paid on IEEPA headings: 1,000.00 [19 CFR 24.36(a); CSMS 68340863]",
        "2. Already returned, 300.00, is taken off, not below zero: 700.00 [19 CFR 24.36(a); CSMS 68340863]",
        "3. Other changes of the entry, 150.00 owed, are netted: 550.00 [19 CFR 159.1]",
    ]


def test_more_returned_than_paid_is_told() -> None:
    finding = only(settled("1300.00"))
    assert (finding.rule, finding.line_number, finding.amount) == (
        "returned_more_than_paid",
        None,
        dollars("1000.00"),
    )


# --- findings -----------------------------------------------------------------------------------------------


def test_a_heading_out_of_its_dates() -> None:
    of = one(("9903.01.20", 0, "100.00"), (BASE, 1000, 0), on="2025-03-04")
    finding = only(of)
    assert (finding.rule, finding.effect, finding.ace_text) == (
        "heading_not_in_force",
        Effect.WARN,
        "INVALID HTS",
    )
    assert "in force from 2025-02-04 to 2025-03-03" in finding.explanation
    # The duty was paid, on a wrong number or not.
    assert ieepa_duty(of).refundable == dollars("100.00")


def test_the_periods_of_a_heading_are_told_as_one() -> None:
    after = one(("9903.01.24", 0, "100.00"), (BASE, 1000, 0), on="2026-02-24")
    assert "in force from 2025-03-04 to 2026-02-23." in only(after).explanation


@pytest.mark.parametrize("kind", ["21", "22", "31", "32", "34", "38"])
def test_a_warehouse_entry_can_bear_the_rate_of_another_day(kind: str) -> None:
    finding = only(one(("9903.01.24", 0, "100.00"), (BASE, 1000, 0), on="2026-03-15", kind=kind))
    assert (finding.rule, finding.effect) == ("heading_of_another_date", Effect.NOTE)


def test_a_zone_entry_can_bear_the_rate_of_another_day() -> None:
    finding = only(one(("9903.01.24", 0, "100.00"), (BASE, 1000, 0), on="2026-03-15", kind="06"))
    assert (finding.rule, finding.effect, finding.standing) == (
        "zone_rate_of_another_date",
        Effect.NOTE,
        Standing.INFERRED,
    )


def test_an_unknown_chapter_99_number_is_shown() -> None:
    for number in ("9903.99.01", "9950.01.01"):
        finding = only(one((number, 0, "12.00"), (BASE, 100, 0)))
        assert (finding.rule, finding.effect, finding.amount) == (
            "unknown_9903_number",
            Effect.WARN,
            dollars("12.00"),
        )
    assert "an unknown amount" in only(one(("9903.99.01", 0, None), (BASE, 100, 0))).explanation


@pytest.mark.parametrize(
    "number", ["9903.03.01", "9903.05.01", "9903.05.38", "9903.06.01", "9903.94.50", "9903.96.01"]
)
def test_look_alikes_with_duty_are_named(number: str) -> None:
    assert rules(one((number, 0, "10.00"), (BASE, 100, 0), on="2026-08-01")) == ["look_alike_carries_duty"]
    assert rules(one((number, 0, "0.00"), (BASE, 100, 0), on="2026-08-01")) == []


def test_an_unknown_number_is_found_behind_any_other_row() -> None:
    of = one((BASE, 100, 0), ("9903.01.24", 0, "10.00"), ("9903.99.01", 0, "12.00"))
    assert rules(of) == ["unknown_9903_number"]


def test_a_heading_alone_on_its_line_has_its_findings_too() -> None:
    # E.O. 14228: 9903.01.20 ended with 2025-03-03. One row cannot repeat the duty of another.
    assert rules(one(("9903.01.20", 0, "335.00"))) == ["heading_not_in_force"]


@pytest.mark.parametrize(
    "rows",
    [
        [("9903.01.24", 0, "20.00"), ("9903.88.03", 0, "25.00"), (BASE, 100, None)],
        [("9903.01.24", 0, "20.00"), ("A-570-979", 0, "7.00"), ("499", 0, "3.00"), (BASE, 100, 0)],
        [("9903.01.32", 0, None), (BASE, 100, "2.50")],
        [("9903.01.32", 0, "0.00"), ("9903.94.50", 0, "0.00"), (BASE, 100, "0.00")],
        [("9903.01.24", 0, "20.00")],
    ],
    ids=["duty and section 301", "duty, dumping duty and fee", "exempt", "nothing paid", "one row"],
)
def test_a_line_that_can_have_no_finding_is_not_looked_at_closely(
    rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    close = duty_findings.line_findings

    def look(of: Entry, at: EntryLine) -> list[Finding]:
        looked.append(at.line_number)
        return close(of, at)

    monkeypatch.setattr(duty_findings, "line_findings", look)
    wrong = line(("9903.01.20", 0, "20.00"), (BASE, 100, 0), number=2)
    assert rules(entry(line(*rows), wrong)) == ["heading_not_in_force"]
    assert looked == [2]


def test_other_numbers_need_no_word() -> None:
    rows = [("9903.88.03", 0, "10.00"), ("9802.00.80", 5, 0), ("A-570-979", 0, "7.00"), ("499", 0, "3.00")]
    assert rules(one(*rows, (BASE, 100, 0))) == []


def test_a_blank_duty_is_missing_not_zero() -> None:
    of = one(("9903.01.24", 0, None), ("9903.01.25", 0, "10.00"), (BASE, 100, 0))
    assert ieepa_duty(of).refundable == dollars("10.00")
    finding = only(of)
    assert (finding.rule, finding.amount) == ("ieepa_duty_missing", None)
    assert ieepa_duty(of).lines[0].headings[0].duty is None
    assert rules(one(("9903.02.20", 0, None), (BASE, 100, 0), country="DE", on="2025-10-01")) == [
        "ieepa_duty_missing"
    ]


def test_line_duty_repeated_on_every_row_is_suspected() -> None:
    of = one(("9903.01.24", 0, "335.00"), ("9903.01.25", 0, "335.00"), (BASE, 1000, "335.00"))
    finding = only(of)
    assert (finding.rule, finding.amount) == ("line_duty_repeated", dollars("335.00"))
    assert finding.remedy == (
        "Use the duty of each tariff number (Line Tariff Duty Amount), not that of the line."
    )
    assert rules(one(("9903.01.24", 0, "335.00"), (BASE, 1000, "335.00"))) == ["line_duty_repeated"]
    assert rules(one(("9903.01.24", 0, "335.00"))) == []
    assert rules(one(("9903.88.01", 0, "335.00"), (BASE, 1000, "335.00"))) == []


def test_metal_of_canada_and_mexico_that_paid_ieepa_instead_of_232() -> None:
    def metal(
        number: str = "7216.10.00.10", *, on: str = "2025-04-01", country: str = "XO", **more: Row
    ) -> Entry:
        return one(("9903.01.10", 0, "25.00"), (number, 100, 0), *more.values(), on=on, country=country)

    finding = only(metal())
    assert (finding.rule, finding.effect, finding.standing, finding.amount) == (
        "section_232_may_revive",
        Effect.NOTE,
        Standing.INFERRED,
        dollars("25.00"),
    )
    assert finding.line_number == 1
    assert "9903.01.10" in finding.explanation
    assert rules(metal(on="2025-03-11")) == []
    assert rules(metal(on="2025-03-12")) == ["section_232_may_revive"]
    assert rules(metal(on="2025-06-03")) == ["section_232_may_revive"]
    assert rules(metal(on="2025-06-04")) == []
    assert rules(metal(BASE)) == []
    assert rules(metal(paid=("9903.81.87", 0, "5.00"))) == []
    assert rules(metal(country="CN")) == []
    assert (
        rules(one(("9903.01.10", 0, "0.00"), ("7216.10.00.10", 100, 0), on="2025-04-01", country="CA")) == []
    )


# --- lines --------------------------------------------------------------------------------------------------


def test_a_line_shows_its_headings() -> None:
    (found,) = ieepa_duty(one(("9903.88.01", 0, "5.00"), ("9903.01.24", 0, "4.00"), (BASE, 20, 0))).lines
    assert (found.line_number, found.country, found.treatment) == (1, "CN", Treatment.AS_PAID)
    (row,) = found.headings
    assert (row.number, row.programme, row.duty) == ("9903.01.24", "china_fentanyl", dollars("4.00"))
    assert row.heading is not None
    assert row.heading.rate == 20
    assert found.column1_duty is None


def test_a_line_shows_the_row_of_its_country_or_else_of_another() -> None:
    def countries(number: str, country: str) -> frozenset[str]:
        (found,) = ieepa_duty(one((number, 0, "4.00"), (BASE, 20, 0), country=country, on="2025-09-01")).lines
        assert found.headings[0].heading is not None
        return found.headings[0].heading.countries

    assert countries("9903.01.25", "CN") == {"CN", "HK", "MO"}
    assert countries("9903.01.25", "AU") == frozenset()
    assert countries("9903.01.77", "AU") == {"BR"}


@pytest.mark.parametrize(
    ("number", "role"),
    [
        ("9903.01.24", Role.DUTY),
        ("9903.01.33", Role.NO_DUTY),
        ("9903.01.35", Role.NO_DUTY),
        ("9903.02.20", Role.ALL_IN),
        ("9903.02.19", Role.ALL_IN_TWIN),
        ("9903.03.01", Role.OUTSIDE),
        ("9802.00.80", Role.OUTSIDE),
        ("499", Role.OUTSIDE),
        (BASE, Role.ORDINARY),
    ],
)
def test_roles(number: str, role: Role) -> None:
    assert role_of(number) is role


# --- split by authority -------------------------------------------------------------------------------------


def test_nothing_is_dropped_from_the_split() -> None:
    rows: list[Row] = [
        ("9903.01.24", 0, "1.00"),
        ("9903.01.24", 0, "0.50"),
        ("9903.01.25", 0, "2.00"),
        ("9903.02.09", 0, "0.00"),
        ("9903.01.35", 0, "4.00"),
        ("9903.03.01", 0, "8.00"),
        ("9903.45.25", 0, "16.00"),
        ("9903.81.87", 0, "32.00"),
        ("9903.88.03", 0, "64.00"),
        (BASE, 1000, "128.00"),
        ("9802.00.50", 0, "256.00"),
        ("A-570-979", 0, "512.00"),
        ("499", 0, "33.58"),
        ("9902.11.01", 0, "-1.00"),
        ("9903.99.01", 0, "7.00"),
        ("9903.99.02", 0, None),
        ("501", 0, None),
    ]
    split = split_duty(one(*rows))
    assert split.by_authority == {
        "ieepa": dollars("7.50"),
        "section_122": dollars("8.00"),
        "section_201": dollars("16.00"),
        "section_232": dollars("32.00"),
        "section_301": dollars("64.00"),
        "column_1": dollars("384.00"),
        "ad_cvd": dollars("512.00"),
        "fees": dollars("33.58"),
        "other": dollars("-1.00"),
        "unknown": dollars("7.00"),
    }
    assert split.ieepa_by_programme == {
        "china_fentanyl": dollars("1.50"),
        "reciprocal": dollars("2.00"),
        "unassigned": dollars("4.00"),
    }
    assert split.ieepa == dollars("7.50")
    assert split.total == sum(split.by_authority.values())
    assert split.unknown_numbers == ("9903.99.01", "9903.99.02")
    assert split.missing == ((1, "9903.99.02"), (1, "501"))


# --- every part of a finding --------------------------------------------------------------------------------

AUTUMN = {"country": "DE", "on": "2025-10-01"}
DEAR = ("3926.90.99.89", 10000, "300.00")


@pytest.mark.parametrize(
    ("rule", "rows", "facts", "amount", "source", "told"),
    [
        (
            "exemption_heading_carries_duty", [("9903.01.33", 0, "75.00"), (BASE, 500, 0)], {},
            "75.00", "ieepa-refund-base", "9903.01.33 exempts goods from IEEPA duty, yet 75.00 stands on it.",
        ),
        (
            "unassigned_heading", [("9903.01.39", 0, "340.00"), (BASE, 1000, 0)], {},
            "340.00", "htsus-99-iii", "9903.01.39 lies in the IEEPA range",
        ),
        (
            "suspended_heading_carries_duty", [("9903.01.63", 0, "340.00"), (BASE, 1000, 0)], {},
            "340.00", "csms-65029337", "9903.01.63 was suspended on 2025-07-01",
        ),
        (
            "heading_not_in_force", [("9903.01.20", 0, "100.00"), (BASE, 1000, 0)], {},
            "100.00", "csms-69056483",
            "9903.01.20 was not in force on 2025-07-01; it was in force from 2025-02-04 to 2025-03-03.",
        ),
        (
            "heading_ended_retroactively", [("9903.02.58", 0, "3900.00"), (BASE, 10000, "500.00")],
            {"country": "CH", "on": "2025-12-01"},
            "3900.00", "htsus-99-2-v", "9903.02.58 ended retroactively and could still be reported on 2025-12-01.",
        ),
        (
            "look_alike_carries_duty", [("9903.03.01", 0, "900.00"), (BASE, 9000, 0)], {},
            "900.00", "htsus-99-iii", "9903.03.01 looks like an IEEPA heading but is ",
        ),
        (
            "unknown_9903_number", [("9903.99.01", 0, "12.00"), (BASE, 100, 0)], {},
            "12.00", "htsus-99-iii", "9903.99.01 is in no table of chapter 99 headings here. Its duty, 12.00,",
        ),
        (
            "ieepa_duty_missing", [("9903.01.24", 0, None), (BASE, 100, 0)], {},
            None, "ieepa-refund-base", "The duty on 9903.01.24 is blank.",
        ),
        (
            "line_duty_repeated", [("9903.01.24", 0, "335.00"), (BASE, 1000, "335.00")], {},
            "335.00", "csms-64235342", "Every number of the line carries the same duty, 335.00.",
        ),
        (
            "column1_rate_needed", [("9903.02.20", 0, "1000.00"), ("9903.02.20", 0, "500.00"), (BASE, 10000, 0)],
            AUTUMN,
            "1500.00", "csms-66319804", "9903.02.20 is an all-in heading, and its 1,500.00 covers the ordinary",
        ),
        (
            "all_in_split_style", [("9903.02.20", 0, "1250.00"), DEAR], AUTUMN,
            "1250.00", "csms-66319804", "9903.02.20 is taken to hold the IEEPA part alone, 1,250.00.",
        ),
        (
            "all_in_twin_carries_duty", [("9903.02.19", 0, "100.00"), DEAR], AUTUMN,
            "100.00", "htsus-99-2-v", "9903.02.19 is for goods whose column-1 rate is 15 per cent or more",
        ),
        (
            "base_duty_above_column1", [("9903.02.20", 0, "1250.00"), DEAR], AUTUMN | {"column1_rate": MFN},
            "1250.00", "csms-66319804", "300.00 against 250.00",
        ),
        (
            "section_232_may_revive",
            [("9903.01.26", 0, 0), ("9903.01.10", 0, "25.00"), ("7216.10.00.10", 100, 0)],
            {"country": "CA", "on": "2025-04-10"},
            "25.00", "eo-14289", "Metal goods that paid 9903.01.10 did not pay section 232 then.",
        ),
    ],
)  # fmt: skip
def test_every_part_of_a_finding(
    rule: str, rows: list[Row], facts: dict[str, Any], amount: str | None, source: str, told: str
) -> None:
    facts = dict(facts)
    on, country = facts.pop("on", "2025-07-01"), facts.pop("country", "CN")
    found = ieepa_duty(entry(line(*rows, number=7, country=country, **facts), on=on)).findings
    (finding,) = [one for one in found if one.rule == rule]
    assert (finding.amount, finding.line_number) == (None if amount is None else dollars(amount), 7)
    assert finding.citation.id == source
    assert told in finding.explanation
    words = tomllib.loads(table_text("duty_findings.toml"))[rule]
    assert (finding.effect, finding.standing) == (words["effect"], words["standing"])
    assert (finding.remedy, finding.ace_text) == (words.get("remedy"), words.get("ace_text"))


def test_the_finding_on_the_entry_as_a_whole() -> None:
    finding = only(settled("1300.00"))
    assert (finding.citation.id, finding.effect) == ("ieepa-refund-base", Effect.WARN)
    assert finding.explanation == "Already returned is 1,300.00, more than the 1,000.00 of IEEPA duty paid."


def test_an_all_in_heading_adds_to_the_duty_of_another_programme_on_the_line() -> None:
    # 15 per cent in all: column 1 of 2.25 per cent is 225.00 and stands on its own row, so 1,275.00 is IEEPA duty.
    rows = [
        TariffLine("9903.01.24", 0, "1000.00"),
        TariffLine("9903.02.20", 0, "1275.00"),
        TariffLine("8479.89.95.00", 10000, "225.00"),
    ]
    line = EntryLine(1, "DE", rows, column1_rate=Column1Rate(Decimal("2.25")))
    paid, low, high, _ = line_amounts(line)
    assert (paid, low, high) == (Decimal("2275.00"), Decimal("2275.00"), Decimal("2275.00"))
