"""Interest as others have published it, and the table of rates as it was collected.

`data/interest.csv`: rows of origin `outside` are worked examples of the Treasury (26 CFR 301.6622-1), of the
Department of Labor (Rev. Proc. 95-17 factors) and of others; rows `computed` were computed day by day from
the collected rates. `data/cbp_interest_rates.csv`: the collected rates, with their sources.
"""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal

import pytest
from tests import oracles

from ieeparefund.law.interest import interest, interest_factor
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.money import round_to_cents


def _vectors() -> list[dict[str, str]]:
    with (oracles.DATA / "interest.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    "row", _vectors(), ids=lambda row: f"{row['principal']}-{row['deposited']}-{row['payee']}"
)
def test_vector(row: dict[str, str]) -> None:
    deposited, liquidated = _day(row["deposited"]), _day(row["liquidated"])
    rates = PUBLISHED_RATES
    if row["fixed_rate_pct"]:
        rates = RateTable.flat(row["fixed_rate_pct"], deposited + dt.timedelta(days=1), liquidated)
    found = interest(
        row["principal"],
        deposited=deposited,
        liquidated=liquidated,
        payee=row["payee"] or "corporation",
        rates=rates,
    )
    assert found.amount == Decimal(row["expected_interest"])
    assert sum(period.interest for period in found.periods) == found.amount


def test_every_vector_is_here() -> None:
    origins = [row["origin"] for row in _vectors()]
    assert (origins.count("outside"), origins.count("computed")) == (9, 8)


# Published cases: an association's accounting question; a consulting blog against a refund guide; the method
# page of another tool; CBP's notice of 2025-09-26 as reported; a guide's reconciliation example.
@pytest.mark.parametrize(
    ("principal", "deposited", "liquidated", "payee", "expected"),
    [
        ("10000.00", "2025-04-15", "2026-02-23", "corporation", "529.67"),
        ("250000.00", "2025-04-22", "2026-01-30", "corporation", "11903.90"),
        ("100000.00", "2025-06-20", "2026-03-27", "corporation", "4709.91"),
        ("1000000.00", "2025-06-30", "2025-07-01", "corporation", "164.38"),
        ("10000.00", "2025-07-01", "2026-01-01", "corporation", "307.06"),
        ("10000.00", "2025-07-01", "2026-01-01", "other", "359.14"),
        ("50000.00", "2025-06-23", "2026-02-20", "corporation", "2028.96"),
        ("50000.00", "2025-05-12", "2026-02-20", "corporation", "2389.39"),
        ("50000.00", "2025-06-20", "2026-02-20", "corporation", "2054.63"),
        ("50000.00", "2025-06-20", "2026-02-20", "other", "2405.15"),
    ],
)
def test_anchor(principal: str, deposited: str, liquidated: str, payee: str, expected: str) -> None:
    found = interest(principal, deposited=_day(deposited), liquidated=_day(liquidated), payee=payee)
    assert found.amount == Decimal(expected)


def test_the_payment_date_is_not_the_end() -> None:
    # The first anchor run on to the day of payment gives the wrong 573.03 of the same source.
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
