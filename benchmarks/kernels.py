"""The column kernels against copies of their own inputs and against what else there is.

    python benchmarks/kernels.py [--quick]

Every subject of a group runs in turns in one process over the same columns, and the best of all rounds counts, so
that a busy machine slows them alike. Peers that answer one value at a time run over a part of the rows, as the
table says. Before anything is timed the answers are compared. The last line is JSON.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import time
import warnings
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from ieeparefund.columns import tables
from ieeparefund.columns.facts import CODE_LISTS, FactColumns
from ieeparefund.columns.kernels import share_cents
from ieeparefund.columns.rows import EntryDuty
from ieeparefund.columns.rules import OUTCOMES, compiled_rules
from ieeparefund.columns.tables import day_number, factor_table, to_date, working_days_after
from ieeparefund.entries.codes import Payee
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.growth import PLACE_18
from ieeparefund.law.interest_factor import interest_cents
from ieeparefund.law.rates import PUBLISHED_RATES
from ieeparefund.law.working_days import add_working_days

CHUNK = 32768
DAYS = 10
AS_OF = dt.date(2026, 7, 15)
PAYEE = Payee.CORPORATION
Subject = tuple[Callable[[], object], int]


def race(subjects: dict[str, Subject], rounds: int) -> dict[str, float]:
    """Nanoseconds a row, the best of interleaved rounds."""
    best = dict.fromkeys(subjects, float("inf"))
    for _ in range(rounds):
        for name, (run, rows) in subjects.items():
            started = time.perf_counter()
            run()
            best[name] = min(best[name], (time.perf_counter() - started) / rows * 1e9)
    return best


def chunks(size: int) -> list[slice]:
    return [slice(first, min(first + CHUNK, size)) for first in range(0, size, CHUNK)]


def working_days(size: int, rounds: int) -> dict[str, Any]:
    import holidays
    import pandas as pd
    from workalendar.usa import UnitedStates

    draw = np.random.default_rng(1)
    first, last = day_number(dt.date(2025, 2, 4)), day_number(dt.date(2026, 12, 31))
    days = draw.integers(first, last + 1, size).astype(np.int32)
    stamps = days.astype("datetime64[D]")
    federal = holidays.country_holidays("US", years=range(2024, 2029))
    off = sorted(day for day in federal if day.weekday() < 5)
    calendar = np.busdaycalendar(holidays=np.array(off, "datetime64[D]"))
    kernel, out = working_days_after(DAYS), np.empty(size, np.int32)
    few = min(size, 2000)
    dates = [to_date(day) for day in days[:few]]
    custom = pd.offsets.CustomBusinessDay(DAYS, calendar=calendar)
    index = pd.DatetimeIndex(stamps[:few])
    work = UnitedStates()

    def ours() -> Any:
        for part in chunks(size):
            kernel(days[part], out[part])
        return out

    def numpy_offset() -> Any:
        return np.busday_offset(stamps, DAYS, "backward", busdaycal=calendar)

    def pandas_offset() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pandas warns that it adds one element at a time
            return index + custom

    expected = [add_working_days(day, DAYS) for day in dates]
    assert [to_date(day) for day in ours()[:few]] == expected
    assert numpy_offset()[:few].astype("datetime64[D]").tolist() == expected
    found = race(
        {
            "working days": (ours, size),
            "numpy.busday_offset": (numpy_offset, size),
            "pandas CustomBusinessDay": (pandas_offset, few),
            "holidays get_nth_working_day": (
                lambda: [federal.get_nth_working_day(day, DAYS) for day in dates[:500]],
                min(few, 500),
            ),
            "workalendar add_working_days": (
                lambda: [work.add_working_days(day, DAYS) for day in dates[:500]],
                min(few, 500),
            ),
        },
        rounds,
    )
    return {"ns": found, "times_numpy": found["numpy.busday_offset"] / found["working days"]}


def interest(size: int, rounds: int) -> dict[str, Any]:
    draw = np.random.default_rng(2)
    principal = np.exp(draw.normal(12, 2.5, size)).astype(np.int64)
    deposits = draw.integers(day_number(dt.date(2025, 2, 14)), day_number(dt.date(2026, 3, 10)), size).astype(
        np.int32
    )
    ends = (day_number(AS_OF) + draw.choice([0, 1, 45], size)).astype(np.int32)
    out = np.empty(size, np.int64)
    factors = factor_table(PAYEE, PUBLISHED_RATES)
    floats = factors(deposits, ends) / PLACE_18
    few = min(size, 3000)
    copies = [np.empty_like(column) for column in (principal, deposits, ends)]

    def ours() -> Any:
        for part in chunks(size):
            share_cents(principal[part], factors(deposits[part], ends[part]), out[part])
        return out

    def copy() -> None:
        for target, column in zip(copies, (principal, deposits, ends), strict=True):
            np.copyto(target, column)

    def naive() -> Any:
        # The usual spreadsheet: dollars and factor as floats, rounded to cents.
        return np.round(principal / 100 * floats, 2)

    def decimals() -> list[Decimal]:
        cent = Decimal("0.01")
        return [
            (Decimal(money).scaleb(-2) * Decimal(factor).scaleb(-18)).quantize(cent, ROUND_HALF_UP)
            for money, factor in zip(money_few, factor_few, strict=True)
        ]

    money_few = principal[:few].tolist()
    factor_few = factors(deposits[:few], ends[:few]).tolist()
    exact = ours().copy()
    assert exact[:few].tolist() == [
        interest_cents(money, to_date(start), to_date(end), PAYEE)
        for money, start, end in zip(money_few, deposits[:few], ends[:few], strict=True)
    ]
    assert [int(amount.scaleb(2)) for amount in decimals()] == exact[:few].tolist()
    wrong = int(np.count_nonzero(np.rint(naive() * 100).astype(np.int64) != exact))
    tied, tied_wrong = near_ties(factors, 8 * size)
    found = race(
        {
            "interest": (ours, size),
            "copy of its inputs": (copy, size),
            "naive floats, factors given": (naive, size),
            "Decimal loop, factors given": (decimals, few),
        },
        rounds,
    )
    return {
        "ns": found,
        "times_copy": found["interest"] / found["copy of its inputs"],
        "float_rows": size,
        "float_wrong_cents": wrong,
        "float_rows_near_half_a_cent": tied,
        "float_wrong_cents_near_half_a_cent": tied_wrong,
    }


def near_ties(factors: Any, tries: int) -> tuple[int, int]:
    """Amounts whose interest lies within 10**-6 of half a cent, and for how many of them floats are wrong.

    About one amount in half a million does; they are picked out of `tries` random ones.
    """
    start, end = np.int32(day_number(dt.date(2025, 4, 15))), np.int32(day_number(dt.date(2026, 6, 8)))
    factor = factors(np.array([start]), np.array([end]))
    draw = np.random.default_rng(3)
    near = wrong = 0
    for _ in range(0, tries, 1 << 20):
        principal = draw.integers(10**9, 10**13, 1 << 20)
        exact = share_cents(principal, np.broadcast_to(factor, principal.shape))
        # The remainder of the rounded quotient, exact modulo 2**64 and small.
        rest = principal * factor - exact * np.int64(PLACE_18)
        close = np.flatnonzero(np.abs(np.abs(rest) - PLACE_18 // 2) < 10**12)
        floats = np.round(principal[close] / 100 * (factor / PLACE_18), 2)
        near += len(close)
        wrong += int(np.count_nonzero(np.rint(floats * 100).astype(np.int64) != exact[close]))
    return near, wrong


def rules(size: int, rounds: int) -> dict[str, Any]:
    draw = np.random.default_rng(4)
    on = day_number(AS_OF)
    flags = (
        "reconciliation_flagged",
        "reconciliation_filed",
        "on_drawback_claim",
        "paid_by_surety",
        "in_ace",
    )
    entered = draw.integers(on - 500, on - 130, size).astype(np.int32)
    columns: dict[str, Any] = {
        "entry_date": entered,
        "liquidation_date": (entered + 320) * (draw.random(size) < 0.8).astype(np.int32),
        "reliquidation_date": np.zeros(size, np.int32),
        "reconciliation_due": (entered + 640) * (draw.random(size) < 0.1).astype(np.int32),
        "cape_accepted_on": np.int32(on - 20) * (draw.random(size) < 0.05).astype(np.int32),
    }
    for name, known in CODE_LISTS.items():
        least = int(name == "entry_type")
        columns[name] = draw.integers(least, len(known) + 1, size).astype(np.uint8)
    for name in (*flags, "correction_pending", "statement_paid"):
        columns[name] = draw.integers(0, 3, size).astype(np.uint8)
    truth = {
        name: draw.random(size) < 0.5
        for name in ("any_ieepa", "blank", "exempt_duty", "value_on", "out_of_dates")
    }
    cents = draw.integers(-100, 10**7, size)
    duty = EntryDuty(
        cents, cents, cents, cents,
        truth["any_ieepa"], truth["blank"], truth["exempt_duty"], truth["value_on"],
        draw.integers(0, 3, size).astype(np.uint8), truth["out_of_dates"], np.zeros(size, np.uint8),
    )  # fmt: skip
    compiled = compiled_rules(AS_OF)
    inputs = [*columns.values(), cents, duty.value_off, *truth.values()]
    copies = [np.empty_like(column) for column in inputs]
    parts = [
        (
            {name: column[part] for name, column in columns.items()},
            EntryDuty(*(getattr(duty, name)[part] for name in EntryDuty.__slots__)),
            part,
        )
        for part in chunks(size)
    ]
    out = np.empty(size, np.uint8)

    def ours() -> Any:
        for mine, own, part in parts:
            out[part] = compiled.outcomes(FactColumns(mine, own, AS_OF).code, len(own.paid))
        return out

    def copy() -> None:
        for target, column in zip(copies, inputs, strict=True):
            np.copyto(target, column)

    counts = np.bincount(ours(), minlength=len(OUTCOMES))
    assert counts[OUTCOMES.index(Outcome.REJECTED)] > 0
    found = race({"whole rules": (ours, size), "copy of its inputs": (copy, size)}, rounds)
    return {
        "ns": found,
        "times_copy": found["whole rules"] / found["copy of its inputs"],
        "bytes_a_row": sum(column.itemsize for column in inputs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    quick = parser.parse_args().quick
    size, rounds = (1 << 17, 3) if quick else (1 << 22, 15)
    tables.next_working_days()
    found = {
        "working_days": working_days(size, rounds),
        "interest": interest(size, rounds),
        "rules": rules(size, rounds),
    }
    for name, group in found.items():
        for subject, nanoseconds in group["ns"].items():
            print(f"{name:14}{subject:34}{nanoseconds:12.2f} ns a row")
    targets = {
        "working days, times faster than numpy": (found["working_days"]["times_numpy"], ">=", 15),
        "interest, times a copy": (found["interest"]["times_copy"], "<=", 15),
        "whole rules, times a copy": (found["rules"]["times_copy"], "<=", 6),
    }
    for name, (value, sign, target) in targets.items():
        print(f"{name:42}{value:8.2f}  target {sign} {target}")
    machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "numpy": np.__version__}
    machine["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps({"rows": size, "rounds": rounds, "quick": quick, **machine, **found}))


if __name__ == "__main__":
    main()
