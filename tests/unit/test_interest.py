"""Interest: amounts, schedule, words, errors."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from dataclasses import FrozenInstanceError
from decimal import Decimal, localcontext
from typing import Any

import pytest
from tests import oracles

from ieeparefund.entries.codes import Payee
from ieeparefund.errors import CoverageError, FieldError, FloatMoneyError, RateNotPublishedError
from ieeparefund.law.citations import Standing
from ieeparefund.law.interest import Interest, interest, interest_cents, interest_factor
from ieeparefund.law.rate_bands import RateClass
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable

D = dt.date


def accrued(principal: Any = "10000.00", **changes: Any) -> Interest:
    # The published case of an association of importers: 314 days, 529.67.
    arguments = {"deposited": D(2025, 4, 15), "liquidated": D(2026, 2, 23), "payee": "corporation", **changes}
    return interest(principal, **arguments)


def test_result_keeps_its_inputs() -> None:
    found = accrued()
    assert (found.principal, found.deposited, found.liquidated) == (
        Decimal("10000.00"),
        D(2025, 4, 15),
        D(2026, 2, 23),
    )
    assert (found.payee, found.amount, found.days) == (Payee.CORPORATION, Decimal("529.67"), 314)
    assert found.rates is PUBLISHED_RATES
    assert found.factor == interest_factor(D(2025, 4, 15), D(2026, 2, 23), Payee.CORPORATION)
    assert found.factor.as_tuple().exponent == -18
    with pytest.raises(FrozenInstanceError):
        found.amount = Decimal(1)  # type: ignore[misc]  # that it is refused is the case tested


@pytest.mark.parametrize(
    "principal", [10000, "10000", "10000.00", Decimal(10000), Decimal("1E+4"), Decimal("10000.0000")]
)
def test_principal_in_any_exact_form(principal: Any) -> None:
    assert accrued(principal).amount == Decimal("529.67")
    assert "Principal 10,000.00;" in accrued(principal).explain()


def test_part_cents_are_carried() -> None:
    # 0.0002 a day: 25.00 makes exactly half a cent, which rounds up; a millionth less does not.
    rates = RateTable.flat("7.3", D(2025, 1, 2), D(2025, 12, 31))
    day = {"deposited": D(2025, 1, 1), "liquidated": D(2025, 1, 2), "rates": rates}
    assert accrued("25.00", **day).amount == Decimal("0.01")
    assert accrued("24.999999", **day).amount == Decimal("0.00")
    assert accrued("24.999999", **day).periods[0].balance == Decimal("24.999999")
    assert "Principal 24.999999;" in accrued("24.999999", **day).explain()
    assert interest_cents(2500, D(2025, 1, 1), D(2025, 1, 2), "other", rates) == 1
    assert interest_cents(2499, D(2025, 1, 1), D(2025, 1, 2), "other", rates) == 0


def test_cents_and_dollars_agree() -> None:
    assert interest_cents(1000000, D(2025, 4, 15), D(2026, 2, 23), Payee.CORPORATION) == 52967
    assert interest_cents(1000000, D(2025, 4, 15), D(2026, 2, 23), "corporation") == 52967
    assert interest_cents(5000000, D(2025, 6, 20), D(2026, 2, 20), RateClass.OTHER) == 240515


def test_underpayment_rate_is_within_reach() -> None:
    # 1987: underpayments at 9, overpayments at 8 per cent (FR Doc. 2024-21785).
    factor = interest_factor(D(1986, 12, 31), D(1987, 1, 1), RateClass.UNDERPAYMENT)
    assert factor == round(Decimal(9) / 36500, 18)
    assert interest_cents(36500000, D(1986, 12, 31), D(1987, 1, 1), "underpayment") == 9000


def test_the_deposit_day_is_not_counted_and_the_last_day_is() -> None:
    # 2026-03-31 is the last day at 6 per cent, 2026-04-01 the first at 5.
    assert accrued(36500, deposited=D(2026, 3, 30), liquidated=D(2026, 3, 31)).amount == 6
    assert accrued(36500, deposited=D(2026, 3, 31), liquidated=D(2026, 4, 1)).amount == 5


def test_first_day_that_compounds() -> None:
    assert accrued(36500, deposited=D(1982, 12, 31), liquidated=D(1983, 1, 1)).amount == 16
    with pytest.raises(CoverageError, match=r"1982-12-30.*simple.*Pass the balance of 1982-12-31"):
        accrued(deposited=D(1982, 12, 30), liquidated=D(1983, 1, 1))
    with pytest.raises(CoverageError, match="1980-01-01"):
        interest_cents(1, D(1980, 1, 1), D(1980, 1, 1), "other")


def test_past_the_last_rate() -> None:
    with pytest.raises(RateNotPublishedError, match=r"2026-12-31.*2027-01-01.*projected"):
        accrued(liquidated=D(2027, 1, 1))
    with pytest.raises(RateNotPublishedError, match="2027-01-02"):
        accrued(deposited=D(2027, 1, 1), liquidated=D(2027, 1, 5))
    flat = RateTable.flat(6, D(2025, 1, 1), D(2025, 12, 31))
    with pytest.raises(RateNotPublishedError, match="2024-12-31"):
        interest_cents(1, D(2024, 12, 30), D(2025, 1, 5), "other", flat)
    assert accrued(liquidated=D(2026, 12, 31)).amount > 0
    # From the first day that compounds it is the missing rate that is named, not the simple interest before.
    with pytest.raises(RateNotPublishedError, match="2027-01-01"):
        accrued(deposited=D(1982, 12, 31), liquidated=D(2027, 1, 1))


@pytest.mark.parametrize(
    "day", [D(1982, 12, 31), D(2025, 7, 1), D(2026, 12, 31), D(2027, 5, 1), D(9999, 12, 31)]
)
def test_no_days_no_interest(day: dt.date) -> None:
    found = accrued(deposited=day, liquidated=day)
    assert (found.amount, found.factor, found.periods) == (Decimal("0.00"), Decimal(0), ())
    assert (found.standing, found.inferred, found.projected) == (Standing.PUBLISHED, 0, 0)
    assert ": 0 days (" in found.explain()
    assert str(found.amount) == "0.00"


def test_dates_out_of_order() -> None:
    with pytest.raises(FieldError, match=r"liquidated, 2025-04-14, is before deposited, 2025-04-15"):
        accrued(liquidated=D(2025, 4, 14))
    with pytest.raises(FieldError, match="before deposited"):
        interest_cents(1, D(2027, 4, 15), D(2027, 4, 14), "other")


@pytest.mark.parametrize("name", ["deposited", "liquidated"])
@pytest.mark.parametrize("day", [dt.datetime(2025, 12, 1, tzinfo=dt.UTC), "2025-12-01", None])
def test_dates_must_be_dates(name: str, day: Any) -> None:
    dates: dict[str, Any] = {"deposited": D(2025, 4, 15), "liquidated": D(2026, 2, 23), name: day}
    with pytest.raises(FieldError, match=f"{name} is"):
        interest(1, **dates, payee="other")
    with pytest.raises(FieldError, match=f"{name} is"):
        interest_cents(1, **dates, payee="other")
    with pytest.raises(FieldError, match=f"{name} is"):
        interest_factor(**dates, payee="other")


def test_a_subclass_of_date_is_a_date() -> None:
    class Day(dt.date):
        pass

    assert accrued(deposited=Day(2025, 4, 15)).amount == Decimal("529.67")
    assert interest_cents(1000000, Day(2025, 4, 15), D(2026, 2, 23), "corporation") == 52967


def test_principals_that_are_none() -> None:
    with pytest.raises(FloatMoneyError, match="principal is the float"):
        accrued(10000.0)
    with pytest.raises(FieldError, match=r"principal is -0\.01, below zero"):
        accrued("-0.01")
    with pytest.raises(FieldError, match="not an amount"):
        accrued("ten")
    with pytest.raises(TypeError, match="principal is a NoneType"):
        accrued(None)


@pytest.mark.parametrize("cents", [-1, 1.0, True, "100", Decimal(1), None])
def test_cents_must_be_whole(cents: Any) -> None:
    with pytest.raises(FieldError, match="principal_cents is"):
        interest_cents(cents, D(2025, 4, 15), D(2026, 2, 23), "other")


@pytest.mark.parametrize("payee", ["llc", "", None, "underpayment"])
def test_payee_has_no_default(payee: Any) -> None:
    with pytest.raises(FieldError, match=r"payee is .*no default"):
        accrued(payee=payee)
    with pytest.raises(TypeError, match="payee"):
        interest(1, deposited=D(2025, 4, 15), liquidated=D(2026, 2, 23))  # type: ignore[call-arg]  # as tested


def test_kernels_refuse_an_unknown_class() -> None:
    with pytest.raises(FieldError, match="payee is 'llc'"):
        interest_cents(1, D(2025, 4, 15), D(2026, 2, 23), "llc")


def test_periods_across_bands() -> None:
    found = accrued()
    assert [(p.first_day, p.last_day, p.days, p.annual_rate, p.day_basis) for p in found.periods] == [
        (D(2025, 4, 16), D(2025, 6, 30), 76, 6, 365),
        (D(2025, 7, 1), D(2025, 9, 30), 92, 6, 365),
        (D(2025, 10, 1), D(2025, 12, 31), 92, 6, 365),
        (D(2026, 1, 1), D(2026, 2, 23), 54, 6, 365),
    ]
    assert [p.interest for p in found.periods] == [
        Decimal(t) for t in ("125.70", "154.29", "156.64", "93.04")
    ]
    assert [p.balance for p in found.periods][-1] == Decimal("10529.67")
    assert found.periods[0].citation.id == "fr-2025-07451"
    assert {p.standing for p in found.periods} == {Standing.PUBLISHED}


def test_periods_split_where_the_year_changes_length() -> None:
    # A blog's example by the IRS factor tables: 366 in 2016 only, 1,175.72 in all.
    found = accrued(12250, deposited=D(2015, 4, 15), liquidated=D(2017, 10, 26), payee="other")
    assert found.amount == Decimal("1175.72")
    assert [(p.first_day, p.annual_rate, p.day_basis) for p in found.periods] == [
        (D(2015, 4, 16), 3, 365),
        (D(2016, 1, 1), 3, 366),
        (D(2016, 4, 1), 4, 366),
        (D(2017, 1, 1), 4, 365),
    ]


def test_standing_and_the_parts_behind_it() -> None:
    table = PUBLISHED_RATES.projected(D(2027, 3, 31))
    published = accrued(liquidated=D(2026, 6, 30), rates=table)
    assert (published.standing, published.inferred, published.projected) == (Standing.PUBLISHED, 0, 0)
    inferred = accrued(liquidated=D(2026, 7, 1), rates=table)
    assert inferred.standing is Standing.INFERRED
    assert (inferred.inferred, inferred.projected) == (inferred.amount - published.amount, 0)
    projected = accrued(liquidated=D(2027, 1, 31), rates=table)
    assert projected.standing is Standing.PROJECTED
    assert projected.inferred + projected.projected + published.amount == projected.amount
    assert projected.projected == sum(
        p.interest for p in projected.periods if p.standing is Standing.PROJECTED
    )
    assert projected.projected > 0


def test_the_rate_of_the_deposit_day_has_no_part_in_it() -> None:
    # The first quarter is assumed, the second published; the deposit falls on the last day of the first.
    table = RateTable.flat(7, D(2025, 1, 1), D(2025, 3, 31)).with_rate(
        D(2025, 4, 1), D(2025, 6, 30), corporation=6, other=7, citation="FR Doc. 2025-07451"
    )
    found = accrued(deposited=D(2025, 3, 31), liquidated=D(2025, 4, 30), rates=table)
    assert (found.standing, found.projected, found.days) == (Standing.PUBLISHED, 0, 30)
    earlier = accrued(deposited=D(2025, 3, 30), liquidated=D(2025, 4, 30), rates=table)
    assert earlier.standing is Standing.PROJECTED
    assert earlier.projected == Decimal("1.92")  # 10,000 at 7 / 36500 for one day


def test_a_projected_deposit_is_projected_alone() -> None:
    table = PUBLISHED_RATES.projected(D(2027, 3, 31))
    found = accrued(deposited=D(2027, 1, 5), liquidated=D(2027, 2, 5), rates=table)
    assert found.projected == found.amount > 0


def test_explain() -> None:
    text = accrued().explain()
    units = oracles.factor_units(D(2025, 4, 15), D(2026, 2, 23), oracles.published("corporation"))
    lines = text.splitlines()
    assert [line.split(".", 1)[0] for line in lines] == [str(n) for n in range(1, 8)]
    assert "314 days" in lines[1]
    assert "19 U.S.C. 1505(c)" in lines[1]
    assert lines[2] == (
        "3. 2025-04-16 to 2025-06-30: 76 days at 6 % / 365 add 125.70, balance 10,125.70 "
        "(FR Doc. 2025-07451 (Apr. 30, 2025); IRB 2025-13; published)."
    )
    assert f"the factor is 0.{units:018d} (26 U.S.C. 6622" in lines[-1]
    assert lines[-1].endswith("is 529.67.")


def test_explain_names_what_is_not_published() -> None:
    table = PUBLISHED_RATES.projected(D(2027, 3, 31))
    found = accrued(liquidated=D(2027, 1, 31), rates=table)
    lines = found.explain().splitlines()
    assert f"{found.inferred:,.2f} rests on inferred rates" in lines[-2]
    assert f"{found.projected:,.2f} rests on projected rates" in lines[-1]


def test_explain_of_nothing_shows_the_factor_in_full() -> None:
    assert "0.000000000000000000" in accrued(deposited=D(2026, 1, 1), liquidated=D(2026, 1, 1)).explain()


def test_results_compare_and_travel() -> None:
    assert accrued() == accrued(10000)
    assert accrued() != accrued(10001)
    assert len({accrued(), accrued()}) == 1
    assert pickle.loads(pickle.dumps(accrued())) == accrued()
    assert copy.deepcopy(accrued()) == accrued()


def test_largest_principal() -> None:
    deposited, liquidated = D(1982, 12, 31), D(2026, 12, 31)
    found = accrued(Decimal(10) ** 13, deposited=deposited, liquidated=liquidated, payee="other")
    assert found.amount * 100 == oracles.interest_cents(10**15, deposited, liquidated, "other")


@pytest.mark.parametrize(
    ("changes", "column", "shown"),
    [
        ({"principal": "-0.01"}, "principal", "-0.01"),
        ({"deposited": "2025-04-15"}, "deposited", "2025-04-15"),
        ({"liquidated": dt.datetime(2026, 2, 23)}, "liquidated", "2026-02-23 00:00:00"),
        ({"liquidated": D(2025, 4, 14)}, "liquidated", "2025-04-14"),
        ({"payee": "llc"}, "payee", "llc"),
    ],
)
def test_a_refusal_names_column_value_and_remedy(changes: dict[str, Any], column: str, shown: str) -> None:
    with pytest.raises(FieldError) as caught:
        accrued(**changes)
    assert (caught.value.column, caught.value.value) == (column, shown)
    assert column in caught.value.problem
    assert caught.value.remedy


def test_refusals_of_the_kernel_name_column_value_and_remedy() -> None:
    with pytest.raises(FieldError) as caught:
        interest_cents(-5, D(2025, 4, 15), D(2026, 2, 23), "other")
    assert (caught.value.column, caught.value.value) == ("principal_cents", "-5")
    assert caught.value.remedy
    with pytest.raises(FieldError, match="'corporation' or 'other'"):
        accrued(payee="llc")
    assert interest_cents(0, D(2025, 4, 15), D(2026, 2, 23), "other") == 0
    assert accrued(0).amount == 0


def test_nothing_accrues_on_one_day_and_half_a_unit_rounds_up() -> None:
    # At 7.3 per cent a day adds 0.0002: 2,500 cents make half a cent.
    rates = RateTable.flat("7.3", D(2025, 1, 2), D(2025, 12, 31))
    assert interest_factor(D(2025, 1, 1), D(2025, 1, 2), "other", rates) == Decimal("0.0002")
    assert str(interest_factor(D(2025, 1, 1), D(2025, 1, 1), "other", rates)) == "0E-18"


def test_the_callers_decimal_context_changes_no_figure() -> None:
    usual = accrued("12345.67")
    with localcontext(prec=3):
        found = accrued("12345.67")
        assert (found.amount, found.factor, found.periods) == (usual.amount, usual.factor, usual.periods)
        assert found.explain() == usual.explain()


def test_the_first_line_tells_principal_and_payee() -> None:
    first = accrued("1234567.5", payee="other").explain().splitlines()[0]
    assert first == "1. Principal 1,234,567.50; payee class: other."


def test_before_the_table_the_missing_day_is_the_one_after_the_deposit() -> None:
    flat = RateTable.flat(6, D(2025, 1, 1), D(2025, 12, 31))
    assert interest_cents(36500, D(2024, 12, 31), D(2025, 1, 1), "other", flat) == 6
    for call in (interest_cents, lambda _, *span: interest_factor(*span)):
        with pytest.raises(RateNotPublishedError, match="not for 2026-01-02"):
            call(1, D(2026, 1, 1), D(2026, 3, 1), "other", flat)
        with pytest.raises(RateNotPublishedError, match="not for 2026-03-01"):
            call(1, D(2025, 12, 31) - dt.timedelta(days=1), D(2026, 3, 1), "other", flat)
