"""A made-up caseload of any size, the same at every run: entries and their tariff rows, to two Parquet files.

    python benchmarks/generate.py DIRECTORY --entries N [--seed S]

The entries are invented. Headings, rates and days are those of the tables: each line carries the headings its
country had on the entry date, duty is value times rate, and a few entries in a thousand have the faults that real
files have (blank duty, duty on an exemption, a value on a chapter 99 number, a correction below zero). Blocks of
131,072 entries are drawn with a generator of their own each, so the size of the caseload changes no entry.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ieeparefund.columns.schema import ENTRY_SCHEMA, TARIFF_SCHEMA
from ieeparefund.columns.tables import day_number
from ieeparefund.entries.entry_number import entry_check_digit
from ieeparefund.law.column1 import _table as column1_table
from ieeparefund.law.heading_table import HeadingKind, Programme
from ieeparefund.law.headings import country_headings

BLOCK = 131072
FIRST, LAST = dt.date(2025, 2, 4), dt.date(2026, 2, 23)
AS_OF = dt.date(2026, 7, 15)
COUNTRIES = {
    "CN": 0.28, "VN": 0.09, "MX": 0.08, "CA": 0.08, "DE": 0.06, "JP": 0.07, "KR": 0.05, "IN": 0.06, "IT": 0.05,
    "TW": 0.04, "TH": 0.04, "FR": 0.03, "BR": 0.02, "GB": 0.02, "CH": 0.01, "ID": 0.02,
}  # fmt: skip
TYPES = {
    "01": 0.80,
    "11": 0.11,
    "03": 0.03,
    "06": 0.025,
    "02": 0.01,
    "31": 0.01,
    "21": 0.005,
    "23": 0.005,
    "09": 0.005,
}
PROGRAMMES = (
    Programme.CHINA_FENTANYL,
    Programme.MEXICO_FENTANYL,
    Programme.CANADA_FENTANYL,
    Programme.RECIPROCAL,
)
OTHERS = ("9903.88.03", "9903.88.15", "9903.81.91", "9903.94.05", "9903.03.01")
EXEMPTIONS = ("9903.01.33", "9903.01.32")
ORDINARY = 2000
ALL_IN_BASIS_POINTS = 1500
ENTRY_COLUMNS_LEFT_OUT = ("payee",)
TARIFF_COLUMNS_LEFT_OUT = ("column1_rate",)


def filer(block: int) -> str:
    """A filer code for each run of blocks; letters and digits, none special."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    place = block // 64
    return f"{letters[place % 23]}{letters[place // 23 % 23]}{1 + place // 529 % 9}"


def entry_numbers(block: int, count: int) -> pa.Array:
    """Entry numbers in a row, with their check digits."""
    code = filer(block)
    serial = np.arange(count) + (block % 64) * BLOCK
    digits = np.empty((count, 11), np.uint8)
    digits[:, :3] = np.frombuffer(code.encode(), np.uint8)
    # What the filer code adds to the sum, by the check digit it has with a serial of nothing but zeros.
    total = np.full(count, -entry_check_digit(code + "0000000"))
    for place in range(3, 10):
        value = serial // 10 ** (9 - place) % 10
        digits[:, place] = value + ord("0")
        if place % 2:
            value = np.where(value > 4, value * 2 - 9, value * 2)
        total += value
    digits[:, 10] = -total % 10 + ord("0")
    offsets = np.arange(0, 11 * count + 1, 11, dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(digits)])


@cache
def duty_headings() -> tuple[Any, list[str], Any, Any, Any]:
    """By country, programme and day: the place of the heading (-1 none) in a list, its rate in basis points, whether
    it is all-in, and the place of its twin for goods whose ordinary rate is 15 per cent or more.
    """
    numbers: dict[str, int] = {}
    days = (LAST - FIRST).days + 1
    places = np.full((len(COUNTRIES), 2, days), -1, np.int32)
    rates = np.zeros((len(COUNTRIES), 2, days), np.int64)
    capped = np.zeros((len(COUNTRIES), 2, days), np.bool_)
    twins = places.copy()
    for row, country in enumerate(COUNTRIES):
        for day in range(days):
            date = FIRST + dt.timedelta(days=day)
            for programme in PROGRAMMES:
                for heading in country_headings(country, date, programme):
                    slot = int(programme is Programme.RECIPROCAL)
                    if heading.kind is HeadingKind.CAP and not heading.is_all_in:
                        twins[row, slot, day] = numbers.setdefault(heading.number, len(numbers))
                        continue
                    if heading.kind is HeadingKind.EXEMPTION or places[row, slot, day] >= 0:
                        continue
                    places[row, slot, day] = numbers.setdefault(heading.number, len(numbers))
                    capped[row, slot, day] = heading.is_all_in
                    rates[row, slot, day] = (
                        ALL_IN_BASIS_POINTS if heading.rate is None else int(100 * heading.rate)
                    )
    return places, list(numbers), rates, capped, twins


@cache
def ordinary_numbers() -> tuple[list[str], Any]:
    """Numbers of chapters 1 to 97 and a rate in basis points each (a made-up one where the table has a formula)."""
    listed = sorted(column1_table())
    chosen = listed[:: max(1, len(listed) // ORDINARY)][:ORDINARY]
    rates = []
    for number in chosen:
        rate = column1_table()[number][0].rate()
        rates.append(500 if rate is None else int(100 * rate.ad_valorem))
    return [f"{number}.00" for number in chosen], np.array(rates)


def dictionary(places: Any, texts: list[str], known: Any = None) -> pa.Array:
    """A dictionary column from places; `known` false is null."""
    mask = None if known is None else ~known
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32), mask=mask), pa.array(texts))


def choice(draw: np.random.Generator, shares: dict[str, float], count: int) -> Any:
    bounds = np.cumsum(list(shares.values()))
    return np.minimum(np.searchsorted(bounds, draw.random(count)), len(shares) - 1)


def flag(draw: np.random.Generator, count: int, known: float, true: float) -> pa.Array:
    return pa.array(draw.random(count) < true, mask=draw.random(count) >= known)


def days(values: Any, known: Any) -> pa.Array:
    return pa.array(values.astype(np.int32), pa.int32(), mask=~known).cast(pa.date32())


def block_of_entries(draw: np.random.Generator, block: int, count: int) -> tuple[dict[str, pa.Array], Any]:
    """One block of entries, and their entry dates as places in the span."""
    on = day_number(AS_OF)
    place = draw.integers(0, (LAST - FIRST).days + 1, count)
    entered = place + day_number(FIRST)
    summary = entered + draw.integers(1, 13, count)
    liquidation = entered + draw.integers(310, 330, count)
    past = liquidation <= on
    held = draw.random(count) < 0.04
    dated = (past & ~held) | (~past & ~held & (draw.random(count) < 0.6))
    status = np.where(held, draw.integers(2, 5, count), np.where(past, 1, 0))
    again = dated & past & (draw.random(count) < 0.004)
    entries = {
        "entry_number": entry_numbers(block, count),
        "entry_type": dictionary(choice(draw, TYPES, count), list(TYPES)),
        "entry_date": days(entered, np.ones(count, np.bool_)),
        "deposit_date": days(summary + draw.integers(0, 5, count), draw.random(count) < 0.85),
        "entry_summary_date": days(summary, draw.random(count) < 0.9),
        "liquidation_date": days(liquidation, dated),
        "reliquidation_date": days(np.minimum(liquidation + draw.integers(1, 90, count), on), again),
        "liquidation_status": dictionary(
            status,
            ["unliquidated", "liquidated", "extended", "suspended", "under_review"],
            draw.random(count) < 0.9,
        ),
        "summary_status": dictionary((draw.random(count) < 0.002).astype(int), ["accepted", "cancelled"]),
        "protest": dictionary(
            (draw.random(count) < 0.01).astype(int), ["none", "open"], draw.random(count) < 0.3
        ),
        "ad_cvd": dictionary(
            choice(draw, {"none": 0.97, "suspended": 0.02, "liquidation_pending": 0.01}, count),
            ["none", "suspended", "liquidation_pending"],
            draw.random(count) < 0.5,
        ),
        "statement_paid": flag(draw, count, 0.9, 0.995),
        "reconciliation_flagged": flag(draw, count, 0.8, 0.05),
        "reconciliation_filed": flag(draw, count, 0.1, 0.1),
        "reconciliation_due": days(entered + 640, draw.random(count) < 0.04),
        "on_drawback_claim": flag(draw, count, 0.5, 0.01),
        "paid_by_surety": flag(draw, count, 0.05, 0.01),
        "correction_pending": flag(draw, count, 0.1, 0.02),
        "in_ace": flag(draw, count, 0.3, 0.999),
        "cape_accepted_on": days(on - draw.integers(0, 80, count), draw.random(count) < 0.05),
        "already_refunded_cents": pa.array(draw.integers(0, 100_000, count), mask=draw.random(count) >= 0.02),
        "other_adjustments_cents": pa.array(
            draw.integers(-50_000, 50_000, count), mask=draw.random(count) >= 0.01
        ),
    }
    return entries, place


def block_of_rows(draw: np.random.Generator, numbers: pa.Array, entered: Any) -> dict[str, pa.Array]:
    """The tariff rows of one block: three an entry on average, one to twelve."""
    count = len(entered)
    lines = choice(draw, {"1": 0.82, "2": 0.12, "3": 0.06}, count) + 1
    entry = np.repeat(np.arange(count), lines)
    line_number = np.arange(len(entry)) - np.repeat(np.cumsum(lines) - lines, lines) + 1
    country = choice(draw, COUNTRIES, count)[entry]
    places, headings, rates, capped, twins = duty_headings()
    table, basis_points = ordinary_numbers()
    others = len(headings)
    exempt = others + len(OTHERS)
    ordinary = exempt + len(EXEMPTIONS)
    value = np.exp(draw.normal(13.0, 1.6, len(entry))).astype(np.int64) + 100
    goods = draw.integers(0, len(table), len(entry))
    fault = draw.random(len(entry))
    # Four rows a line at most: two IEEPA headings, another chapter 99 number, the ordinary one.
    number = np.zeros((len(entry), 4), np.int32)
    duty = np.zeros((len(entry), 4), np.int64)
    worth = np.zeros((len(entry), 4), np.int64)
    there = np.zeros((len(entry), 4), np.bool_)
    split = draw.random(len(entry)) < 0.5
    column1 = value * basis_points[goods] // 10_000
    own = column1.copy()
    for slot in (0, 1):
        at = (country, slot, entered[entry])
        dear = capped[at] & (basis_points[goods] >= ALL_IN_BASIS_POINTS)
        found = np.where(dear, twins[at], places[at])
        there[:, slot] = found >= 0
        number[:, slot] = np.maximum(found, 0)
        duty[:, slot] = np.where(dear, 0, value * rates[at] // 10_000)
        all_in = capped[at] & there[:, slot] & ~dear
        duty[:, slot] -= np.where(all_in & split, np.minimum(column1, duty[:, slot]), 0)
        own = np.where(all_in & ~split, 0, own)
    free = (draw.random(len(entry)) < 0.12) & there[:, 1]
    number[:, 1] = np.where(free, exempt + draw.integers(0, 2, len(entry)), number[:, 1])
    duty[:, 1] = np.where(free & (fault > 0.003), 0, duty[:, 1])
    there[:, 2] = draw.random(len(entry)) < 0.28
    number[:, 2] = others + draw.integers(0, len(OTHERS), len(entry))
    duty[:, 2] = value // 4
    there[:, 3] = True
    number[:, 3] = ordinary + goods
    duty[:, 3] = own
    worth[:, 3] = value
    worth[:, 1] = np.where((fault > 0.1) & (fault < 0.1005), value, 0)
    duty = np.where((fault > 0.2)[:, None] & (fault < 0.2005)[:, None], -duty // 10, duty)
    blank = np.zeros((len(entry), 4), np.bool_)
    blank[:, 1] = (fault > 0.3) & (fault < 0.3004)
    kept = there.reshape(-1)
    rows = np.repeat(np.arange(len(entry)), 4)[kept]
    texts = [*headings, *OTHERS, *EXEMPTIONS, *table]
    return {
        "entry_number": numbers.take(pa.array(entry[rows])),
        "line_number": pa.array(line_number[rows].astype(np.int32)),
        "tariff_number": dictionary(number.reshape(-1)[kept], texts),
        "duty_cents": pa.array(duty.reshape(-1)[kept], mask=blank.reshape(-1)[kept]),
        "value_cents": pa.array(worth.reshape(-1)[kept]),
        "country_of_origin": dictionary(country[rows], list(COUNTRIES)),
        "special_program": dictionary(np.zeros(len(rows)), ["KR"], (draw.random(len(entry)) < 0.03)[rows]),
    }


def blocks(entries: int, seed: int) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Every block of the caseload: entries and their rows."""
    for block in range(-(-entries // BLOCK)):
        count = min(BLOCK, entries - block * BLOCK)
        draw = np.random.default_rng([seed, block])
        # A block is always drawn whole, so that a smaller caseload is the beginning of a larger one.
        columns, entered = block_of_entries(draw, block, BLOCK)
        rows = block_of_rows(draw, columns["entry_number"], entered)
        own = pa.RecordBatch.from_pydict(columns, _schema(ENTRY_SCHEMA, ENTRY_COLUMNS_LEFT_OUT)).slice(
            0, count
        )
        batch = pa.RecordBatch.from_pydict(rows, _schema(TARIFF_SCHEMA, TARIFF_COLUMNS_LEFT_OUT))
        if count < BLOCK:
            last = columns["entry_number"][count - 1]
            keys = batch.column("entry_number").to_numpy(zero_copy_only=False)
            batch = batch.slice(0, int(np.flatnonzero(keys == last.as_py())[-1]) + 1)
        yield own, batch


def _schema(schema: pa.Schema, left_out: tuple[str, ...]) -> pa.Schema:
    return pa.schema([field for field in schema if field.name not in left_out])


def generate(directory: Path, entries: int, seed: int = 53) -> tuple[Path, Path, int]:
    """Write `entries.parquet` and `tariff_rows.parquet`; return both paths and the number of rows."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = directory / "entries.parquet", directory / "tariff_rows.parquet"
    left_out = (ENTRY_COLUMNS_LEFT_OUT, TARIFF_COLUMNS_LEFT_OUT)
    schemas = [_schema(*pair) for pair in zip((ENTRY_SCHEMA, TARIFF_SCHEMA), left_out, strict=True)]
    rows = 0
    plain = ["entry_number", "duty_cents", "value_cents"]
    writers = [
        pq.ParquetWriter(
            path,
            schema,
            compression="lz4",
            use_dictionary=[field.name for field in schema if field.name not in plain],
            write_statistics=["entry_number"],
        )
        for path, schema in zip(paths, schemas, strict=True)
    ]
    for own, batch in blocks(entries, seed):
        rows += len(batch)
        for writer, data in zip(writers, (own, batch), strict=True):
            writer.write_batch(data, row_group_size=len(data))
    for writer in writers:
        writer.close()
    return (*paths, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=53)
    given = parser.parse_args()
    entries, tariffs, rows = generate(given.directory, given.entries, given.seed)
    sizes = [path.stat().st_size for path in (entries, tariffs)]
    print(json.dumps({"entries": given.entries, "rows": rows, "bytes": sizes}))


if __name__ == "__main__":
    main()
