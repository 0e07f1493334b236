"""Check of a line: expected against paid, programme by programme, and the named causes of a difference."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.law.line_checks import Cause, CauseKind, LineCheck, ProgrammeCheck, Verdict, check_line

D = dt.date
BASE = "8479.89.95.00"  # 2.5 per cent in column 1, general


def line(
    country: str | None,
    rows: dict[str, Any],
    value: Any = 10000,
    base: Any = "250.00",
    spi: str | None = None,
    column1: Column1Rate | None = None,
) -> EntryLine:
    """A line with the duty of each chapter 99 number, and one chapter 1-97 number with value and duty."""
    tariffs = [TariffLine(number, 0, duty) for number, duty in rows.items()]
    return EntryLine(
        1, country, [*tariffs, TariffLine(BASE, value, base)], column1_rate=column1, special_program=spi
    )


def only(check: LineCheck, programme: str) -> ProgrammeCheck:
    """The part of a check about one programme."""
    (found,) = [part for part in check.programmes if part.programme == programme]
    return found


def kinds(part: ProgrammeCheck) -> list[str]:
    return [cause.kind.value for cause in part.causes]


def test_a_line_that_agrees() -> None:
    # CSMS 66749380: from 2025-11-10 fentanyl 10, reciprocal 10.
    check = check_line(line("CN", {"9903.01.24": 1000, "9903.01.25": 1000}), D(2025, 11, 11))
    assert check.agrees is True
    assert check.paid == check.expected == 2000
    assert check.differences == check.not_checked == ()
    assert (check.line_number, check.country, check.value, check.day) == (1, "CN", 10000, D(2025, 11, 11))
    assert check.explain() == (
        "1. china_fentanyl: agrees; paid 1,000.00, expected 1,000.00: 10 per cent of 10000.\n"
        "2. reciprocal: agrees; paid 1,000.00, expected 1,000.00: 10 per cent of 10000."
    )


def test_no_ieepa_duty_at_all() -> None:
    check = check_line(line("CN", {"9903.88.03": 2500}), D(2026, 2, 24))
    assert (check.agrees, check.paid, check.expected) == (True, 0, 0)
    assert check.explain() == "1. No IEEPA duty is owed, and none was filed."


def test_the_rate_of_the_day_before_a_boundary() -> None:
    check = check_line(line("CN", {"9903.01.24": 2000, "9903.01.25": 1000}), D(2025, 11, 10))
    part = only(check, "china_fentanyl")
    assert part.verdict is Verdict.DIFFERS
    assert part.difference == 1000
    cause = part.causes[0]
    assert (cause.kind, cause.numbers, cause.boundary) == (
        CauseKind.OTHER_DAY,
        ("9903.01.24",),
        D(2025, 11, 10),
    )
    assert (cause.rate, cause.base, cause.duty) == (20, 10000, 2000)
    # The time of day could explain it too.
    assert check.clock_time[0] == (
        "Entered before 12:01 a.m. eastern on 2025-11-10: china_fentanyl 2,000.00, 20 per cent of 10000."
    )


def test_the_rate_of_the_day_after_a_boundary() -> None:
    part = only(check_line(line("CN", {"9903.01.24": 1000}), D(2025, 11, 9)), "china_fentanyl")
    assert [(cause.kind, cause.boundary) for cause in part.causes[:1]] == [
        (CauseKind.OTHER_DAY, D(2025, 11, 10))
    ]
    part = only(
        check_line(line("CA", {"9903.01.10": 3500, "9903.01.26": 0}), D(2025, 7, 31)), "canada_fentanyl"
    )
    assert part.causes[0].boundary == D(2025, 8, 1)
    assert "from 2025-08-01, while 2025-07-31 decides" in part.causes[0].explanation


def test_a_clock_time_decides_and_leaves_no_note() -> None:
    late = dt.datetime(2025, 11, 10, 0, 0, 30, tzinfo=ZoneInfo("America/New_York"))
    check = check_line(line("CN", {"9903.01.24": 2000, "9903.01.25": 1000}), late)
    assert (check.agrees, check.day, check.clock_time) == (True, D(2025, 11, 9), ())


def test_a_programme_that_begins_or_ends_with_the_minute() -> None:
    first = check_line(line("VN", {"9903.01.25": 1000}), D(2025, 4, 5))
    assert first.clock_time == (
        "Entered before 12:01 a.m. eastern on 2025-04-05: reciprocal 0.00, no reciprocal duty is owed on"
        " 2025-04-04.",
    )
    # India's 25 for Russian oil ended on 2026-02-07 (CSMS 67702087).
    last = check_line(line("IN", {"9903.02.26": 2500}), D(2026, 2, 7))
    assert last.agrees is True
    assert len(last.clock_time) == 1
    assert "india_russia not known" in last.clock_time[0]
    # Vietnam's in-transit clause was open to 2025-10-04: before the minute the heading is taken at its word.
    transit = check_line(line("VN", {"9903.01.25": 1000}), D(2025, 10, 5))
    assert (transit.assumed, transit.expected) == ((), 2000)
    assert transit.clock_time == (
        "Entered before 12:01 a.m. eastern on 2025-10-05: reciprocal 1,000.00, 10 per cent of 10000; taken as"
        " 9903.01.25 says: loading date and mode of transport are not known.",
    )
    gone = check_line(line("CN", {}), D(2025, 2, 4))
    assert gone.clock_time == (
        "Entered before 12:01 a.m. eastern on 2025-02-04: china_fentanyl 0.00, not yet or no longer in force.",
    )


def test_the_minute_of_entry_and_that_of_loading_are_told_one_after_the_other() -> None:
    # CSMS 64299816: 10 per cent became 20 on 2025-03-04; goods loaded before 2025-02-01, 12:01 a.m., pay neither.
    check = check_line(line("CN", {"9903.01.24": 2000}), D(2025, 3, 4), loaded=D(2025, 2, 1), mode="vessel")
    assert check.agrees is True
    assert check.clock_time == (
        "Entered before 12:01 a.m. eastern on 2025-03-04: china_fentanyl 1,000.00, 10 per cent of 10000.",
        "Loaded before 12:01 a.m. eastern on 2025-02-01: china_fentanyl 0.00, 9903.01.23 exempts the goods.",
    )


def test_both_fentanyl_steps() -> None:
    # CSMS 64299816: 20 in total, not 10 + 20.
    part = only(
        check_line(line("CN", {"9903.01.20": 1000, "9903.01.24": 2000}), D(2025, 3, 10)), "china_fentanyl"
    )
    assert (part.expected, part.paid, part.difference) == (2000, 3000, 1000)
    assert part.filed == ("9903.01.20", "9903.01.24")
    assert part.against == ("9903.01.20 is not in force for goods of CN on 2025-03-10",)
    (cause,) = part.causes
    assert (cause.kind, cause.rate, cause.numbers) == (CauseKind.TWO_RATES, 30, ("9903.01.20", "9903.01.24"))
    assert str(part) == (
        "china_fentanyl: differs; paid 3,000.00, expected 2,000.00: 20 per cent of 10000. 9903.01.20 is not in"
        " force for goods of CN on 2025-03-10. 9903.01.20 at 10 and 9903.01.24 at 20 were added, where one"
        " replaces the other: 30 per cent of 10000 is 3000.00."
    )


def test_transhipment_added_instead_of_put_in_its_place() -> None:
    check = check_line(line("CA", {"9903.01.16": 4000, "9903.01.10": 3500, "9903.01.26": 0}), D(2025, 9, 1))
    part = only(check, "canada_fentanyl")
    assert (part.expected, kinds(part)) == (4000, ["two_rates"])
    assert check.assumed == (
        "taken as 9903.01.16 says: whether they are goods transhipped is not known (transhipped)",
    )
    # The same sum on one heading.
    part = only(check_line(line("VN", {"9903.02.69": 6000}), D(2025, 12, 1)), "reciprocal")
    assert (part.expected, kinds(part)) == (2000, ["two_rates"])
    assert part.causes[0].numbers == ("9903.02.01", "9903.02.69")


def test_the_rate_for_goods_transhipped_without_the_finding() -> None:
    part = only(check_line(line("VN", {"9903.02.69": 4000}), D(2025, 12, 1)), "reciprocal")
    assert part.causes[0].explanation == (
        "It is that of 9903.02.01, the rate for goods transhipped: 40 per cent of 10000 is 4000.00."
    )
    known = check_line(line("VN", {"9903.02.69": 2000}), D(2025, 12, 1), transhipped=True)
    part = only(known, "reciprocal")
    assert (part.expected, part.against) == (
        4000,
        ("9903.02.69 is not for them: 9903.02.01 stands in its place: transhipped",),
    )
    assert part.heading is not None
    assert part.heading.number == "9903.02.01"


def test_another_country() -> None:
    # Venezuela's 15 on goods of Vietnam, whose rate is 20.
    part = only(check_line(line("VN", {"9903.02.68": 1500}), D(2025, 12, 1)), "reciprocal")
    assert part.expected == 2000
    assert part.causes[0].kind is CauseKind.OTHER_COUNTRY
    assert part.causes[0].numbers == ("9903.02.68",)
    # On the right heading, any country of that rate could be behind it.
    part = only(check_line(line("VN", {"9903.02.69": 1900}), D(2025, 12, 1)), "reciprocal")
    (cause,) = part.causes
    assert cause.explanation.startswith("It is the rate for goods of ID, KH, MY, PH, PK, TH: 19 per cent")
    part = only(check_line(line("VN", {"9903.02.69": 1500}), D(2025, 12, 1)), "reciprocal")
    # Of 67 countries, the European Union counted by its members, six are named.
    assert "for goods of AF, AO, AT, BE, BG, BO and 61 more: 15 per cent" in part.causes[0].explanation


def test_nothing_paid_is_a_cause_of_zero() -> None:
    part = only(check_line(line("VN", {"9903.02.69": 0}), D(2025, 12, 1)), "reciprocal")
    (cause,) = part.causes
    assert (cause.kind, cause.duty, cause.explanation) == (CauseKind.NOTHING_PAID, 0, "Nothing was paid.")
    assert str(part) == (
        "reciprocal: differs; paid 0.00, expected 2,000.00: 20 per cent of 10000. Nothing was paid."
    )


def test_goods_in_transit() -> None:
    rows = {"9903.01.25": 1000}
    taken = check_line(line("VN", rows), D(2025, 9, 1))
    assert taken.agrees is True
    assert taken.assumed == ("taken as 9903.01.25 says: loading date and mode of transport are not known",)
    by_air = only(check_line(line("VN", rows), D(2025, 9, 1), mode="air"), "reciprocal")
    assert (by_air.expected, by_air.difference) == (2000, -1000)
    assert by_air.causes[0].explanation == (
        "It is that of 9903.01.25, the rate for goods in transit: 10 per cent of 10000 is 1000.00."
    )
    by_sea = only(
        check_line(line("VN", {"9903.02.69": 2000}), D(2025, 9, 1), mode="vessel", loaded=D(2025, 8, 1)),
        "reciprocal",
    )
    assert (by_sea.expected, by_sea.heading and by_sea.heading.number) == (1000, "9903.01.25")


def test_no_heading_of_a_duty_and_no_facts_is_not_checked() -> None:
    check = check_line(line("CN", {}), D(2025, 12, 1))
    assert (check.agrees, check.expected, check.paid) == (None, None, 0)
    assert [part.programme for part in check.not_checked] == ["china_fentanyl", "reciprocal"]
    # With every exemption excluded the duty was owed and not paid.
    facts: dict[str, Any] = {"exempt_under": [], "us_content": 0, "section_232": "none"}
    check = check_line(line("CN", {}), D(2025, 12, 1), **facts)
    assert (check.agrees, check.expected) == (False, 2000)
    assert [kinds(part) for part in check.differences] == [["nothing_paid"], ["nothing_paid"]]
    exempt = check_line(line("VN", {}), D(2025, 12, 1), exempt_under=["9903.01.32"])
    assert exempt.agrees is True


def test_a_column_1_rate_that_an_expected_duty_needs() -> None:
    plain = EntryLine(1, "DE", [TariffLine("8479.89.95.00", 10000, 0), TariffLine("8471.30.01.00", 5000, 0)])
    facts: dict[str, Any] = {"exempt_under": [], "us_content": 0, "section_232": "none"}
    part = only(check_line(plain, D(2025, 12, 1), **facts), "reciprocal")
    assert (part.verdict, part.reason) == (Verdict.NOT_CHECKED, "the column-1 rate is not known")
    part = only(
        check_line(plain, D(2025, 12, 1), column1_rate=Column1Rate(Decimal(1)), **facts), "reciprocal"
    )
    assert (part.expected, part.heading and part.heading.number) == (2250, "9903.02.20")
    part = only(
        check_line(plain, D(2025, 12, 1), column1_rate=Column1Rate(Decimal(20)), **facts), "reciprocal"
    )
    assert (part.verdict, part.heading and part.heading.number) == (Verdict.AGREES, "9903.02.19")


def test_unknown_loading_leaves_a_missing_rate_open() -> None:
    part = only(check_line(line("VN", {"9903.02.68": 1500}), D(2025, 9, 1)), "reciprocal")
    assert (part.verdict, part.reason) == (
        Verdict.NOT_CHECKED,
        "loading date and mode of transport are not known",
    )


def test_blank_origin_blank_duty_blank_value() -> None:
    nowhere = check_line(line(None, {"9903.01.24": 1000}), D(2025, 12, 1))
    assert (nowhere.agrees, nowhere.country) == (None, None)
    # Only what the line carries is looked at: without an origin nobody knows what else is owed.
    assert nowhere.explain() == (
        "1. china_fentanyl: not checked; paid 1,000.00, expected not known: the country of origin is blank."
    )
    blank = check_line(line("CN", {"9903.01.24": None, "9903.01.25": 1000}), D(2025, 12, 1))
    part = only(blank, "china_fentanyl")
    assert (part.paid, part.difference, part.verdict) == (None, None, Verdict.NOT_CHECKED)
    assert part.reason == "10 per cent of 10000; the duty of a row is blank"
    assert blank.paid is None
    assert "paid not known" in str(part)
    # A blank duty on an exemption heading is none.
    assert check_line(line("VN", {"9903.01.32": None}), D(2025, 12, 1)).agrees is True
    for value in (None, 0):
        valueless = EntryLine(1, "CN", [TariffLine("9903.01.24", 500, 50), TariffLine(BASE, value, 0)])
        part = only(check_line(valueless, D(2025, 12, 1)), "china_fentanyl")
        assert part.reason == "the customs value of the chapter 1-97 number is not known"
    exempt = EntryLine(1, "VN", [TariffLine("9903.01.32", 0, 0)])
    assert check_line(exempt, D(2025, 12, 1)).agrees is True


def test_a_value_of_zero_is_a_value() -> None:
    small = line("CN", {"9903.01.24": "0.03", "9903.01.25": 0}, value="0.40", base=0)
    part = only(check_line(small, D(2025, 12, 1)), "china_fentanyl")
    assert (part.expected, part.verdict, part.causes) == (0, Verdict.DIFFERS, ())


def test_duty_on_an_exemption_heading() -> None:
    part = only(check_line(line("VN", {"9903.01.32": 2000}), D(2025, 12, 1)), "reciprocal")
    assert (part.expected, part.paid) == (0, 2000)
    assert part.causes[0].explanation == (
        "It is that of 9903.02.69, the rate by origin: 20 per cent of 10000 is 2000.00."
    )
    unassigned = check_line(line("VN", {"9903.01.35": 2000, "9903.02.69": 2000}), D(2025, 12, 1))
    part = only(unassigned, "unassigned")
    assert (part.expected, part.difference, part.heading, part.base) == (0, 2000, None, 10000)
    assert part.causes[0].numbers == ("9903.02.69",)
    # E.O. 14326: of the headings of 20 per cent that of Vietnam is the likeliest, on the line or not.
    part = only(check_line(line("VN", {"9903.01.35": 2000}), D(2025, 12, 1)), "unassigned")
    assert [cause.numbers for cause in part.causes] == [
        ("9903.02.69",),
        ("9903.02.05", "9903.02.57", "9903.02.60"),
    ]
    nowhere = check_line(line(None, {"9903.01.35": 2000}), D(2025, 12, 1))
    assert nowhere.agrees is False
    # Without an origin no heading, day or rate is that of the goods; countries whose rate it is can be told.
    (cause,) = only(nowhere, "unassigned").causes
    assert (cause.kind, cause.numbers) == (
        CauseKind.OTHER_COUNTRY,
        ("9903.02.05", "9903.02.57", "9903.02.60", "9903.02.69"),
    )


def test_exemption_and_duty_on_one_line() -> None:
    rows = {"9903.01.32": 0, "9903.02.69": 2000}
    part = only(check_line(line("VN", rows), D(2025, 12, 1)), "reciprocal")
    assert (part.verdict, part.reason) == (
        Verdict.NOT_CHECKED,
        "9903.01.32, which exempts, and 9903.02.69 stand on one line",
    )
    part = only(check_line(line("VN", rows), D(2025, 12, 1), exempt_under=["9903.01.32"]), "reciprocal")
    assert (part.expected, part.verdict) == (0, Verdict.DIFFERS)
    part = only(check_line(line("VN", rows), D(2025, 12, 1), exempt_under=[]), "reciprocal")
    assert (part.expected, part.verdict) == (2000, Verdict.AGREES)
    unpaid = {"9903.01.32": 0, "9903.02.69": 0}
    assert check_line(line("VN", unpaid), D(2025, 12, 1)).agrees is True


def test_the_suspended_heading_of_china() -> None:
    # CSMS 65029337: 9903.01.63 suspended from 2025-05-14, 10 under 9903.01.25.
    facts: dict[str, Any] = {"exempt_under": [], "us_content": 0, "section_232": "none"}
    check = check_line(line("CN", {"9903.01.24": 2000, "9903.01.63": 3400}), D(2025, 7, 1), **facts)
    part = only(check, "reciprocal")
    assert (part.expected, part.heading and part.heading.number) == (1000, "9903.01.25")


def test_the_highest_rate_of_china() -> None:
    check = check_line(line("CN", {"9903.01.24": 2000, "9903.01.63": 8400}), D(2025, 4, 10), mode="air")
    part = only(check, "reciprocal")
    assert part.expected == 12500
    assert part.causes[0].boundary == D(2025, 4, 10)
    assert "9903.01.63 to 2025-04-09" in part.causes[0].explanation


class TestMerged:
    """CSMS 64235342: each duty stands on its own number."""

    def test_on_another_heading(self) -> None:
        check = check_line(line("CN", {"9903.01.24": 3000, "9903.01.25": 0}), D(2025, 7, 1))
        carrier, idle = check.programmes
        assert kinds(carrier) == ["merged"]
        assert carrier.causes[0].duty == 3000
        assert idle.causes[0].explanation == "Nothing was paid. Its duty stands on 9903.01.24."
        assert (idle.causes[0].kind, idle.causes[0].duty) == (CauseKind.NOTHING_PAID, 0)

    def test_on_two_headings_of_another_programme(self) -> None:
        # Half of China's 20 + 10 per cent on each heading of the fentanyl duty.
        check = check_line(
            line("CN", {"9903.01.20": 1500, "9903.01.24": 1500, "9903.01.25": 0}), D(2025, 7, 1)
        )
        idle = only(check, "reciprocal")
        assert [cause.explanation for cause in idle.causes] == [
            "Nothing was paid. Its duty stands on 9903.01.20, 9903.01.24."
        ]

    def test_on_the_ordinary_row(self) -> None:
        rows = {"9903.01.24": 0, "9903.01.25": 0}
        check = check_line(line("CN", rows, base="3250.00"), D(2025, 7, 1))
        for part in check.programmes:
            assert part.causes[0].explanation == (
                "Nothing was paid. Its duty stands on the chapter 1-97 row, which carries 3000.00 more than"
                " column 1 asks for."
            )

    def test_not_where_it_does_not_add_up(self) -> None:
        rows = {"9903.01.24": 0, "9903.01.25": 0}
        for base in ("3000.00", "250.00", None):
            check = check_line(line("CN", rows, base=base), D(2025, 7, 1))
            assert {part.causes[0].explanation for part in check.programmes} == {"Nothing was paid."}
        rows = {"9903.01.24": 2500, "9903.01.25": 0}
        check = check_line(line("CN", rows), D(2025, 7, 1))
        assert kinds(check.programmes[0]) == []


class TestAllIn:
    """CSMS 66319804."""

    def test_the_flat_fifteen_on_top_of_column_1(self) -> None:
        part = only(check_line(line("DE", {"9903.02.20": 1500}), D(2025, 12, 1)), "reciprocal")
        assert (part.expected, part.difference) == (1250, 250)
        assert part.causes[0].kind is CauseKind.ORDINARY_DUTY
        assert part.causes[0].explanation.startswith("The total of 9903.02.20 was added to the ordinary duty")
        assert part.causes[0].numbers == ("9903.02.20",)

    def test_the_difference_without_the_ordinary_duty(self) -> None:
        part = only(check_line(line("DE", {"9903.02.20": 1250}, base=0), D(2025, 12, 1)), "reciprocal")
        assert (part.expected, part.difference) == (1500, -250)
        (cause,) = part.causes
        assert (cause.kind, cause.less, cause.duty) == (CauseKind.ORDINARY_DUTY, 250, 1250)

    def test_the_style_is_told_from_the_ordinary_row(self) -> None:
        assert check_line(line("DE", {"9903.02.20": 1250}), D(2025, 12, 1)).agrees is True
        assert check_line(line("DE", {"9903.02.20": 1500}, base=0), D(2025, 12, 1)).agrees is True
        blank = check_line(line("DE", {"9903.02.20": 1500}, base=None), D(2025, 12, 1))
        assert blank.agrees is None

    def test_the_flat_rate_before_the_deal(self) -> None:
        # 90 FR 55964: Korea's 9903.02.56 to 2025-11-13, reportable to 2025-12-03.
        old = line("KR", {"9903.02.56": 1500})
        assert check_line(old, D(2025, 11, 13)).agrees is True
        assert check_line(old, D(2025, 12, 3)).agrees is True
        gone = only(check_line(old, D(2025, 12, 4)), "reciprocal")
        assert (gone.expected, gone.heading and gone.heading.number) == (1250, "9903.02.80")
        assert CauseKind.OTHER_DAY in {cause.kind for cause in gone.causes}

    def test_japan_before_the_notice_may_use_either(self) -> None:
        on = D(2025, 9, 1)
        assert check_line(line("JP", {"9903.02.30": 1500}), on).agrees is True
        assert check_line(line("JP", {"9903.02.73": 1250}), on).agrees is True
        facts: dict[str, Any] = {"exempt_under": [], "us_content": 0, "section_232": "none", "mode": "air"}
        part = only(check_line(line("JP", {}), on, **facts), "reciprocal")
        assert part.heading is not None
        assert part.heading.number == "9903.02.73"

    def test_korean_preference_counts(self) -> None:
        # CSMS 67045953: SPI KR, special rate Free: the whole 15 is on the heading.
        assert check_line(line("KR", {"9903.02.80": 1500}, base=0, spi="KR"), D(2025, 12, 10)).agrees is True
        free = Column1Rate()
        given = line("KR", {"9903.02.80": 1500}, base=0, column1=free)
        assert check_line(given, D(2025, 12, 10)).agrees is True


class TestContent:
    """US content and metal content on one line that should be two."""

    def test_us_content_left_in(self) -> None:
        check = check_line(line("VN", {"9903.02.69": 2000}), D(2025, 12, 1), us_content=25)
        part = only(check, "reciprocal")
        assert (part.expected, part.base) == (1500, 7500)
        assert part.causes[0].explanation == (
            "It is the rate on the whole value of the line: 20 per cent of 10000 is 2000.00."
        )

    def test_us_content_too_small_left_out(self) -> None:
        check = check_line(line("VN", {"9903.02.69": 1640}), D(2025, 12, 1), us_content=18)
        part = only(check, "reciprocal")
        assert part.expected == 2000
        assert part.causes[0].base == 8200

    def test_metal_content(self) -> None:
        rows = {"9903.02.69": 1500, "9903.81.91": 1250}
        unknown = only(check_line(line("VN", rows), D(2025, 12, 1)), "reciprocal")
        assert (unknown.verdict, unknown.expected) == (Verdict.NOT_CHECKED, None)
        assert "their metal content is not known (metal_content)" in unknown.reason
        assert check_line(line("VN", rows), D(2025, 12, 1), metal_content=25).agrees is True
        metal_line = line("VN", {"9903.01.33": 0, "9903.81.91": 5000})
        for facts in ({}, {"metal_content": 100}):
            assert check_line(metal_line, D(2025, 12, 1), **facts).agrees is True
        part = only(check_line(metal_line, D(2025, 12, 1), metal_content=40), "reciprocal")
        assert part.against == ("9903.01.33 is not for them: 40 per cent of the value is metal content",)
        part = only(check_line(metal_line, D(2025, 12, 1), section_232="none"), "reciprocal")
        assert part.against == ("9903.01.33 is not for them: they owe no section 232 duty",)

    def test_brazil_and_metal_is_doubtful_but_the_exemption_is_believed(self) -> None:
        metal = {"9903.81.91": 5000, "9903.01.33": 0}
        on = D(2025, 12, 1)
        part = only(check_line(line("BR", {**metal, "9903.01.77": 4000}), on, metal_content=50), "brazil")
        assert part.verdict is Verdict.NOT_CHECKED
        assert (
            only(check_line(line("BR", {**metal, "9903.01.83": 0}), on), "brazil").verdict is Verdict.AGREES
        )

    def test_us_content_line(self) -> None:
        half = check_line(line("VN", {"9903.01.34": 0}), D(2025, 12, 1), us_content=50)
        part = only(half, "reciprocal")
        assert (part.expected, part.against) == (
            1000,
            ("9903.01.34 is not for them: 50 per cent of the value is US content",),
        )

    def test_section_122_201_and_301_rows_say_nothing_of_232(self) -> None:
        rows = {"9903.88.03": 2500, "9903.45.25": 100, "9903.02.69": 2000}
        assert check_line(line("VN", rows), D(2025, 12, 1)).agrees is True


def test_chapter_98() -> None:
    # HTSUS note 2(a): on the article less its US components.
    rows = [
        TariffLine("9802.00.80", 6000, 0),
        TariffLine("9903.01.01", 0, 2500),
        TariffLine("9903.01.27", 0, 0),
        TariffLine(BASE, 4000, 100),
    ]
    part = only(check_line(EntryLine(1, "MX", rows), D(2025, 7, 1)), "mexico_fentanyl")
    assert part.expected == 1000
    assert part.causes[0].explanation == (
        "It is the rate on the value with that under chapter 98: 25 per cent of 10000 is 2500.00."
    )
    returned = [TariffLine("9801.00.10", 0, 0), TariffLine("9903.01.24", 0, 0), TariffLine(BASE, 500, 0)]
    part = only(check_line(EntryLine(1, "CN", returned), D(2025, 7, 1)), "china_fentanyl")
    assert (part.verdict, part.reason) == (
        Verdict.AGREES,
        "nothing is owed on goods entered under 9801.00.10",
    )


def test_usmca_told_by_the_spi() -> None:
    rows = {"9903.01.01": 2500, "9903.01.27": 0}
    part = only(check_line(line("MX", rows, spi="S"), D(2025, 12, 1)), "mexico_fentanyl")
    assert (part.expected, part.heading and part.heading.number) == (0, "9903.01.04")
    assert part.causes[0].numbers == ("9903.01.01",)
    # An SPI given beside the line goes before that of the line.
    assert check_line(line("MX", rows, spi="S"), D(2025, 12, 1), special_program="A").agrees is True


def test_column_2_goods() -> None:
    part = only(check_line(line("RU", {"9903.01.25": 1000}), D(2025, 12, 1)), "reciprocal")
    assert (part.expected, part.heading and part.heading.number) == (0, "9903.01.29")


def test_goods_from_a_zone() -> None:
    rows = {"9903.01.24": 2000, "9903.01.25": 1000}
    check = check_line(line("CN", rows), D(2026, 3, 1), privileged_status_on=D(2025, 9, 1))
    assert check.agrees is True
    assert "not confirmed by CBP for IEEPA duty" in check.assumed[0]
    assert "Assumed: the rate is that of 2025-09-01" in check.explain()


@pytest.mark.parametrize("duty", ["-2000.00", "12345.67"])
def test_a_figure_that_nothing_explains(duty: str) -> None:
    part = only(check_line(line("VN", {"9903.02.69": duty}), D(2025, 12, 1)), "reciprocal")
    assert (part.verdict, part.causes) == (Verdict.DIFFERS, ())


def test_a_heading_that_is_not_a_duty_of_the_country() -> None:
    part = only(check_line(line("VN", {"9903.01.77": 4000}), D(2025, 12, 1)), "brazil")
    assert (part.expected, part.heading) == (0, None)
    assert part.reason == "no brazil duty is owed on 2025-12-01"
    assert part.causes[0].kind is CauseKind.OTHER_COUNTRY


def test_a_cent_for_each_row_that_carries_duty() -> None:
    # Each row is rounded by itself, so two that carry duty may be off by a cent each; the one of zero adds none.
    rows = [TariffLine("9903.01.24", 0, "1000.01"), TariffLine("9903.01.24", 0, "1000.01")]
    filed = EntryLine(1, "CN", [*rows, TariffLine("9903.01.24", 0, 0), TariffLine(BASE, 20000, 500)])
    part = only(check_line(filed, D(2025, 12, 1)), "china_fentanyl")
    assert (part.paid, part.expected) == (Decimal("2000.02"), 2000)
    assert (part.tolerance, part.verdict) == (Decimal("0.02"), Verdict.AGREES)


def cause(
    kind: CauseKind,
    duty: Any,
    text: str,
    rate: int,
    *numbers: str,
    boundary: dt.date | None = None,
    less: int = 0,
    base: int = 10000,
) -> Cause:
    """A cause with its arithmetic; the sentence ends with it."""
    amount = Decimal(duty).quantize(Decimal("0.01"))
    off = f" less {less}.00" if less else ""
    words = f"{text} {rate} per cent of {base}{off} is {amount}."
    return Cause(kind, words, amount, Decimal(rate), Decimal(base), Decimal(less), numbers, boundary)


class TestCauses:
    @pytest.mark.parametrize(
        ("country", "rows", "facts", "causes"),
        [
            (
                "VN",
                {"9903.02.69": 4000},
                {"on": D(2025, 12, 1)},
                [
                    cause(
                        CauseKind.OTHER_HEADING,
                        4000,
                        "It is that of 9903.02.01, the rate for goods transhipped:",
                        40,
                        "9903.02.01",
                    ),
                    cause(
                        CauseKind.OTHER_COUNTRY,
                        4000,
                        "It is the rate for goods of LA, MM:",
                        40,
                        "9903.02.33",
                        "9903.02.43",
                    ),
                ],
            ),
            (
                # CSMS 64336037: both bear 10 per cent, and which goods these are is not told by the line.
                "CA",
                {"9903.01.10": 1000},
                {"on": D(2025, 12, 1)},
                [
                    cause(
                        CauseKind.OTHER_HEADING,
                        1000,
                        f"It is that of {number}, the rate for {goods}:",
                        10,
                        number,
                    )
                    for number, goods in (("9903.01.13", "energy"), ("9903.01.15", "potash"))
                ],
            ),
            (
                # CSMS 65798609: 25 per cent to 2025-07-31.
                "CA",
                {"9903.01.10": 2500},
                {"on": D(2025, 12, 1)},
                [
                    cause(
                        CauseKind.OTHER_DAY,
                        2500,
                        "It is the rate of 9903.01.10 to 2025-07-31, while 2025-12-01 decides:",
                        25,
                        "9903.01.10",
                        boundary=D(2025, 8, 1),
                    )
                ],
            ),
            (
                # The heading on the line goes first, though the other period is nearer to the day.
                "CN",
                {"9903.01.24": 1000},
                {"on": D(2025, 4, 12)},
                [
                    cause(
                        CauseKind.OTHER_DAY,
                        1000,
                        f"It is the rate of {number} {span}, while 2025-04-12 decides:",
                        10,
                        number,
                        boundary=boundary,
                    )
                    for number, span, boundary in (
                        ("9903.01.24", "from 2025-11-10", D(2025, 11, 10)),
                        ("9903.01.20", "to 2025-03-03", D(2025, 3, 4)),
                    )
                ],
            ),
            (
                "CA",
                {"9903.01.10": 7500},
                {"on": D(2025, 12, 1)},
                [
                    cause(
                        CauseKind.TWO_RATES,
                        7500,
                        "9903.01.10 at 35 and 9903.01.16 at 40 were added, where one replaces the other:",
                        75,
                        "9903.01.10",
                        "9903.01.16",
                    )
                ],
            ),
            (
                "VN",
                {"9903.02.69": 2000},
                {"on": D(2025, 12, 1), "us_content": 25},
                [
                    cause(
                        CauseKind.OTHER_VALUE,
                        2000,
                        "It is the rate on the whole value of the line:",
                        20,
                        "9903.02.69",
                    )
                ],
            ),
            (
                "VN",
                {"9903.02.69": 1640},
                {"on": D(2025, 12, 1), "us_content": 18},
                [
                    cause(
                        CauseKind.OTHER_VALUE,
                        1640,
                        "It is the rate on the value less 18 per cent:",
                        20,
                        "9903.02.69",
                        base=8200,
                    )
                ],
            ),
            (
                "DE",
                {"9903.02.19": 1250},
                {"on": D(2025, 12, 1), "base": 0},
                [
                    cause(
                        CauseKind.ORDINARY_DUTY,
                        1250,
                        "The ordinary duty was taken off the total of 9903.02.20, but stands on no row:",
                        15,
                        "9903.02.20",
                        less=250,
                    )
                ],
            ),
            (
                # 90 FR 55964: Korea's flat 15 ended with 2025-11-13, all-in 15 from the day after.
                "KR",
                {"9903.02.56": 1500},
                {"on": D(2025, 12, 4)},
                [
                    cause(
                        CauseKind.OTHER_DAY,
                        1500,
                        "It is the rate of 9903.02.56 to 2025-11-13, while 2025-12-04 decides:",
                        15,
                        "9903.02.56",
                        boundary=D(2025, 11, 14),
                    ),
                    cause(
                        CauseKind.ORDINARY_DUTY,
                        1500,
                        "The total of 9903.02.80 was added to the ordinary duty, which it includes:",
                        15,
                        "9903.02.80",
                    ),
                ],
            ),
        ],
    )
    def test_every_part_of_a_cause(
        self, country: str, rows: dict[str, Any], facts: dict[str, Any], causes: list[Cause]
    ) -> None:
        facts = dict(facts)
        on, base = facts.pop("on"), facts.pop("base", "250.00")
        found = check_line(line(country, rows, base=base), on, **facts)
        assert list(found.programmes[0].causes) == causes

    def test_ordinary_duty_that_was_paid_does_not_stand_on_no_row(self) -> None:
        # 15 per cent less the 2.5 of column 1, which stands on its row; the goods are exempt all the same.
        filed = line("DE", {"9903.02.20": 1250})
        part = only(check_line(filed, D(2025, 12, 1), exempt_under=["9903.01.32"]), "reciprocal")
        assert (part.expected, part.paid) == (0, 1250)
        assert "ordinary_duty" not in kinds(part)

    def test_a_cause_is_sought_in_the_programme_of_the_heading(self) -> None:
        # E.O. 14323 is about Brazil: neither Vietnam's 20 per cent nor the European Union's 15 explains its duty.
        for country, paid in (("VN", 2000), ("DE", 1250)):
            part = only(check_line(line(country, {"9903.01.77": paid}, base=0), D(2025, 12, 1)), "brazil")
            assert (part.expected, part.paid, part.causes) == (0, paid, ())

    def test_the_period_nearest_to_the_day_is_told_first(self) -> None:
        # 90 FR 55964: Korea's flat 15 to 2025-11-13, then 15 in all to the end of IEEPA duty (E.O. 14389).
        part = only(check_line(line("KR", {"9903.02.79": 1500}), D(2026, 2, 24)), "reciprocal")
        assert [(cause.kind, cause.numbers, cause.boundary) for cause in part.causes] == [
            (CauseKind.OTHER_DAY, ("9903.02.80",), D(2026, 2, 24)),
            (CauseKind.OTHER_DAY, ("9903.02.56",), D(2025, 11, 14)),
        ]

    def test_of_two_periods_equally_near_the_earlier_is_told(self) -> None:
        # 46 per cent stood for the one day of 2025-04-09, with 10 before it (E.O. 14257) and after (E.O. 14266).
        part = only(check_line(line("VN", {"9903.01.72": 1000}), D(2025, 4, 9), mode="air"), "reciprocal")
        assert [cause.boundary for cause in part.causes if cause.kind is CauseKind.OTHER_DAY] == [
            D(2025, 4, 9)
        ]

    def test_the_general_rate_is_by_origin_where_the_country_has_no_other(self) -> None:
        part = only(check_line(line("AU", {"9903.01.32": 1000}), D(2025, 12, 1)), "reciprocal")
        assert (part.expected, part.paid) == (0, 1000)
        assert part.causes[0].explanation == (
            "It is that of 9903.01.25, the rate by origin: 10 per cent of 10000 is 1000.00."
        )
        # 9903.01.25 bore 10 per cent on other days too; that of the day itself is not a rate of another day.
        assert CauseKind.OTHER_DAY not in [cause.kind for cause in part.causes]

    def test_the_general_rate_is_of_another_day_where_the_country_has_its_own(self) -> None:
        # E.O. 14326 gave Vietnam 20 per cent from 2025-08-07; the 10 per cent before stayed that of others.
        part = only(check_line(line("VN", {"9903.01.32": 1000}), D(2025, 12, 1)), "reciprocal")
        others = [cause for cause in part.causes if cause.kind is CauseKind.OTHER_DAY]
        assert [(cause.numbers, cause.boundary) for cause in others] == [(("9903.01.25",), D(2025, 8, 7))]

    def test_of_seven_countries_one_is_counted_and_not_named(self) -> None:
        # E.O. 14326, annex I: 15 per cent on each of these.
        rows = {"9903.02.49": 1500, **{f"9903.02.{last}": 0 for last in (50, 52, 62, 64, 65, 67)}}
        part = only(check_line(line("VN", rows), D(2025, 12, 1)), "reciprocal")
        assert part.causes[0].explanation == (
            "It is the rate for goods of MK, NO, PG, TR, TT, UG and 1 more: 15 per cent of 10000 is 1500.00."
        )

    def test_two_rates_are_not_told_where_one_rate_explains(self) -> None:
        # 30 is the rate of Libya and South Africa, and by chance 10 of 9903.01.25 + 20 of 9903.02.69.
        part = only(check_line(line("VN", {"9903.02.69": 3000}), D(2025, 9, 1)), "reciprocal")
        assert kinds(part) == ["other_country"]
        assert "LY" in part.causes[0].explanation
        assert "ZA" in part.causes[0].explanation

    def test_the_all_in_rate_of_another_country(self) -> None:
        part = only(check_line(line("VN", {"9903.02.20": 1500}), D(2025, 12, 1)), "reciprocal")
        cause = part.causes[0]
        assert (part.expected, cause.kind, cause.rate) == (2000, CauseKind.OTHER_COUNTRY, 15)
        assert cause.numbers == ("9903.02.20",)

    def test_of_many_periods_of_a_rate_the_next_one_is_told(self) -> None:
        # E.O. 14257: 10 per cent from 2025-04-05; the same rate stands in a row from 2025-08-07 too.
        part = only(check_line(line("AU", {"9903.01.25": 1000}), D(2025, 4, 4)), "reciprocal")
        assert [(cause.kind, cause.boundary) for cause in part.causes] == [
            (CauseKind.OTHER_DAY, D(2025, 4, 5))
        ]

    def test_the_step_that_ended_the_day_before_may_have_been_added(self) -> None:
        # CSMS 64299816: 9903.01.20 ended with 2025-03-03.
        def told(day: int) -> list[str]:
            filed = line("CN", {"9903.01.24": 3000})
            return kinds(only(check_line(filed, D(2025, 3, day)), "china_fentanyl"))

        assert (told(4), told(5)) == (["two_rates"], [])

    def test_a_pair_of_rates_is_told_once(self) -> None:
        # For China 9903.01.25 has two rows of 10 per cent.
        filed = line("CN", {"9903.01.25": 1000, "9903.01.63": 12500})
        part = only(check_line(filed, D(2025, 5, 13), mode="air"), "reciprocal")
        assert (part.expected, part.paid) == (12500, 13500)
        assert kinds(part).count("two_rates") == 1

    def test_the_own_rate_is_no_other_countrys_unless_its_heading_was_filed(self) -> None:
        # Both bear 15 in all, of which 2.5 is ordinary duty.
        own = only(check_line(line("DE", {"9903.02.20": 1500}), D(2025, 12, 1)), "reciprocal")
        assert kinds(own) == ["ordinary_duty"]
        japan = only(check_line(line("DE", {"9903.02.73": 1500}), D(2025, 12, 1)), "reciprocal")
        assert japan.causes[0].kind is CauseKind.OTHER_COUNTRY
        assert japan.causes[0].explanation.startswith("It is the rate for goods of JP: 15 per cent")


class TestCents:
    """Amounts agree, and causes fit, within a cent for each row with duty; sums of rows within a cent each."""

    @pytest.mark.parametrize(
        ("paid", "verdict"),
        [("999.98", "differs"), ("999.99", "agrees"), ("1000.01", "agrees"), ("1000.02", "differs")],
    )
    def test_agreement(self, paid: str, verdict: str) -> None:
        part = only(check_line(line("CN", {"9903.01.24": paid}), D(2025, 12, 1)), "china_fentanyl")
        assert (part.verdict.value, part.tolerance) == (verdict, Decimal("0.01"))

    @pytest.mark.parametrize(("paid", "told"), [("2000.01", ["other_day"]), ("2000.02", [])])
    def test_a_cause(self, paid: str, told: list[str]) -> None:
        part = only(check_line(line("CN", {"9903.01.24": paid}), D(2025, 12, 1)), "china_fentanyl")
        assert kinds(part) == told

    @pytest.mark.parametrize(("paid", "told"), [("3000.01", ["merged"]), ("3000.02", [])])
    def test_the_duty_of_two_on_one_heading(self, paid: str, told: list[str]) -> None:
        carrier, idle = check_line(
            line("CN", {"9903.01.24": paid, "9903.01.25": 0}), D(2025, 7, 1)
        ).programmes
        assert kinds(carrier) == told
        for merged in carrier.causes:
            assert merged == Cause(
                CauseKind.MERGED,
                "It is the duty of reciprocal, 1000.00, on top of its own.",
                Decimal(3000),
                numbers=("9903.01.24",),
            )
            assert idle.causes[0].explanation.endswith("Its duty stands on 9903.01.24.")

    @pytest.mark.parametrize(("base", "told"), [("3250.02", True), ("3250.03", False), ("3249.97", False)])
    def test_the_duty_of_two_on_the_ordinary_row(self, base: str, told: bool) -> None:
        found = check_line(line("CN", {"9903.01.24": 0, "9903.01.25": 0}, base=base), D(2025, 7, 1))
        assert {"chapter 1-97 row" in part.causes[0].explanation for part in found.programmes} == {told}


def test_a_check_in_words_ends_with_the_likeliest_cause() -> None:
    # CSMS 64336037: energy and potash of Canada bear 10 per cent each, so the amount tells no more.
    part = only(check_line(line("CA", {"9903.01.10": 1000}), D(2025, 12, 1)), "canada_fentanyl")
    assert kinds(part) == ["other_heading", "other_heading"]
    assert str(part) == (
        "canada_fentanyl: differs; paid 1,000.00, expected 3,500.00: 35 per cent of 10000. "
        "It is that of 9903.01.13, the rate for energy: 10 per cent of 10000 is 1000.00."
    )


def test_every_part_of_a_check() -> None:
    # E.O. 14326: 20 per cent on goods of Vietnam; Venezuela's heading does not stand for them.
    found = check_line(line("VN", {"9903.02.68": 1500, "9903.02.69": 0}), D(2025, 12, 1))
    (part,) = found.programmes
    assert (part.programme, part.filed) == ("reciprocal", ("9903.02.68", "9903.02.69"))
    assert (part.heading and part.heading.number, part.rate, part.base) == ("9903.02.69", 20, 10000)
    assert (part.expected, part.paid, part.difference, part.tolerance) == (2000, 1500, -500, Decimal("0.01"))
    assert (part.verdict, part.reason) == (Verdict.DIFFERS, "20 per cent of 10000")
    assert part.against == ("9903.02.68 is not in force for goods of VN on 2025-12-01",)
    assert part.assumed == ()
    assert (found.paid, found.expected, found.agrees) == (1500, 2000, False)
    assert (found.differences, found.not_checked) == ((part,), ())


def test_numbers_without_a_rate_line_are_checked_for_any_origin() -> None:
    for country in ("VN", None):
        filed = line(country, {"9903.01.35": 2000, "9903.01.35.10": 5})
        part = only(check_line(filed, D(2025, 12, 1)), "unassigned")
        assert (part.expected, part.paid, part.rate, part.base) == (0, 2005, 0, 10000)
        assert (part.heading, part.verdict) == (None, Verdict.DIFFERS)
        assert part.reason == "the numbers never had a rate line"
