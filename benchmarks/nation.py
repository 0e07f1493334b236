"""The nation's caseload through one engine: entries and tariff rows from Parquet to Parquet.

    python benchmarks/nation.py --entries N [--engine arrow|duckdb|polars|polars-lazy] [--directory DIR] [--keep]

Data are made by `generate.py` (seeded, not timed). Then three processes one after the other, each alone: the engine,
and its pass-through, which reads the same columns and writes them back (the tariff rows too, three times as many as
there are answers) with the same compression, and a check of randomly chosen entries by the scalar code, at least
10,000 or all there are. `polars` is `scan_estimates`, `polars-lazy` is `estimate_lazy` over two scans.

`seconds` is the wall time of the work and `cpu_seconds` its processor time, which a busy machine stretches less, both
without the start of Python and its imports; `peak_mb` is the most memory the process that did it ever had resident.
`wrong_cents` adds up every difference of a cent between engine and scalar code, `wrong_answers` counts every other
difference. The last line is JSON.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
AS_OF, PAYEE = dt.date(2026, 7, 15), "corporation"
SAMPLE = 10_000
CHECK_SEED = 1505


def peak_mb() -> float:
    """Most resident memory of this process. VmHWM is of this program alone; ru_maxrss may be the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(task: Callable[[], object]) -> dict[str, Any]:
    """Run a task; what it imports is loaded before."""
    started, busy = time.perf_counter(), time.process_time()
    task()
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - busy,
        "peak_mb": peak_mb(),
    }


def work(directory: Path, engine: str) -> dict[str, Any]:
    entries, rows, out = (directory / f"{name}.parquet" for name in ("entries", "tariff_rows", "out"))
    terms: dict[str, Any] = {"as_of": AS_OF, "payee": PAYEE}
    if engine == "polars":
        from ieeparefund.columns.polars import scan_estimates

        return timed(
            lambda: scan_estimates(rows, entries=entries, **terms).sink_parquet(out, compression="lz4")
        )
    if engine == "polars-lazy":
        import polars as pl

        from ieeparefund.columns.polars import estimate_lazy

        frames = pl.scan_parquet(entries), pl.scan_parquet(rows)
        return timed(lambda: estimate_lazy(*frames, **terms).sink_parquet(out, compression="lz4"))
    from ieeparefund.columns import estimate_file

    if engine == "duckdb":
        import_module("ieeparefund.columns.duckdb")

    return timed(lambda: estimate_file(rows, out, entries=entries, engine=engine, **terms))


def pass_through(directory: Path, engine: str) -> dict[str, Any]:
    """Read the columns the engine reads and write them back, with the engine's own reader and writer."""
    copy = {"arrow": _arrow_copy, "duckdb": _duckdb_copy}.get(engine, _polars_copy)()

    def both() -> None:
        for name in ("entries", "tariff_rows"):
            source, target = directory / f"{name}.parquet", directory / f"{name}_copy.parquet"
            copy(source, target)
            target.unlink()

    return timed(both)


Copy = Callable[[Path, Path], None]


def _duckdb_copy() -> Copy:
    import duckdb

    def copy(source: Path, target: Path) -> None:
        with duckdb.connect() as connection:
            connection.execute("SET preserve_insertion_order = true")
            connection.execute(
                f"COPY (FROM read_parquet('{source}')) TO '{target}' (FORMAT parquet, COMPRESSION lz4_raw)"
            )

    return copy


def _polars_copy() -> Copy:
    import polars as pl

    return lambda source, target: pl.scan_parquet(source).sink_parquet(target, compression="lz4")


def _arrow_copy() -> Copy:
    """Batches are read in one thread while those before are written in another, as in `estimate_file`."""
    from concurrent.futures import ThreadPoolExecutor

    import pyarrow.parquet as pq

    from ieeparefund.columns.readers import UNIT, read_batches
    from ieeparefund.columns.schema import ENTRY_COLUMNS, TARIFF_COLUMNS, Kind

    def copy(source: Path, target: Path) -> None:
        columns, size = (ENTRY_COLUMNS, UNIT) if source.stem == "entries" else (TARIFF_COLUMNS, 3 * UNIT)
        cents = {column.name for column in columns if column.kind is Kind.CENTS}
        batches = read_batches(source, columns, size)
        first = next(batches)
        names = first.schema.names
        by_column: dict[str, Any] = {
            # As answers are written: cents hardly get smaller, codes go through a dictionary.
            "compression": {name: "none" if name in cents else "lz4" for name in names},
            "use_dictionary": [
                field.name for field in first.schema if str(field.type).startswith("dictionary")
            ],
        }
        with (
            pq.ParquetWriter(target, first.schema, write_statistics=False, **by_column) as writer,
            ThreadPoolExecutor(1) as pool,
        ):
            batch = first
            while batch is not None:
                written = pool.submit(writer.write_batch, batch, row_group_size=size)
                batch = next(batches, None)
                written.result()

    return copy


def check(directory: Path, entries: int) -> dict[str, Any]:
    """Compare randomly chosen entries with the scalar code, in every column."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    sys.path.insert(0, str(ROOT))
    from ieeparefund.columns.scalar import scalar_answers

    files = [pq.ParquetFile(directory / f"{name}.parquet") for name in ("entries", "tariff_rows", "out")]
    groups = files[0].metadata.num_row_groups
    pick = random.Random(CHECK_SEED)
    chosen = sorted(pick.sample(range(groups), min(groups, 100)))
    each = -(-SAMPLE // len(chosen))
    # Answers are in the order of the entries, but their row groups are the engine's own.
    starts, answer_starts = bounds(files[0]), bounds(files[2])
    checked = wrong_cents = wrong_answers = 0
    found_rows = files[2].metadata.num_rows
    if found_rows != entries:
        raise SystemExit(f"{entries} entries went in, {found_rows} answers came out.")
    for group in chosen:
        own, rows = (file.read_row_group(group) for file in files[:2])
        first, last = starts[group], starts[group + 1]
        parts = [
            part
            for part in range(len(answer_starts) - 1)
            if answer_starts[part] < last and answer_starts[part + 1] > first
        ]
        answers = files[2].read_row_groups(parts).slice(first - answer_starts[parts[0]], last - first)
        take = pa.array(sorted(pick.sample(range(len(own)), min(each, len(own)))))
        own, answers = own.take(take), answers.take(take)
        rows = rows.filter(pc.is_in(rows["entry_number"], own["entry_number"].combine_chunks()))
        expected = scalar_answers(own.to_pylist(), rows.to_pylist(), as_of=AS_OF, payee=PAYEE)
        for theirs, mine in zip(expected, answers.to_pylist(), strict=True):
            checked += 1
            for name, value in theirs.items():
                if name.endswith("_cents"):
                    wrong_cents += abs(value - mine[name])
                else:
                    wrong_answers += value != mine[name]
    return {"checked": checked, "wrong_cents": wrong_cents, "wrong_answers": wrong_answers}


def bounds(file: Any) -> list[int]:
    """Where each row group of a Parquet file begins, and the end."""
    found = [0]
    for group in range(file.metadata.num_row_groups):
        found.append(found[-1] + file.metadata.row_group(group).num_rows)
    return found


def child(step: str, directory: Path, engine: str, entries: int) -> dict[str, Any]:
    """Run one step in a process of its own and return what it printed."""
    command = [sys.executable, __file__, "--step", step, "--directory", str(directory)]
    command += ["--engine", engine, "--entries", str(entries)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--engine", choices=("arrow", "duckdb", "polars", "polars-lazy"), default="arrow")
    parser.add_argument(
        "--directory", type=Path, help="where to keep the data; a directory for the time without"
    )
    parser.add_argument(
        "--keep", action="store_true", help="leave the data in the directory, and use what is there"
    )
    parser.add_argument(
        "--rounds", type=int, default=1, help="engine and pass-through in turns; the best counts"
    )
    parser.add_argument("--quick", action="store_true", help="a smoke run of a few seconds")
    parser.add_argument("--step", choices=("generate", "work", "pass", "check"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(run_step(given.step, given.directory, given.engine, given.entries)))
        return
    entries = 4_000 if given.quick else given.entries
    directory = given.directory or Path(tempfile.mkdtemp(prefix="nation-"))
    try:
        rows = child("generate", directory, given.engine, entries)["rows"]
        best: dict[str, dict[str, Any]] = {}
        for _ in range(given.rounds):
            for step in ("work", "pass"):
                result = child(step, directory, given.engine, entries)
                print(f"{step:5} {result['seconds']:8.2f} s {result['peak_mb']:8.0f} MB", flush=True)
                # The least of each figure over the rounds, but the most memory.
                known = best.setdefault(step, result)
                for name, least in (("seconds", min), ("cpu_seconds", min), ("peak_mb", max)):
                    known[name] = least(known[name], result[name])
        checked = child("check", directory, given.engine, entries)
    finally:
        if not given.keep:
            shutil.rmtree(directory, ignore_errors=True)
    print(
        json.dumps(
            {
                "entries": entries,
                "rows": rows,
                "engine": given.engine,
                "seconds": round(best["work"]["seconds"], 2),
                "passthrough_seconds": round(best["pass"]["seconds"], 2),
                "cpu_seconds": round(best["work"]["cpu_seconds"], 2),
                "passthrough_cpu_seconds": round(best["pass"]["cpu_seconds"], 2),
                "peak_mb": round(best["work"]["peak_mb"]),
                "wrong_cents": checked["wrong_cents"],
                "wrong_answers": checked["wrong_answers"],
                "checked": checked["checked"],
                "cpus": os.cpu_count(),
                "load_at_end": round(os.getloadavg()[0], 1),
                "machine": platform.machine(),
                "python": platform.python_version(),
            }
        )
    )


def run_step(step: str, directory: Path, engine: str, entries: int) -> dict[str, Any]:
    if step == "generate":
        import pyarrow.parquet as pq

        paths = [directory / f"{name}.parquet" for name in ("entries", "tariff_rows")]
        if all(path.exists() for path in paths) and pq.read_metadata(paths[0]).num_rows == entries:
            return {"rows": pq.read_metadata(paths[1]).num_rows}
        from generate import generate

        return {"rows": generate(directory, entries)[2]}
    if step == "work":
        return work(directory, engine)
    return pass_through(directory, engine) if step == "pass" else check(directory, entries)


if __name__ == "__main__":
    main()
