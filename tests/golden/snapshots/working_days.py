"""The days off of four years, the closing orders, and the working days deadlines are counted in."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator

from tests.golden.snapshots.runs import every_day, table

from ieeparefund.law.citations import table_text
from ieeparefund.law.working_days import is_working_day, nth_working_day

D = dt.date
YEARS = range(2025, 2029)


def working_days() -> Iterator[str]:
    """Weekdays off with the holiday, closing orders, the 1st, 10th and 15th working day of each month."""
    names = {row["day"]: row for row in csv.DictReader(table_text("national_holidays.csv").splitlines())}
    yield "# Weekdays that are not customs working days: the holiday, its own date, the source."
    for year in YEARS:
        for day in every_day(D(year, 1, 1), D(year, 12, 31)):
            if day.weekday() < 5 and not is_working_day(day):
                row = names[str(day)]
                yield table(f"{day:%Y-%m-%d %a}", row["holiday"], row["date"], row["source"])
    yield ""
    yield "# Closing orders: whole days are off with closures=True only."
    for row in csv.DictReader(table_text("executive_order_closures.csv").splitlines()):
        day = D.fromisoformat(row["day"])
        yield table(
            f"{day:%Y-%m-%d %a}",
            row["closed"],
            "off" if not is_working_day(day, closures=True) else "working day",
            row["order"],
            row["occasion"],
        )
    yield ""
    yield "# The 1st, 10th and 15th working day of each month; behind the stroke with the closing orders off."
    for year in YEARS:
        for month in range(1, 13):
            yield table(
                f"{year}-{month:02}",
                *(
                    f"{nth_working_day(year, month, n)}/{nth_working_day(year, month, n, closures=True)}"
                    for n in (1, 10, 15)
                ),
            )
