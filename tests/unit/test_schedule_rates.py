"""Column-1 rates from the published schedule, taken only when asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.errors import FieldError
from ieeparefund.law.duty import ieepa_duty
from ieeparefund.law.schedule_rates import with_schedule_rates
from ieeparefund.refunds.estimate import estimate_refund
from ieeparefund.refunds.portfolio import estimate_portfolio

DAY = dt.date(2025, 10, 1)


def entry(
    *rows: TariffLine,
    country: str = "DE",
    rate: Column1Rate | None = None,
    program: str | None = None,
    day: dt.date = DAY,
) -> Entry:
    return Entry("ABC-1234567-6", "01", day, [EntryLine(1, country, rows, rate, program)])


def filed(
    heading: str, number: str, heading_duty: str = "1500.00", base_duty: str = "0.00"
) -> tuple[TariffLine, ...]:
    return (TariffLine(heading, 0, heading_duty), TariffLine(number, 10000, base_duty))


def test_the_whole_15_on_the_heading_less_the_general_rate() -> None:
    # 8708.10.60 bears 2.5 per cent (HTSUS 2025): 15 % - 2.5 % of 10,000 (CSMS 66319804).
    made = entry(*filed("9903.02.20", "8708106050"))
    plain = ieepa_duty(made)
    assert (plain.low, plain.high) == (Decimal("0.00"), Decimal("1500.00"))
    assert "the schedule lists 2.5% as the general rate of 8708.10.60" in plain.findings[0].explanation
    assert plain.findings[0].explanation.startswith(
        "9903.02.20 is an all-in heading, and its 1,500.00 covers"
    )
    assert plain.findings[0].amount == 1500
    assert ieepa_duty(with_schedule_rates(made)).refundable == Decimal("1250.00")


def test_korea_compares_the_special_rate_where_it_is_claimed() -> None:
    # CSMS 67045953: with SPI KR and a free KORUS rate the whole 15 is IEEPA duty.
    day = dt.date(2025, 12, 10)
    claimed = entry(*filed("9903.02.80", "8708106050"), country="KR", program="KR", day=day)
    assert ieepa_duty(with_schedule_rates(claimed)).refundable == Decimal("1500.00")
    assert (
        "the schedule lists Free as the special rate for KR of 8708.10.60"
        in ieepa_duty(claimed).findings[0].explanation
    )
    general = entry(*filed("9903.02.80", "8708106050"), country="KR", day=day)
    assert ieepa_duty(with_schedule_rates(general)).refundable == Decimal("1250.00")
    # For this sugar, whose general rate is 6 per cent, the schedule names no rate for KR.
    sugar = entry(*filed("9903.02.80", "1701914400"), country="KR", program="KR", day=day)
    assert (
        "the schedule lists none as the special rate for KR of 1701.91.44"
        in ieepa_duty(sugar).findings[0].explanation
    )
    assert with_schedule_rates(sugar) is sugar
    # On the EU's heading the general rate is compared whatever is claimed.
    european = entry(*filed("9903.02.20", "8708106050"), program="KR")
    assert ieepa_duty(with_schedule_rates(european)).refundable == Decimal("1250.00")


def test_a_dollar_on_the_heading_is_duty() -> None:
    made = entry(*filed("9903.02.20", "8708106050", "1.00"))
    assert with_schedule_rates(made).lines[0].column1_rate == Column1Rate(ad_valorem=Decimal("2.5"))


@pytest.mark.parametrize(
    "made",
    [
        entry(*filed("9903.02.20", "8708106050"), rate=Column1Rate()),  # the rate is given
        entry(*filed("9903.02.20", "8708106050", "1250.00", "250.00")),  # split filing style
        entry(*filed("9903.02.69", "8708106050")),  # no all-in heading
        entry(*filed("9903.02.20", "9802008040")),  # no chapter 1-97 number
        entry(*filed("9903.02.20", "0101999999")),  # not in the schedule
        entry(*filed("9903.02.20", "0402215000")),  # specific rate: no quantity on a line
        entry(*filed("9903.02.20", "8708106050"), TariffLine("8471300100", 5, 0)),  # two numbers
        entry(*filed("9903.02.20", "8708106050", "0.00")),  # nothing paid
        entry(*filed("9903.02.20", "8708106050", "-1.00")),  # a correction alone
    ],
)
def test_what_the_schedule_cannot_say_stays(made: Entry) -> None:
    assert with_schedule_rates(made) is made


def test_estimates_take_the_schedule_when_asked_and_say_so() -> None:
    made = entry(*filed("9903.02.20", "8708106050"))
    usual = estimate_refund(made, as_of=dt.date(2026, 5, 15), payee="other")
    assert usual.refundable_duty == 0
    asked = estimate_refund(made, as_of=dt.date(2026, 5, 15), payee="other", column1="schedule")
    assert asked.refundable_duty == Decimal("1250.00")
    assert any("published schedule" in sentence for sentence in asked.assumed)
    assert not any("published schedule" in sentence for sentence in usual.assumed)
    book = estimate_portfolio([made], as_of=dt.date(2026, 5, 15), payee="other", column1="schedule")
    assert book.estimates[0].refundable_duty == Decimal("1250.00")
    with pytest.raises(FieldError, match="column1"):
        estimate_refund(made, as_of=dt.date(2026, 5, 15), payee="other", column1="guess")
