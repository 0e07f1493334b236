"""What one heading should bear. Facts: HTSUS chapter 99 U.S. note 2, E.O. 14289, 19 CFR 159.3(a), CBP's IEEPA
FAQ and the CSMS messages named beside each case.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.errors import FieldError, FloatMoneyError, HtsNumberError
from ieeparefund.law.citations import Standing
from ieeparefund.law.eastern import Moment, has_old_minute, law_day, read_moment
from ieeparefund.law.expected_duty import expected_duty, expected_heading_duty
from ieeparefund.law.goods import Goods, TransportMode, read_goods
from ieeparefund.law.heading_amount import row_amount, whole_dollars
from ieeparefund.law.headings import Programme
from ieeparefund.law.stacking import (
    Section232,
    Stacking,
    chapter_98_rule,
    is_column_2,
    section_232_action,
    stacking,
)

D = dt.date
EASTERN = ZoneInfo("America/New_York")
DEAL_DAY = D(2025, 12, 1)


def eastern(text: str) -> dt.datetime:
    """A clock time in New York."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=EASTERN)


def duty(number: str, value: Any, on: dt.date, country: str, **facts: Any) -> str | None:
    """Expected duty as text, for short comparisons."""
    found = expected_duty(number, value, on, country, **facts)
    return None if found is None else str(found)


def test_case_30_duty_paid_against_duty_computed() -> None:
    # Public case: paid 2000.00, value 20000.00, table rate 10 per cent.
    assert duty("9903.01.24", "20000.00", D(2025, 12, 1), "CN") == "2000.00"


def test_case_29_first_and_last_day_of_a_rate() -> None:
    # CSMS 66749380: fentanyl 20 to 2025-11-09, 10 from 2025-11-10.
    assert [duty("99030124", 1000, D(2025, 11, day), "CN") for day in (9, 10)] == ["200.00", "100.00"]


@pytest.mark.parametrize(
    ("value", "whole"), [("1234.50", 1235), ("1234.49", 1234), ("0.49", 0), ("0.50", 1), (7, 7)]
)
def test_values_count_in_whole_dollars(value: Any, whole: int) -> None:
    # 19 CFR 159.3(a): under 50 cents dropped, 50 cents and over counted as 1.
    assert whole_dollars(value) == whole
    assert expected_heading_duty("9903.01.24", value, D(2025, 7, 1), "CN").value == whole


def test_half_a_cent_goes_up() -> None:
    # 10 per cent of 75 is 7.50; 24 per cent and 2.5 per cent make no half cents of whole dollars, a share does.
    assert duty("9903.01.25", 75, D(2025, 6, 1), "VN") == "7.50"
    assert duty("9903.01.25", 1, D(2025, 6, 1), "VN", us_content=25) == "0.08"  # 0.075
    assert duty("9903.01.25", 3, D(2025, 6, 1), "VN", us_content="51.5") == "0.15"  # 0.1455


@pytest.mark.parametrize(
    ("moment", "amount"),
    [
        ("2025-11-09T23:59:59", "200.00"),
        ("2025-11-10T00:00:00", "200.00"),
        ("2025-11-10T00:00:59", "200.00"),
        ("2025-11-10T00:01:00", "100.00"),
        ("2026-02-23T23:59:59", "100.00"),
        ("2026-02-24T00:00:00", "0.00"),
    ],
)
def test_the_minute_of_a_change(moment: str, amount: str) -> None:
    # 12:01 a.m. eastern (CSMS 66749380); the end is midnight (CSMS 67834313).
    assert duty("9903.01.24", 1000, eastern(moment), "CN") == amount


def test_another_zone_is_turned_into_eastern_time() -> None:
    # 05:00:30 UTC is 12:00:30 a.m. eastern standard time; 9:01 p.m. in Los Angeles is 12:01 a.m. in New York.
    assert duty("9903.01.24", 1000, dt.datetime(2025, 11, 10, 5, 0, 30, tzinfo=dt.UTC), "CN") == "200.00"
    pacific = dt.datetime(2025, 11, 9, 21, 1, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert duty("9903.01.24", 1000, pacific, "CN") == "100.00"


def test_a_date_on_a_day_of_change_says_what_the_first_minute_would_do() -> None:
    found = expected_heading_duty("9903.01.24", 1000, D(2025, 11, 10), "CN")
    assert found.duty == 100
    assert found.clock_time == (
        "Entered before 12:01 a.m. eastern on 2025-11-10: 200.00, 20 per cent of 1000.",
    )
    # Canada's rate does not change on that day, and nothing changes on the day after.
    assert expected_heading_duty("9903.01.10", 1000, D(2025, 11, 10), "CA").clock_time == ()
    assert expected_heading_duty("9903.01.24", 1000, D(2025, 11, 11), "CN").clock_time == ()
    assert expected_heading_duty("9903.01.24", 1000, eastern("2025-11-10T08:00"), "CN").clock_time == ()
    # The end is at midnight: no minute of 2026-02-24 is left.
    assert not has_old_minute(D(2026, 2, 24))
    assert has_old_minute(D(2025, 4, 9))


def test_a_day_of_change_can_turn_a_certain_answer_into_a_doubtful_one() -> None:
    # Until 2025-05-14 China's 9903.01.25 was for goods in transit only (CSMS 65029337, 64723363).
    found = expected_heading_duty("9903.01.25", 1000, D(2025, 5, 14), "CN")
    assert found.duty == 100
    assert len(found.clock_time) == 1
    assert found.clock_time[0] == (
        "Entered before 12:01 a.m. eastern on 2025-05-14: 100.00, 10 per cent of 1000; loading date and mode of"
        " transport are not known."
    )
    # In the first minute of 2025-06-04 it was not yet known that metal content decides.
    metal = expected_heading_duty("9903.01.33", 1000, D(2025, 6, 4), "VN", section_232="metals")
    assert metal.duty == 0


def test_an_all_in_heading_that_does_not_change_has_no_note() -> None:
    # The European 15 per cent is the same before and after 2025-11-10, as the ordinary duty and the doubt are.
    found = expected_heading_duty("9903.02.20", 1000, D(2025, 11, 10), "DE", ordinary_duty=25)
    assert (found.duty, found.clock_time) == (125, ())
    assert found.assumed == ("the column-1 rate is not known",)


def test_the_note_says_where_the_duty_of_the_first_minute_is_not_known() -> None:
    # India's 25 for Russian oil ended on 2026-02-07 (CSMS 67702087); what metal did to it is doubtful.
    found = expected_heading_duty("9903.01.84", 1000, D(2026, 2, 7), "IN", section_232="metals")
    assert found.duty == 0
    assert found.clock_time == (
        "Entered before 12:01 a.m. eastern on 2026-02-07: not known, what section 232 (metals) does to it is doubtful.",
    )


def test_a_clock_time_needs_a_zone() -> None:
    with pytest.raises(FieldError, match="entry_date is 2025-11-10T00:00:00, a clock time without a zone"):
        expected_duty("9903.01.24", 1000, dt.datetime(2025, 11, 10), "CN")  # the point of it
    with pytest.raises(FieldError, match="neither a date nor a clock time"):
        read_moment("2025-11-10", "entry_date")  # type: ignore[arg-type]  # the point of the test


def test_moments() -> None:
    cutoff = dt.datetime.fromisoformat("2025-04-05T00:01")
    assert Moment(D(2025, 4, 4)).is_before(cutoff)
    assert not Moment(D(2025, 4, 5)).is_before(cutoff)
    assert Moment(D(2025, 4, 5), dt.time(0, 0, 59)).is_before(cutoff)
    assert not Moment(D(2025, 4, 5), dt.time(0, 1)).is_before(cutoff)
    assert str(Moment(D(2025, 4, 5))) == "2025-04-05"
    assert str(Moment(D(2025, 4, 5), dt.time(0, 1))) == "2025-04-05 00:01 eastern"
    assert law_day(Moment(D(2025, 4, 5), dt.time(0, 0))) == D(2025, 4, 4)
    assert law_day(Moment(D(2025, 4, 6), dt.time(0, 0))) == D(2025, 4, 6)


def test_what_bears_nothing() -> None:
    on = D(2025, 12, 1)
    assert duty("9903.01.32", 1000, on, "VN") == "0.00"  # exempts
    assert duty("9903.01.20", 1000, on, "CN") == "0.00"  # ended 2025-03-04
    assert duty("9903.01.77", 1000, on, "IN") == "0.00"  # Brazil's
    assert duty("9903.01.35", 1000, on, "VN") == "0.00"  # never had a rate line
    assert duty("9903.02.19", 1000, on, "DE") == "0.00"  # the twin of 15 per cent and more
    assert duty("9903.01.63", 1000, on, "CN") == "0.00"  # suspended
    assert duty("9903.96.01", 1000, on, "GB") == "0.00"  # lifts, never a duty
    assert (
        expected_heading_duty("9903.01.63", 1000, on, "CN").reason == "9903.01.63 imposes nothing: suspended"
    )
    twin = expected_heading_duty("9903.02.19", 1000, on, "DE")
    assert (twin.rate, twin.base, twin.duty, twin.reason) == (0, 1000, 0, "9903.02.19 imposes nothing")
    assert "never had a rate line" in expected_heading_duty("9903.01.35", 1000, on, "VN").reason


def test_the_rate_is_known_where_its_base_is_not() -> None:
    # Proclamation 10947: from 2025-06-04 reciprocal duty falls on what is not metal.
    found = expected_heading_duty("9903.02.69", 1000, D(2025, 12, 1), "VN", section_232="metals")
    assert (found.rate, found.base, found.duty) == (20, None, None)


def test_the_whole_of_an_all_in_heading_says_that_the_ordinary_duty_is_inside() -> None:
    found = expected_heading_duty("9903.02.20", 1000, D(2025, 12, 1), "DE")
    assert (found.duty, found.reason) == (150, "15 per cent of 1000, the ordinary duty included")


def test_no_ieepa_heading_no_answer() -> None:
    for number in ("8471.30.01.00", "9903.88.03", "9903.03.01"):
        found = expected_heading_duty(number, 1000, D(2025, 12, 1), "CN")
        assert (found.duty, found.reason) == (None, "not an IEEPA heading")
        assert found.standing is Standing.PUBLISHED


def test_the_answer_keeps_its_row() -> None:
    found = expected_heading_duty("9903.01.63", 100, D(2025, 4, 9), "CN")
    assert found.heading is not None
    assert (found.heading.rate, found.rate, found.base, found.duty) == (84, 84, 100, 84)
    assert found.standing is Standing.INFERRED
    assert (found.number, found.country, found.day) == ("9903.01.63", "CN", D(2025, 4, 9))
    assert found.assumed == ("loading date and mode of transport are not known",)


def test_a_heading_ended_retroactively_bears_its_rate_while_it_could_be_reported() -> None:
    # 90 FR 59281: Switzerland's 39 ended at 2025-11-14 by a notice of 2025-12-18.
    assert duty("9903.02.58", 10000, D(2025, 12, 1), "CH") == "3900.00"
    assert duty("9903.02.58", 10000, D(2025, 12, 18), "CH") == "0.00"
    assert duty("9903.02.58", 10000, D(2025, 12, 1), "LI") == "0.00"


def test_canadian_provinces_are_canada() -> None:
    assert duty("9903.01.10", 1000, D(2025, 8, 15), "XO") == "350.00"


class TestInTransit:
    """CSMS 64723363; CBP's IEEPA FAQ: by vessel only, without change of mode; cut-offs at 12:01 a.m. eastern."""

    def test_vector_21_vietnam_ten_not_forty_six(self) -> None:
        facts: dict[str, Any] = {"loaded": D(2025, 4, 7), "mode": "vessel"}
        assert duty("9903.01.25", 10000, D(2025, 4, 9), "VN", **facts) == "1000.00"
        assert duty("9903.01.72", 10000, D(2025, 4, 9), "VN", **facts) == "0.00"
        assert duty("9903.01.72", 10000, D(2025, 4, 9), "VN", loaded=D(2025, 4, 9)) == "4600.00"
        assert duty("9903.01.72", 10000, D(2025, 4, 9), "VN", mode="air") == "4600.00"
        assert duty("9903.01.25", 10000, D(2025, 4, 9), "VN", mode="air") == "0.00"

    def test_loaded_before_the_start_pays_nothing(self) -> None:
        facts: dict[str, Any] = {"loaded": D(2025, 4, 4), "mode": "vessel"}
        for number in ("9903.01.25", "9903.01.28", "9903.01.72"):
            assert duty(number, 1000, D(2025, 4, 9), "VN", **facts) == "0.00"
        # The clause closed for goods entered from 2025-05-27.
        assert duty("9903.01.25", 1000, D(2025, 5, 26), "VN", **facts) == "0.00"
        assert duty("9903.01.25", 1000, D(2025, 5, 27), "VN", **facts) == "100.00"

    def test_august_rates(self) -> None:
        # CSMS 65829726: loaded before 2025-08-07, entered before 2025-10-05, 10 under 9903.01.25.
        facts: dict[str, Any] = {"loaded": D(2025, 8, 6), "mode": "vessel"}
        assert duty("9903.02.69", 1000, D(2025, 10, 4), "VN", **facts) == "0.00"
        assert duty("9903.01.25", 1000, D(2025, 10, 4), "VN", **facts) == "100.00"
        assert duty("9903.02.69", 1000, D(2025, 10, 5), "VN", **facts) == "200.00"
        assert duty("9903.02.20", 1000, D(2025, 10, 4), "DE", **facts) == "0.00"
        assert duty("9903.02.20", 1000, D(2025, 10, 4), "DE", mode="truck") == "150.00"
        assert duty("9903.01.77", 1000, D(2025, 10, 4), "BR", loaded=D(2025, 8, 5), mode="vessel") == "0.00"
        assert duty("9903.02.09", 1000, D(2025, 10, 4), "BR", **facts) == "0.00"

    def test_india(self) -> None:
        # CSMS 66027027: loaded before 2025-08-27, entered before 2025-09-17.
        facts: dict[str, Any] = {"loaded": D(2025, 8, 26), "mode": "vessel"}
        assert duty("9903.01.84", 1000, D(2025, 9, 16), "IN", **facts) == "0.00"
        assert duty("9903.01.84", 1000, D(2025, 9, 17), "IN", **facts) == "250.00"
        assert duty("9903.02.26", 1000, D(2025, 9, 16), "IN", **facts) == "250.00"

    def test_china_in_february_took_any_mode(self) -> None:
        # CSMS 63988468: loaded on a vessel, or in transit on the final mode, before 2025-02-01.
        assert duty("9903.01.20", 1000, D(2025, 2, 10), "CN", loaded=D(2025, 1, 31), mode="air") == "0.00"
        assert duty("9903.01.24", 1000, D(2025, 3, 6), "CN", loaded=D(2025, 1, 31)) == "0.00"
        assert duty("9903.01.24", 1000, D(2025, 3, 7), "CN", loaded=D(2025, 1, 31)) == "200.00"
        assert duty("9903.01.20", 1000, D(2025, 2, 10), "CN", loaded=D(2025, 2, 1)) == "100.00"

    def test_loading_by_the_clock(self) -> None:
        on = D(2025, 4, 9)
        early, late = eastern("2025-04-09T00:00"), eastern("2025-04-09T00:01")
        assert (
            duty("9903.01.72", 1000, eastern("2025-04-09T09:00"), "VN", loaded=early, mode="vessel") == "0.00"
        )
        assert (
            duty("9903.01.72", 1000, eastern("2025-04-09T09:00"), "VN", loaded=late, mode="vessel")
            == "460.00"
        )
        notes = expected_heading_duty("9903.01.72", 1000, on, "VN", loaded=on, mode="vessel").clock_time
        assert [note.split(":")[0] for note in notes] == ["Entered before 12", "Loaded before 12"]
        assert "Loaded before 12:01 a.m. eastern on 2025-04-09: 0.00" in notes[1]

    def test_an_unknown_mode_leaves_the_heading_its_word(self) -> None:
        found = expected_heading_duty("9903.01.72", 1000, D(2025, 4, 9), "VN", loaded=D(2025, 4, 7))
        assert found.duty == 460
        assert found.assumed == ("the mode of transport is not known",)

    def test_china_loaded_on_the_ninth_of_april_is_doubtful(self) -> None:
        facts: dict[str, Any] = {"loaded": D(2025, 4, 9), "mode": "vessel"}
        found = expected_heading_duty("9903.01.63", 1000, D(2025, 5, 1), "CN", **facts)
        assert found.duty == 1250
        assert "CSMS 64723363" in found.assumed[0]


class TestGoods:
    """Facts that put goods under another heading or take them out."""

    def test_usmca(self) -> None:
        # CSMS 64336037: exempt from 2025-03-07, not before.
        assert duty("9903.01.10", 1000, D(2025, 3, 6), "CA", usmca=True) == "250.00"
        assert duty("9903.01.10", 1000, D(2025, 3, 7), "CA", usmca=True) == "0.00"
        assert duty("9903.01.10", 1000, D(2025, 3, 7), "CA", special_program="S+") == "0.00"
        assert duty("9903.01.10", 1000, D(2025, 3, 7), "CA", special_program="S", usmca=False) == "250.00"
        assert duty("9903.01.10", 1000, D(2025, 3, 7), "CA", special_program="A") == "250.00"

    def test_potash_and_energy(self) -> None:
        # CSMS 64336037, 64472173: potash 10 from 2025-03-07 (25 before), energy of Canada 10.
        assert duty("9903.01.05", 1000, D(2025, 3, 7), "MX", potash=True) == "100.00"
        assert duty("9903.01.05", 1000, D(2025, 3, 7), "MX", potash=False) == "0.00"
        assert duty("9903.01.01", 1000, D(2025, 3, 7), "MX", potash=True) == "0.00"
        assert duty("9903.01.01", 1000, D(2025, 3, 6), "MX", potash=True) == "250.00"
        assert duty("9903.01.10", 1000, D(2025, 8, 1), "CA", energy=True) == "0.00"
        assert duty("9903.01.13", 1000, D(2025, 8, 1), "CA", energy=True) == "100.00"
        assert duty("9903.01.13", 1000, D(2025, 8, 1), "CA") == "100.00"

    def test_transhipped_goods_pay_in_lieu(self) -> None:
        # CSMS 65798609, 65829726: 40 replaces the rate of the country.
        assert duty("9903.01.16", 1000, D(2025, 8, 1), "CA", transhipped=True) == "400.00"
        assert duty("9903.01.10", 1000, D(2025, 8, 1), "CA", transhipped=True) == "0.00"
        assert duty("9903.01.13", 1000, D(2025, 8, 1), "CA", transhipped=True) == "0.00"
        assert duty("9903.02.01", 1000, D(2025, 8, 7), "VN", transhipped=True) == "400.00"
        assert duty("9903.02.69", 1000, D(2025, 8, 7), "VN", transhipped=True) == "0.00"
        assert duty("9903.02.01", 1000, D(2025, 8, 7), "VN", transhipped=False) == "0.00"

    def test_exempt_goods(self) -> None:
        on = D(2025, 12, 1)
        assert duty("9903.02.69", 1000, on, "VN", exempt_under=["9903.01.32"]) == "0.00"
        # With a statistical suffix it is the same heading.
        assert duty("9903.02.69", 1000, on, "VN", exempt_under=["9903.01.32.10"]) == "0.00"
        assert duty("9903.02.69", 1000, on, "VN", exempt_under=[]) == "200.00"
        # Annex II of the reciprocal order does not exempt from the duty on Brazil.
        assert duty("9903.01.77", 1000, on, "BR", exempt_under=["99030132"]) == "400.00"
        assert duty("9903.02.73", 1000, on, "JP", exempt_under=["9903.96.02"]) == "0.00"

    def test_us_content(self) -> None:
        # HTSUS note 2(v)(xvii): from 20 per cent on; reciprocal duty only.
        on = D(2025, 6, 1)
        assert duty("9903.01.25", 100, on, "VN", us_content=25) == "7.50"
        assert duty("9903.01.25", 100, on, "VN", us_content=20) == "8.00"
        assert duty("9903.01.25", 100, on, "VN", us_content="19.99") == "10.00"
        assert duty("9903.01.25", 100, on, "VN", us_content=100) == "0.00"
        assert duty("9903.01.34", 25, on, "VN", us_content=100) == "0.00"
        assert duty("9903.01.24", 100, on, "CN", us_content=25) == "20.00"

    def test_chapter_98(self) -> None:
        # HTSUS note 2; CBP FAQ 2025-12-05.
        on = D(2025, 7, 1)
        assert duty("9903.01.01", 4000, on, "MX", chapter_98="9802.00.80") == "1000.00"
        assert duty("9903.01.24", 500, on, "CN", chapter_98="9802.00.50.10") == "100.00"
        assert duty("9903.01.24", 500, on, "CN", chapter_98="9801.00.10") == "0.00"
        assert duty("9903.01.25", 500, on, "VN", chapter_98="9813.00.05") == "0.00"
        assert duty("9903.01.25", 500, on, "KE", chapter_98="9819.11.09") == "50.00"
        assert duty("9903.01.10", 500, on, "CA", chapter_98="9822.05.01") == "0.00"
        assert chapter_98_rule("9802.00.80").standing is Standing.PUBLISHED


class TestSection232:
    """E.O. 14289; Proclamation 10947 (from 2025-06-04 on metal content); note 2(v), (x), (z)."""

    def test_reciprocal(self) -> None:
        assert duty("9903.01.25", 100, D(2025, 6, 3), "VN", section_232="metals") == "0.00"
        assert duty("9903.01.25", 100, D(2025, 6, 4), "VN", section_232="metals") is None
        assert duty("9903.01.25", 100, D(2025, 6, 4), "VN", section_232="metals", metal_content=25) == "7.50"
        assert duty("9903.01.25", 100, D(2025, 6, 4), "VN", section_232="metals", metal_content=0) == "10.00"
        assert duty("9903.01.25", 100, D(2025, 6, 4), "VN", section_232="metals", metal_content=100) == "0.00"
        assert duty("9903.01.25", 100, D(2025, 6, 4), "VN", section_232="none") == "10.00"
        assert duty("9903.01.25", 100, D(2025, 6, 4), "VN", section_232="autos") == "0.00"

    def test_canada_and_mexico(self) -> None:
        # To 2025-06-03 IEEPA went before steel and aluminium; autos always before IEEPA.
        assert duty("9903.01.10", 100, D(2025, 6, 3), "CA", section_232="metals") == "25.00"
        assert duty("9903.01.10", 100, D(2025, 6, 4), "CA", section_232="metals", metal_content=40) == "15.00"
        assert duty("9903.01.10", 100, D(2025, 6, 4), "CA", section_232="metals", metal_content=100) == "0.00"
        assert duty("9903.01.10", 100, D(2025, 5, 1), "CA", section_232="autos") == "0.00"

    def test_china_fentanyl_is_cumulative(self) -> None:
        for action in ("autos", "metals", "copper", "trucks", "timber", "semiconductors", "other"):
            assert duty("9903.01.24", 100, D(2025, 9, 1), "CN", section_232=action) == "20.00"

    @pytest.mark.parametrize(
        ("number", "country", "action", "reason"),
        [
            ("9903.01.77", "BR", "metals", "doubtful"),
            ("9903.01.84", "IN", "copper", "doubtful"),
            ("9903.01.10", "CA", "timber", "open"),
            ("9903.02.69", "VN", "other", "open"),
        ],
    )
    def test_what_is_not_settled_is_not_answered(
        self, number: str, country: str, action: str, reason: str
    ) -> None:
        found = expected_heading_duty(
            number, 100, D(2025, 12, 1), country, section_232=action, metal_content=50
        )
        assert found.duty is None
        assert found.reason == f"what section 232 ({action}) does to it is {reason}"

    def test_semiconductors_owe_neither_reciprocal_nor_brazil_nor_india_duty(self) -> None:
        on = D(2026, 1, 15)
        for number, country in (("9903.02.60", "TW"), ("9903.01.77", "BR"), ("9903.01.84", "IN")):
            assert duty(number, 100, on, country, section_232="semiconductors") == "0.00"

    def test_metal_and_us_content_together_are_not_answered(self) -> None:
        found = expected_heading_duty(
            "9903.02.69", 100, D(2025, 12, 1), "VN", section_232="metals", metal_content=30, us_content=30
        )
        assert found.duty is None
        assert "overlap" in found.reason

    @pytest.mark.parametrize(
        ("number", "action"),
        [
            ("9903.94.05", "autos"),
            ("9903.81.91", "metals"),
            ("9903.85.08", "metals"),
            ("9903.78.01", "copper"),
            ("9903.74.01", "trucks"),
            ("9903.76.01", "timber"),
            ("9903.79.01", "semiconductors"),
            ("9903.04.60", "other"),
        ],
    )
    def test_the_action_of_a_number(self, number: str, action: str) -> None:
        assert section_232_action(number) == action

    def test_rows(self) -> None:
        row = stacking(Section232.METALS, Programme.RECIPROCAL, D(2025, 6, 3))
        assert row is not None
        assert (row.effect, row.standing) == (Stacking.LIFTED, Standing.INFERRED)
        assert stacking(Section232.NONE, Programme.RECIPROCAL, D(2025, 6, 3)) is None
        assert is_column_2("RU")
        assert not is_column_2("VN")


class TestAllIn:
    """HTSUS note 2(v)(xviii)-(xxv); CSMS 66319804: the two ways of reporting."""

    def test_both_styles(self) -> None:
        rate = Column1Rate(Decimal("2.5"))
        assert duty("9903.02.20", 10000, DEAL_DAY, "DE") == "1500.00"
        assert duty("9903.02.20", 10000, DEAL_DAY, "DE", column1_rate=rate) == "1500.00"
        assert duty("9903.02.20", 10000, DEAL_DAY, "DE", column1_rate=rate, ordinary_duty=250) == "1250.00"
        assert duty("9903.02.20", 10000, DEAL_DAY, "DE", ordinary_duty="250.00") == "1250.00"
        assert duty("9903.02.20", 10000, DEAL_DAY, "DE", ordinary_duty=9999) == "0.00"
        assert duty("9903.02.20", 10000, DEAL_DAY, "DE", ordinary_duty=None) is None

    def test_the_pair_divides_at_fifteen(self) -> None:
        below, at = Column1Rate(Decimal("14.9")), Column1Rate(Decimal(15))
        assert duty("9903.02.80", 1000, DEAL_DAY, "KR", column1_rate=below) == "150.00"
        assert duty("9903.02.80", 1000, DEAL_DAY, "KR", column1_rate=at) == "0.00"
        assert duty("9903.02.79", 1000, DEAL_DAY, "KR", column1_rate=at) == "0.00"
        assert (
            "do not stand on it"
            in expected_heading_duty("9903.02.79", 1000, DEAL_DAY, "KR", column1_rate=below).reason
        )

    def test_vector_1_specific_rate(self) -> None:
        # The example of note 2(v)(xix): 50 cents a kilogram on 10 dollars a kilogram are 5 per cent.
        rate = Column1Rate(specific=Decimal("0.50"), quantity=Decimal(1))
        assert duty("9903.02.20", 10, D(2025, 10, 1), "DE", column1_rate=rate) == "1.50"
        assert duty("9903.02.20", 10, D(2025, 10, 1), "DE", column1_rate=rate, ordinary_duty="0.50") == "1.00"
        assert duty("9903.02.20", 0, D(2025, 10, 1), "DE", column1_rate=rate) == "0.00"

    def test_a_split_value_needs_two_lines(self) -> None:
        found = expected_heading_duty("9903.02.20", 100, DEAL_DAY, "DE", us_content=25)
        assert (found.duty, found.reason) == (None, "the parts of the value must stand on lines of their own")


class TestAmounts:
    """What the answer says beside the duty: rate, base and reason."""

    def test_nothing_is_a_rate_of_zero_on_the_whole_value(self) -> None:
        for number, on, facts in (
            ("9903.01.33", D(2025, 7, 1), {}),  # exempts the goods
            ("9903.01.25", D(2025, 7, 1), {"chapter_98": "9813.00.05"}),
            ("9903.01.27", D(2025, 7, 1), {"origin": "CA"}),
            ("9903.01.24", D(2025, 1, 2), {}),  # not yet in force
            ("9903.01.25", D(2025, 7, 1), {"exempt_under": ["9903.01.32"]}),
        ):
            facts = dict(facts)
            origin = facts.pop("origin", "CN")
            amount = expected_heading_duty(number, 1000, on, origin, **facts)
            assert (amount.rate, amount.base, amount.duty) == (0, 1000, 0), number

    def test_a_split_value_has_rate_and_base_but_no_duty(self) -> None:
        # 15 per cent for Japan, 25 per cent of the line US content: two lines are needed.
        amount = expected_heading_duty("9903.02.73", 1000, DEAL_DAY, "JP", us_content=25)
        assert (amount.rate, amount.base, amount.duty) == (15, 750, None)

    def test_what_is_left_out_is_named(self) -> None:
        us = expected_heading_duty("9903.01.25", 1000, D(2025, 7, 1), "VN", us_content=25)
        assert us.reason == "10 per cent of 750, 25 per cent of the value left out as US content"
        metal = expected_heading_duty(
            "9903.01.25", 1000, D(2025, 7, 1), "VN", section_232="metals", metal_content=40
        )
        assert metal.reason == "10 per cent of 600, 40 per cent of the value left out as metal content"

    def test_a_given_column_1_rate_counts_not_what_was_filed(self) -> None:
        # CSMS 66319804: 15 per cent less column 1 at 4, whatever stands on the ordinary row.
        row = expected_heading_duty("9903.02.20", 1000, DEAL_DAY, "DE").heading
        assert row is not None
        goods = read_goods(DEAL_DAY, column1_rate=Column1Rate(Decimal(4)))
        found = row_amount(row, Decimal(1000), goods, Decimal(10))
        assert (found.rate, found.base, found.duty) == (15, 1000, 110)

    def test_the_minute_before_is_told_with_the_duty_of_the_ordinary_row(self) -> None:
        # E.O. 14326: 15 per cent for the EU from 2025-08-07, 10 per cent before 12:01 a.m. of that day.
        found = expected_heading_duty("9903.02.20", 1000, D(2025, 8, 7), "DE", ordinary_duty=25)
        assert found.duty == 125
        assert found.clock_time == (
            "Entered before 12:01 a.m. eastern on 2025-08-07: 0.00, not in force for goods of DE on 2025-08-06.",
        )

    def test_why_a_number_bears_nothing(self) -> None:
        never = expected_heading_duty("9903.01.39", 1000, D(2025, 7, 1), "CN")
        assert never.reason == "a number that never had a rate line for goods of CN on 2025-07-01"
        early = expected_heading_duty("9903.01.24", 1000, D(2025, 1, 2), "CN")
        assert early.reason == "not in force for goods of CN on 2025-01-02"

    def test_a_value_below_zero_names_itself(self) -> None:
        with pytest.raises(FieldError, match="worth is -1, below zero") as caught:
            whole_dollars(-1, "worth")
        assert caught.value.column == "worth"


def test_section_232_took_the_whole_article_out_until_metal_content_was_split_off() -> None:
    # Proclamation 10947: from 2025-06-04 the part that is not metal owes the reciprocal duty.
    effects = [stacking(Section232.METALS, Programme.RECIPROCAL, D(2025, 6, day)) for day in (3, 4)]
    assert [row and row.effect for row in effects] == [Stacking.LIFTED, Stacking.ON_REST]
    # No source speaks of copper before the rule: no answer, rather than the rule of later days.
    copper = stacking(Section232.COPPER, Programme.RECIPROCAL, D(2025, 6, 3))
    assert copper is not None
    assert copper.effect is Stacking.OPEN
    assert [row and row.citation.id for row in effects] == ["cbp-ieepa-faq", "proclamation-10947"]
    assert chapter_98_rule("9802.00.80").citation.id == "htsus-99-2-a"


class TestOtherDays:
    """Goods from a warehouse or a zone: 19 CFR 141.68, 146.65."""

    def test_withdrawal_decides(self) -> None:
        assert duty("9903.01.24", 1000, D(2025, 3, 1), "CN", withdrawn_on=D(2025, 12, 1)) == "100.00"
        assert duty("9903.01.24", 1000, D(2025, 6, 1), "CN") == "200.00"

    def test_privileged_status_keeps_the_rate_of_its_election(self) -> None:
        assert duty("9903.01.24", 1000, D(2026, 3, 1), "CN", privileged_status_on=D(2025, 9, 1)) == "200.00"
        assert duty("9903.01.24", 1000, D(2026, 3, 1), "CN") == "0.00"

    def test_one_of_them_only(self) -> None:
        with pytest.raises(FieldError, match="withdrawn_on and privileged_status_on are both given") as error:
            read_goods(D(2025, 9, 1), withdrawn_on=D(2025, 9, 1), privileged_status_on=D(2025, 9, 1))
        assert error.value.column == "withdrawn_on"

    def test_they_are_dates(self) -> None:
        for name in ("withdrawn_on", "privileged_status_on"):
            with pytest.raises(FieldError, match=rf": {name} is datetime.*, not a date") as error:
                read_goods(D(2025, 9, 1), **{name: eastern("2025-09-01T08:00")})  # type: ignore[misc]  # built by name
            assert error.value.column == name


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"us_content": 101}, "us_content is 101, no share"),
        ({"metal_content": "-1"}, "metal_content is -1, no share"),
        ({"mode": "ship"}, "mode is 'ship'. Use one of vessel, air, truck, rail, other"),
        ({"section_232": "steel"}, "section_232 is 'steel'"),
        ({"usmca": "yes"}, "usmca is 'yes'"),
        ({"energy": 1}, "energy is 1"),
        ({"potash": "no"}, "potash is 'no'"),
        ({"transhipped": 0}, "transhipped is 0"),
        ({"chapter_98": "9903.01.24"}, "chapter_98 is '9903.01.24', no number of chapter 98"),
        ({"exempt_under": "9903.01.32"}, "exempt_under is the text '9903.01.32'"),
        ({"loaded": dt.datetime(2025, 4, 1)}, "loaded is 2025-04-01T00:00:00, a clock time without a zone"),
    ],
)
def test_bad_facts_are_named(facts: dict[str, Any], words: str) -> None:
    with pytest.raises(FieldError) as error:
        expected_duty("9903.01.24", 1000, D(2025, 7, 1), "CN", **facts)
    assert words in str(error.value)
    (name,) = facts
    if name != "loaded":
        assert error.value.column == name
        assert error.value.remedy
    if isinstance(facts[name], str) and name not in ("usmca", "potash", "metal_content"):
        assert error.value.value == facts[name]


def test_bad_arguments_are_named() -> None:
    on = D(2025, 7, 1)
    with pytest.raises(FieldError, match="value is -1, below zero") as error:
        expected_duty("9903.01.24", -1, on, "CN")
    assert error.value.column == "value"
    with pytest.raises(FieldError, match="country is ''") as error:
        expected_duty("9903.01.24", 1, on, "")
    assert (error.value.column, error.value.value) == ("country", "")
    with pytest.raises(FloatMoneyError, match="ordinary_duty is the float"):
        expected_heading_duty("9903.02.20", 1, on, "DE", ordinary_duty=0.5)  # type: ignore[arg-type]  # as above
    with pytest.raises(FloatMoneyError, match="value is the float"):
        expected_duty("9903.01.24", 0.5, on, "CN")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(FloatMoneyError, match="us_content is the float"):
        expected_duty("9903.01.25", 1, on, "VN", us_content=0.25)  # type: ignore[arg-type]  # the point of it
    with pytest.raises(HtsNumberError):
        expected_duty("heading", 1, on, "CN")


def test_goods_are_read_once_and_frozen() -> None:
    goods = read_goods(
        D(2025, 7, 1),
        mode="vessel",
        special_program=" s ",
        exempt_under=["99030132"],
        chapter_98="98020080",
        us_content="12.5",
    )
    assert goods == Goods(
        entered=Moment(D(2025, 7, 1)),
        mode=TransportMode.VESSEL,
        special_program="S",
        usmca=True,
        exempt_under=frozenset({"9903.01.32"}),
        chapter_98="9802.00.80",
        us_content=Decimal("12.5"),
    )
    assert goods.on(D(2025, 7, 2)).day == D(2025, 7, 2)
    with pytest.raises(AttributeError):
        goods.usmca = False  # type: ignore[misc]  # the point of the test


def test_eastern_time_without_the_zone_data_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    from ieeparefund.law import eastern

    def none(_: str) -> None:
        raise eastern.ZoneInfoNotFoundError("no zone data")

    moment = dt.datetime(2025, 11, 10, 5, 1, tzinfo=dt.UTC)
    usual = eastern.read_moment(moment, "entry_date")
    monkeypatch.setattr(eastern, "ZoneInfo", none)
    eastern._eastern.cache_clear()
    try:
        assert eastern.read_moment(moment, "entry_date") == usual
    finally:
        eastern._eastern.cache_clear()
