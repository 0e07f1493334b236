"""A file of entries in, a file of estimates out, in bounded memory."""

from __future__ import annotations

import datetime as dt
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ieeparefund.atomic import replacing
from ieeparefund.columns.batch import estimate_unit, unit_of
from ieeparefund.columns.estimator import Estimator
from ieeparefund.columns.progress import Progress, reporting
from ieeparefund.columns.readers import UNIT, Piece, read_pieces
from ieeparefund.columns.schema import ESTIMATE_COLUMNS, Kind, estimate_schema
from ieeparefund.columns.units import Unit
from ieeparefund.entries.codes import Payee
from ieeparefund.errors import FieldError
from ieeparefund.law.rates import PUBLISHED_RATES, RateTable
from ieeparefund.refunds.deposit import DepositRule

__all__ = ["FileEstimate", "arrow_answers", "estimate_file", "open_estimates"]

_ENGINES = ("auto", "arrow", "duckdb")
_WORKERS = 2
# Columns with few distinct values are written through a dictionary; the others do not repay the search for one.
_REPEATING = [column.name for column in ESTIMATE_COLUMNS if column.kind is Kind.CODE]
# Cents hardly get smaller, so they are not compressed.
_COMPRESSION = {column.name: "none" if column.kind is Kind.CENTS else "lz4" for column in ESTIMATE_COLUMNS}


@dataclass(frozen=True, slots=True)
class FileEstimate:
    """What was written: where, by which engine, from how many entries and tariff rows."""

    path: Path
    engine: str
    entries: int
    rows: int


def open_estimates(path: Path) -> pq.ParquetWriter:
    """Return a writer of estimates to a Parquet file."""
    # Both may be given by column, which the annotations of pyarrow do not say.
    by_column: dict[str, Any] = {"compression": _COMPRESSION, "use_dictionary": _REPEATING}
    return pq.ParquetWriter(path, estimate_schema(), write_statistics=False, **by_column)


def estimate_file(
    src: str | os.PathLike[str],
    dst: str | os.PathLike[str],
    *,
    entries: str | os.PathLike[str] | None = None,
    as_of: dt.date,
    payee: Payee | str,
    engine: str = "auto",
    liquidated_on: dt.date | None = None,
    rates: RateTable = PUBLISHED_RATES,
    deposit_rule: DepositRule | str = DepositRule.SUMMARY,
    restore_entry_type: bool = False,
    progress: Progress | bool = False,
) -> FileEstimate:
    """Estimate every entry of a CSV or Parquet file and write the answers to the Parquet file `dst`.

    `src` holds tariff rows that repeat the entry's columns (`ROW_SCHEMA`); with `entries` it holds tariff rows
    alone (`TARIFF_SCHEMA`) and the file `entries` the entries (`ENTRY_SCHEMA`), both in the same order of entries.
    The rows of an entry stand together. Days in CSV are written 2026-04-20, amounts in whole cents, flags true or
    false, blanks are not known. The terms are those of `estimate_refund`.

    The file is worked through in units of 131,072 entries, so memory does not grow with it; answers come in the
    order of the entries. `progress=True` draws a bar on standard error if that is a terminal (extra `cli`); a function
    is called with the number of entries done. `dst` appears when it is complete.
    `engine` is `arrow`, `duckdb` (the same law as SQL) or `auto`, which is `arrow`.

    Raises `ColumnError` and `FileFormatError` for what cannot be used, with nothing left at `dst`.
    """
    if engine not in _ENGINES:
        raise FieldError(
            f"engine is {engine!r}.", remedy=f"Use one of {', '.join(_ENGINES)}.", column="engine"
        )
    estimator = Estimator(as_of, payee, liquidated_on, rates, deposit_rule)
    target = Path(dst)
    rows_path, entries_path = Path(src), None if entries is None else Path(entries)
    pieces = read_pieces(rows_path, entries_path)
    chosen = "arrow" if engine == "auto" else engine
    answer = arrow_answers if chosen == "arrow" else duckdb_answers
    count = rows = 0
    with (
        replacing(target) as part,
        open_estimates(Path(part.name)) as writer,
        reporting(progress, entries_path) as report,
    ):
        for unit_rows, answers in answer(pieces, estimator, restore_entry_type):
            writer.write_batch(answers, row_group_size=UNIT)
            count += len(answers)
            rows += unit_rows
            report(count)
    return FileEstimate(target, chosen, count, rows)


Answers = Iterator[tuple[int, pa.RecordBatch]]
"""The number of tariff rows and the answers of each piece, in order."""


def arrow_answers(pieces: Iterator[Piece], estimator: Estimator, restore_entry_type: bool) -> Answers:
    """Answer pieces by numpy."""
    return _answers(pieces, lambda unit: estimate_unit(unit, estimator), restore_entry_type)


def duckdb_answers(pieces: Iterator[Piece], estimator: Estimator, restore_entry_type: bool) -> Answers:
    """Answer pieces by SQL, each worker with a database of its own."""
    from ieeparefund.columns.duckdb import DuckEngine

    engines: Queue[DuckEngine] = Queue()
    for _ in range(_WORKERS):
        engines.put(DuckEngine(estimator))

    def answer(unit: Unit) -> pa.RecordBatch:
        engine = engines.get()
        try:
            return engine.estimate(unit)
        finally:
            engines.put(engine)

    try:
        yield from _answers(pieces, answer, restore_entry_type)
    finally:
        while not engines.empty():
            engines.get().close()


def _answers(
    pieces: Iterator[Piece], answer: Callable[[Unit], pa.RecordBatch], restore_entry_type: bool
) -> Answers:
    """Answer several pieces at once, while later ones are being read."""

    def work(piece: Piece) -> tuple[int, pa.RecordBatch]:
        unit = unit_of(piece.entries, piece.tariffs, restore_entry_type=restore_entry_type)
        return piece.rows, answer(unit)

    reading = _Ahead(pieces)
    try:
        with ThreadPoolExecutor(_WORKERS) as pool:
            pending: deque[Future[tuple[int, pa.RecordBatch]]] = deque()
            for piece in reading:
                pending.append(pool.submit(work, piece))
                del piece
                if len(pending) > _WORKERS:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
    finally:
        reading.stop()


class _Ahead:
    """Reads pieces in a thread of its own, one ahead."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._queue: Queue[Piece | BaseException | None] = Queue(1)
        self._stopped = Event()
        self._thread = Thread(target=self._run, args=(pieces,), daemon=True)
        self._thread.start()

    def _run(self, pieces: Iterator[Piece]) -> None:
        last: BaseException | None = None
        try:
            for piece in pieces:
                if self._stopped.is_set():
                    return
                self._queue.put(piece)
        except BaseException as error:
            last = error
        self._queue.put(last)

    def __iter__(self) -> Iterator[Piece]:
        while True:
            found = self._queue.get()
            if isinstance(found, BaseException):
                raise found
            if found is None:
                return
            yield found
            del found

    def stop(self) -> None:
        """Let the reading thread end."""
        self._stopped.set()
        while self._thread.is_alive():
            with suppress(Empty):
                self._queue.get_nowait()
            self._thread.join(0.01)
