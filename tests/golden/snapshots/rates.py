"""Interest: the rate of each day, growth factors at 18 places, interest in cents, late interest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from tests.golden.snapshots.runs import every_day, runs, table

from ieeparefund.law.interest import interest
from ieeparefund.law.interest_factor import interest_cents, interest_factor
from ieeparefund.law.late_interest import late_refund_interest
from ieeparefund.law.rates import PUBLISHED_RATES

D = dt.date
PAYEES = ("corporation", "other")
LAST = PUBLISHED_RATES.last_day
# Deposits of the IEEPA months, quarter ends and their next days, leap days, and days long before.
STARTS = (
    *(D(2025, month, day) for month in range(2, 13) for day in (4, 18)),
    *(D(2025, 3, 31), D(2025, 6, 30), D(2025, 12, 31), D(2026, 1, 1), D(2026, 2, 23), D(2026, 3, 31)),
    *(D(2016, 3, 31), D(2020, 2, 29), D(2023, 12, 31), D(2024, 2, 28)),
)
ENDS = (
    D(2026, 4, 1),
    D(2026, 5, 1),
    D(2026, 6, 4),
    D(2026, 6, 30),
    D(2026, 7, 1),
    D(2026, 8, 14),
    D(2026, 10, 1),
    LAST,
)
AMOUNTS = (1, 101, 12_345_67, 1_000_000_00, 10**13)


def rates() -> Iterator[str]:
    """Bands from the answers day by day, factors of pairs of days, amounts."""

    def answer(day: dt.date) -> str:
        band = PUBLISHED_RATES.at(day)
        return table(band.underpayment, band.corporation, band.other, band.standing, band.citation, band.note)

    yield "# Rates day by day, in per cent a year: underpayment, overpayment of corporations, of others."
    for span, text in runs(every_day(PUBLISHED_RATES.first_day, LAST), answer):
        yield table(span, text)
    yield ""
    yield "# Growth of a dollar less one, deposit day not counted, last day counted: underpayment, corporation, other."
    for start in sorted(STARTS):
        for end in ENDS:
            if start <= end:
                kinds = ("underpayment", *PAYEES)
                yield table(start, end, *(interest_factor(start, end, kind) for kind in kinds))
    yield ""
    later = PUBLISHED_RATES.projected(D(2028, 12, 31))
    yield "# The same past the table, at the last rates."
    for start in (D(2025, 2, 4), D(2026, 6, 30), LAST):
        for end in (D(2027, 3, 31), D(2028, 2, 29), D(2028, 12, 31)):
            yield table(start, end, *(interest_factor(start, end, payee, later) for payee in PAYEES))
    yield ""
    yield "# Interest in cents on a principal in cents: corporation, other."
    for amount in AMOUNTS:
        for start, end in (
            (D(2025, 2, 19), D(2026, 6, 4)),
            (D(2025, 8, 22), D(2026, 5, 1)),
            (D(2024, 2, 29), LAST),
        ):
            yield table(start, end, amount, *(interest_cents(amount, start, end, payee) for payee in PAYEES))
    yield ""
    yield "# One schedule by quarter: first..last day, days, rate, day basis, interest."
    for payee in PAYEES:
        found = interest(
            Decimal("10000.00"), deposited=D(2025, 2, 19), liquidated=D(2026, 8, 14), payee=payee
        )
        yield table(payee, found.amount, found.factor)
        for part in found.periods:
            yield "    " + table(
                f"{part.first_day}..{part.last_day}",
                part.days,
                part.annual_rate,
                part.day_basis,
                part.interest,
            )
    yield ""
    yield "# Late interest (19 USC 1505(d)) on 10,000.00 of 2026-05-01: paid on, periods, corporation, other."
    for days in (0, 29, 30, 31, 60, 61, 90, 91, 120, 121, 150):
        paid = D(2026, 5, 1) + dt.timedelta(days=days)
        late = [
            late_refund_interest("10000.00", liquidated=D(2026, 5, 1), paid=paid, payee=p) for p in PAYEES
        ]
        yield table(f"day {days}", paid, late[0].period_count, *(each.amount for each in late))
