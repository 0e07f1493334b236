"""Which heading of a programme the goods of a line should stand on, and what of that is said.

Facts: E.O. 14257 and 14326 (Vietnam 20 per cent), E.O. 14323 (Brazil only), CSMS 67133044 (Switzerland 15 per cent
in all), the exemptions of HTSUS chapter 99 subchapter III U.S. note 2.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.law.filed_line import FiledLine, paid_on, read_line
from ieeparefund.law.goods import read_goods
from ieeparefund.law.grounds import Fit, fit
from ieeparefund.law.heading_amount import heading_on
from ieeparefund.law.headings import Programme
from ieeparefund.law.line_decision import Decision, decide

DAY = dt.date(2025, 12, 1)
BASE = "8479.89.95.00"
KNOWN: dict[str, Any] = {"exempt_under": [], "us_content": 0, "section_232": "none", "transhipped": False}


def read(
    country: str,
    rows: dict[str, Any],
    *,
    value: Any = 10000,
    column1: Column1Rate | None = None,
    on: dt.date = DAY,
    beside: tuple[TariffLine, ...] = (),
    **facts: Any,
) -> FiledLine:
    tariffs = [TariffLine(number, 0, duty) for number, duty in rows.items()]
    line = EntryLine(1, country, [*tariffs, *beside, TariffLine(BASE, value, "250.00")], column1_rate=column1)
    return read_line(line, on, **facts)


def decided(programme: Programme, line: FiledLine) -> Decision:
    assert line.origin is not None
    return decide(programme, line, line.goods, line.origin)


def number_of(decision: Decision) -> str | None:
    return decision.row and decision.row.number


def test_a_programme_that_does_not_concern_the_goods_owes_zero_on_their_value() -> None:
    found = decided(Programme.BRAZIL, read("VN", {}))
    assert (found.row, found.against, found.assumed) == (None, (), ())
    assert (found.amount.rate, found.amount.base, found.amount.duty) == (0, 10000, 0)
    assert found.amount.reason == "no brazil duty is owed on 2025-12-01"


def test_a_heading_of_another_country_is_held_against_the_line() -> None:
    found = decided(Programme.BRAZIL, read("VN", {"9903.01.77": 100}))
    assert found.against == ("9903.01.77 is not in force for goods of VN on 2025-12-01",)
    assert (found.row, found.amount.duty) == (None, 0)


def test_the_deal_goes_before_the_flat_rate_that_ended_retroactively() -> None:
    # Both could be reported on the day; 15 per cent in all, column 1 at 2.5 per cent taken off.
    line = read("CH", {}, column1=Column1Rate(Decimal("2.5")), mode="air", **KNOWN)
    found = decided(Programme.RECIPROCAL, line)
    assert (number_of(found), found.amount.rate, found.amount.duty) == ("9903.02.83", 15, 1250)


def test_the_rate_of_the_country_goes_before_the_general_one() -> None:
    found = decided(Programme.RECIPROCAL, read("VN", {}, mode="air", **KNOWN))
    assert (number_of(found), found.amount.rate, found.amount.duty) == ("9903.02.69", 20, 2000)
    assert found.amount.reason == "20 per cent of 10000"


def test_an_exemption_that_paid_nothing_is_believed_and_said_so() -> None:
    found = decided(Programme.RECIPROCAL, read("VN", {"9903.01.32": 0, "9903.02.69": 0}))
    assert (number_of(found), found.amount.rate, found.amount.base, found.amount.duty) == (
        "9903.01.32", 0, 10000, 0,
    )  # fmt: skip
    assert found.assumed == (
        "taken as 9903.01.32 says: whether they are exempt under 9903.01.32 is not known (exempt_under)",
    )


def test_an_exemption_beside_a_paid_duty_is_a_contradiction_unless_the_facts_settle_it() -> None:
    rows = {"9903.01.32": 0, "9903.02.69": 2000}
    found = decided(Programme.RECIPROCAL, read("VN", rows))
    assert (found.row, found.amount.rate, found.amount.base, found.amount.duty) == (None, None, None, None)
    assert found.amount.reason == "9903.01.32, which exempts, and 9903.02.69 stand on one line"
    settled = decided(Programme.RECIPROCAL, read("VN", rows, exempt_under=["9903.01.32"]))
    assert (number_of(settled), settled.amount.duty, settled.assumed) == ("9903.01.32", 0, ())
    assert settled.against == (
        "9903.02.69 is not for them: 9903.01.32 takes them out: exempt under 9903.01.32",
    )


def test_without_a_value_only_a_duty_of_zero_is_known() -> None:
    duty = decided(Programme.RECIPROCAL, read("VN", {"9903.02.69": 2000}, value=None))
    assert (number_of(duty), duty.amount.rate, duty.amount.base, duty.amount.duty) == (
        "9903.02.69", 20, None, None,
    )  # fmt: skip
    free = decided(Programme.RECIPROCAL, read("VN", {"9903.01.32": 0}, value=None))
    assert (free.amount.rate, free.amount.base, free.amount.duty) == (0, None, 0)
    assert free.amount.reason == "9903.01.32 exempts the goods"


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ({"9903.01.25": 0, "9903.02.69": 2000}, "9903.02.69"),  # the one that was paid
        ({"9903.01.25": 1000, "9903.02.69": 0}, "9903.01.25"),
        ({"9903.01.25": 1000, "9903.02.69": 2000}, "9903.02.69"),  # both paid: the one that names the origin
        ({"9903.01.25": 0, "9903.02.69": 0}, "9903.02.69"),
    ],
)
def test_which_of_two_headings_that_may_fit(rows: dict[str, int], number: str) -> None:
    # Vietnam in September 2025: 20 per cent, or 10 for goods loaded before 7 August.
    found = decided(Programme.RECIPROCAL, read("VN", rows, on=dt.date(2025, 9, 1)))
    assert number_of(found) == number
    assert found.assumed == (f"taken as {number} says: loading date and mode of transport are not known",)


ASTRAY = {"9903.02.68": 0}  # Venezuela's heading on goods of Vietnam


@pytest.mark.parametrize(
    ("rows", "facts", "number"),
    [
        ({"9903.01.32": 0, "9903.02.69": 2000}, {}, None),
        ({"9903.01.32": 0}, {}, "9903.01.32"),
        ({"9903.01.32": 0}, {"exempt_under": ["9903.01.32"]}, "9903.01.32"),
        ({"9903.02.69": 2000}, {}, "9903.02.69"),
        ({}, {}, "9903.02.69"),
        ({}, {"exempt_under": ["9903.01.32"]}, "9903.01.32"),
        ({}, KNOWN, "9903.02.69"),
        ({}, {**KNOWN, "on": dt.date(2025, 9, 1)}, None),  # loading not known: 10 or 20 per cent
    ],
)
def test_a_heading_astray_is_told_whatever_is_decided(
    rows: dict[str, int], facts: dict[str, Any], number: str | None
) -> None:
    found = decided(Programme.RECIPROCAL, read("VN", ASTRAY | rows, **facts))
    day = facts.get("on", DAY)
    assert found.against == (f"9903.02.68 is not in force for goods of VN on {day}",)
    assert number_of(found) == number


def test_what_is_owed_unless_exempt_is_told() -> None:
    found = decided(Programme.RECIPROCAL, read("VN", {}))
    assert (found.row, found.amount.duty) == (None, None)
    assert found.amount.reason.startswith(
        "no heading of it stands on the line: 2000.00 under 9903.02.69 (20 per cent of 10000) unless"
    )
    unknown = decided(Programme.RECIPROCAL, read("VN", {}, value=None))
    assert "on the line: an amount not known under 9903.02.69 (the customs value" in unknown.amount.reason


def test_usmca_goods_owe_nothing_under_the_heading_that_says_so() -> None:
    found = decided(Programme.CANADA_FENTANYL, read("CA", {}, usmca=True))
    assert (number_of(found), found.amount.rate, found.amount.duty) == ("9903.01.14", 0, 0)


class TestFiledLine:
    def test_what_a_line_tells(self) -> None:
        repair = TariffLine("9802.00.50.60", "500.49", 0)
        line = read("XM", {"9903.81.91": 300}, beside=(repair,), column1=Column1Rate(Decimal(4)))
        assert (line.origin, line.value, line.provision_value) == ("CA", 10000, 500)
        assert (line.ordinary_duty, line.column1_duty, line.column1_percent) == (250, 400, 4)
        assert (line.goods.chapter_98, line.goods.section_232) == ("9802.00.50.60", "metals")

    def test_of_two_section_232_actions_the_first_of_the_list_counts(self) -> None:
        line = read("CN", {"9903.78.01": 5, "9903.81.91": 5})
        assert line.goods.section_232 == "metals"

    def test_what_is_given_goes_before_what_the_line_tells(self) -> None:
        repair = TariffLine("9802.00.50.60", 500, 0)
        given = Column1Rate(Decimal(3))
        line = read(
            "CA",
            {"9903.81.91": 300},
            beside=(repair,),
            column1=Column1Rate(Decimal(4)),
            column1_rate=given,
            chapter_98="9813.00.05",
            section_232="copper",
        )
        assert line.goods.column1_rate == given
        assert (line.goods.chapter_98, line.goods.section_232) == ("9813.00.05", "copper")

    def test_programmes_in_the_order_of_the_line(self) -> None:
        line = read("CN", {"9903.01.25": 1000, "9903.01.24": 1000, "9903.01.39": 5, "9903.88.03": 1})
        assert line.programmes == (Programme.RECIPROCAL, Programme.CHINA_FENTANYL)
        assert [row.number for row in line.filed(Programme.CHINA_FENTANYL)] == ["9903.01.24"]
        assert [row.number for row in line.filed(None)] == ["9903.01.39"]

    def test_a_blank_duty_is_not_known_but_on_an_exemption(self) -> None:
        assert paid_on((TariffLine("9903.01.24", 0, 5), TariffLine("9903.01.33", 0, None))) == 5
        assert paid_on((TariffLine("9903.01.24", 0, None), TariffLine("9903.01.25", 0, 5))) is None
        assert paid_on((TariffLine("9903.01.39", 0, None),)) is None
        assert paid_on(()) == 0

    def test_a_value_that_stands_on_a_chapter_99_row_is_not_known(self) -> None:
        rows = [TariffLine("9903.01.24", 700, 70), TariffLine(BASE, 0, 0)]
        assert read_line(EntryLine(1, "CN", rows), DAY).value is None
        rows = [TariffLine("9903.01.24", 0, 70), TariffLine(BASE, 0, 0)]
        assert read_line(EntryLine(1, "CN", rows), DAY).value == 0
        rows = [TariffLine(BASE, 10, 0), TariffLine("3926.90.99.89", None, 0)]
        assert read_line(EntryLine(1, "CN", rows), DAY).value is None
        rows = [TariffLine(BASE, 10, 1), TariffLine("3926.90.99.89", "5.50", None)]
        line = read_line(EntryLine(1, "CN", rows), DAY)
        assert (line.value, line.ordinary_duty) == (16, None)


class TestWhichClaim:
    def test_the_exemption_that_the_facts_confirm_decides(self) -> None:
        # U.S. note 2(v): wholly of US content is a fact; whether 9903.01.32 lists the goods is not known.
        rows = {"9903.01.32": 0, "9903.01.34": 0}
        found = decided(Programme.RECIPROCAL, read("VN", rows, us_content=100))
        assert (number_of(found), found.amount.duty, found.assumed) == ("9903.01.34", 0, ())

    def test_the_rate_that_surely_fits_goes_before_one_that_may(self) -> None:
        # CSMS 64336037: potash bears 10 per cent, other goods of Canada 35 from 2025-08-01 (CSMS 65798609).
        for rows in ({"9903.01.15": 1000, "9903.01.10": 3500}, {"9903.01.10": 3500, "9903.01.15": 1000}):
            found = decided(Programme.CANADA_FENTANYL, read("CA", rows))
            assert (number_of(found), found.amount.duty, found.assumed) == ("9903.01.10", 3500, ())

    def test_goods_of_no_value_stand_on_the_rate_of_their_country(self) -> None:
        # 19 CFR 159.3(a): 40 cents count as nothing; the general 10 would be for goods in transit.
        found = decided(Programme.RECIPROCAL, read("VN", {}, value="0.40", on=dt.date(2025, 9, 1)))
        assert (number_of(found), found.amount.rate, found.amount.duty) == ("9903.02.69", 20, 0)

    def test_a_heading_astray_is_told_where_nothing_is_owed(self) -> None:
        found = decided(Programme.RECIPROCAL, read("VN", {"9903.02.68": 0}, value="0.40"))
        assert (number_of(found), found.amount.duty) == ("9903.02.69", 0)
        assert found.against == ("9903.02.68 is not in force for goods of VN on 2025-12-01",)

    def test_nothing_speaks_against_a_line_without_headings(self) -> None:
        found = decided(Programme.RECIPROCAL, read("VN", {}))
        assert (found.row, found.amount.duty, found.against) == (None, None, ())


def test_the_special_rate_of_the_schedule_follows_the_program_claimed() -> None:
    # HTSUS 2025: 8708.10.60 bears 2.5 per cent, Free under KORUS for goods that claim it.
    rows = [TariffLine("9903.02.80", 0, 1500), TariffLine("8708.10.60.50", 10000, 0)]
    claimed = read_line(EntryLine(1, "KR", rows, special_program="KR"), dt.date(2025, 12, 10))
    general = read_line(EntryLine(1, "KR", rows), dt.date(2025, 12, 10))
    assert (claimed.column1_duty, general.column1_duty) == (0, 250)


@pytest.mark.parametrize("country", ["RU", None])
def test_the_schedule_tells_no_column_1_duty_of_column_2_goods_or_of_no_origin(country: str | None) -> None:
    # HTSUS general note 3(b): goods of Russia owe column 2, whatever column 1 lists for the number.
    filed = read_line(EntryLine(1, country, [TariffLine("8708.10.60.50", 10000, 250)]), DAY)
    assert (filed.column1_duty, filed.column1_percent, filed.goods.column1_rate) == (None, None, None)


def fits(
    number: str, origin: str, *, on: dt.date = DAY, column1: Decimal | None = None, **facts: Any
) -> tuple[bool | None, str]:
    goods = read_goods(on, **facts)
    row = heading_on(number, origin, goods)
    assert row is not None
    found: Fit = fit(row, origin, goods, column1)
    return found.holds, found.reason


class TestFit:
    """Whether goods may stand on a heading, and why: U.S. note 2 and the messages beside each case."""

    @pytest.mark.parametrize(
        ("number", "origin", "keyword", "what"),
        [
            ("9903.01.13", "CA", "energy", "energy"),
            ("9903.01.15", "CA", "potash", "potash"),
            ("9903.02.01", "VN", "transhipped", "goods transhipped"),
            ("9903.01.14", "CA", "usmca", "USMCA goods"),
        ],
    )
    def test_a_flag_decides(self, number: str, origin: str, keyword: str, what: str) -> None:
        assert fits(number, origin, **{keyword: True}) == (True, what)
        assert fits(number, origin, **{keyword: False}) == (False, f"they are not {what}")
        assert fits(number, origin) == (None, f"whether they are {what} is not known ({keyword})")

    def test_goods_under_section_232(self) -> None:
        # Note 2(v): autos as a whole; metals by their metal content from 2025-06-04 (Proclamation 10947).
        assert fits("9903.01.33", "VN", section_232="autos") == (True, "they owe section 232 duty (autos)")
        assert fits("9903.01.33", "VN", section_232="metals", metal_content=100) == (
            True,
            "it is metal content that pays section 232 duty",
        )
        assert fits("9903.01.33", "VN", section_232="none") == (False, "they owe no section 232 duty")

    def test_us_content(self) -> None:
        assert fits("9903.01.34", "VN", us_content=100) == (True, "it is US content")
        assert fits("9903.01.34", "VN", us_content=50) == (False, "50 per cent of the value is US content")
        assert fits("9903.01.34", "VN") == (None, "their US content is not known (us_content)")

    def test_an_all_in_heading_of_goods_that_may_be_in_transit(self) -> None:
        # CSMS 65829726: loaded before 2025-08-07 they pay 10 under 9903.01.25; the pair divides at 15.
        september = dt.date(2025, 9, 1)
        below, above = Decimal("2.5"), Decimal(20)
        unknown = (None, "loading date and mode of transport are not known")
        assert fits("9903.02.20", "DE", on=september, column1=below) == unknown
        assert fits("9903.02.20", "DE", on=september) == unknown
        assert fits("9903.02.20", "DE", on=september, column1=above) == (
            False,
            "column 1 is 20 per cent of the value",
        )
        assert fits("9903.02.20", "DE", on=september, column1=below, mode="air") == (
            True,
            "column 1 is 2.5 per cent of the value",
        )
        assert fits("9903.02.20", "DE", on=september, mode="air") == (None, "the column-1 rate is not known")

    def test_civil_aircraft_headings_serve_their_country_in_their_time(self) -> None:
        # 9903.96.01 is for goods of the United Kingdom, 9903.96.02 for those of Japan, from 2025-09-16.
        assert fits("9903.02.69", "VN", exempt_under=["9903.96.01"])[0] is True
        facts: dict[str, Any] = {"exempt_under": ["9903.96.02"], "mode": "air", "column1": Decimal(2)}
        first = dt.date(2025, 9, 16)
        assert fits("9903.02.73", "JP", on=first, **facts) == (
            False,
            "9903.96.02 takes them out: exempt under 9903.96.02",
        )
        assert fits("9903.02.73", "JP", on=first - dt.timedelta(days=1), **facts)[0] is True


def test_the_wrong_heading_of_an_all_in_pair_is_held_against_the_line() -> None:
    # 9903.02.82 is for goods whose ordinary duty is 15 per cent or more, 9903.02.83 for those below.
    line = read("CH", {"9903.02.82": 0}, column1=Column1Rate(Decimal("2.5")), mode="air", **KNOWN)
    found = decided(Programme.RECIPROCAL, line)
    assert found.against == ("9903.02.82 is not for them: column 1 is 2.5 per cent of the value",)
    assert (number_of(found), found.amount.duty) == ("9903.02.83", 1250)
