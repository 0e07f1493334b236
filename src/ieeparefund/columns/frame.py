"""Data frames of any library that speaks the Arrow PyCapsule interface; the answer is a frame of the same kind."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

import pyarrow as pa

from ieeparefund.columns.batch import estimate_batch
from ieeparefund.columns.distributed import one_batch
from ieeparefund.errors import FieldError

if TYPE_CHECKING:
    from ieeparefund.entries.codes import Payee

__all__ = ["ArrowStream", "estimate_frame"]


@runtime_checkable
class ArrowStream(Protocol):
    """Anything with `__arrow_c_stream__`: pandas, polars and pyarrow tables, duckdb relations."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the data as an Arrow stream capsule."""


Frame = TypeVar("Frame")


def estimate_frame(
    frame: Frame, tariffs: ArrowStream | None = None, *, as_of: dt.date, payee: Payee | str, **terms: Any
) -> Frame:
    """Return the estimates of a frame of entries as a frame of the same library, one row an entry.

    The shapes, terms and errors are those of `estimate_batch`; the frame is worked on as a whole, in memory. pandas
    gets Arrow-backed columns, so that nullable days and whole cents stay what they are. A frame of another library
    with `__arrow_c_stream__` gets a pyarrow table.
    """
    found = estimate_batch(
        _batch(frame, "frame"),
        None if tariffs is None else _batch(tariffs, "tariffs"),
        as_of=as_of,
        payee=payee,
        **terms,
    )
    answer: Any = _like(frame, found)
    return answer  # type: ignore[no-any-return]  # the kind is the caller's, which no annotation can say


def _batch(frame: object, name: str) -> pa.RecordBatch:
    if isinstance(frame, pa.RecordBatch):
        return frame
    if not isinstance(frame, ArrowStream):
        raise FieldError(
            f"{name} is a {type(frame).__name__}, which has no __arrow_c_stream__.",
            remedy="Pass a pandas, polars or pyarrow table or a duckdb relation.",
            column=name,
        )
    return one_batch(pa.table(frame))


def _like(frame: object, found: pa.RecordBatch) -> object:
    library = type(frame).__module__.partition(".")[0].lstrip("_")
    if isinstance(frame, pa.RecordBatch):
        return found
    table = pa.Table.from_batches([found])
    if library == "pandas":
        import pandas as pd

        return table.to_pandas(types_mapper=pd.ArrowDtype)
    if library == "polars":
        import polars as pl

        return pl.from_arrow(table)
    if library == "duckdb":
        import duckdb

        return duckdb.from_arrow(table)
    return table
