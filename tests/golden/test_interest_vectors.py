"""Interest as others have published it, and the table of rates as it was collected.

The vectors of interest: those of origin `outside` are worked examples of the Treasury (26 CFR 301.6622-1), of the
Department of Labor (Rev. Proc. 95-17 factors) and of others; those `computed` were computed day by day from
the collected rates. `data/cbp_interest_rates.csv`: the collected rates, with their sources.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests import oracles

from ieeparefund.law.interest import interest, interest_factor
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import round_to_cents
from ieeparefund.testing import InterestVector, vectors


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize("case", vectors().interest, ids=lambda case: case.id)
def test_vector(case: InterestVector) -> None:
    rates = PUBLISHED_RATES
    if case.fixed_rate is not None:
        rates = RateTable.flat(case.fixed_rate, case.deposited + dt.timedelta(days=1), case.liquidated)
    found = interest(
        case.principal,
        deposited=case.deposited,
        liquidated=case.liquidated,
        payee=case.payee or "corporation",
        rates=rates,
    )
    assert found.amount == case.expected
    assert sum(period.interest for period in found.periods) == found.amount


def test_every_vector_is_here() -> None:
    # 9 worked examples of authorities and tools, 10 public cases, 8 computed day by day.
    origins = [case.origin for case in vectors().interest]
    assert (origins.count("outside"), origins.count("computed")) == (19, 8)


def test_the_payment_date_is_not_the_end() -> None:
    # Case 1 run on to the day of payment gives the wrong 573.03 of the same source.
    wrong = interest(
        "10000.00", deposited=_day("2025-04-15"), liquidated=_day("2026-03-20"), payee="corporation"
    )
    assert wrong.amount == Decimal("573.03")


def test_factor_of_the_treasury_example() -> None:
    # 26 CFR 301.6622-1(c)(2): 60 days at 16 per cent on 1,424.66 make 37.96.
    factor = interest_factor(_day("1982-12-31"), _day("1983-03-01"), "other")
    assert round_to_cents(Decimal("1424.66") * factor) == Decimal("37.96")


def test_factor_of_revenue_procedure_95_17() -> None:
    # Table 63: five days at 5 per cent in a leap year, printed to nine places.
    factor = interest_factor(_day("2004-09-30"), _day("2004-10-05"), "other")
    assert round(factor, 9) == Decimal("0.000683247")


def test_the_shipped_rates_are_those_collected() -> None:
    collected = [
        (
            _day(row["begin"]),
            _day(row["end"]),
            Decimal(row["underpayment_pct"]),
            Decimal(row["overpayment_corporate_pct"]),
            Decimal(row["overpayment_noncorporate_pct"]),
            row["status"],
        )
        for row in oracles.rate_rows()
    ]
    shipped = [
        (band.first_day, band.last_day, band.underpayment, band.corporation, band.other, band.standing.value)
        for band in PUBLISHED_RATES.bands
    ]
    assert shipped == collected
    assert len(shipped) == 71


def test_every_band_keeps_the_citations_collected() -> None:
    # The document numbers of each source are all in the citation of the band.
    for row, band in zip(oracles.rate_rows(), PUBLISHED_RATES.bands, strict=True):
        for part in ("FR Doc. ", "Rev. Rul. ", "IR-", "IRB "):
            if part in row["source"]:
                number = row["source"].split(part, 1)[1].split()[0].rstrip(";,)")
                assert f"{part}{number}" in band.citation.text, band
