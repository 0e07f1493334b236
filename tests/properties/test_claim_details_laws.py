from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import entry_numbers

from ieeparefund.ace.ace_texts import ace_texts
from ieeparefund.ace.claim_details import ClaimResults, ClaimState, read_claim_details
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import IeepaRefundError

TEXTS = st.lists(st.sampled_from(sorted({row.text for row in ace_texts()})), max_size=3, unique=True)


def read(data: bytes) -> ClaimResults:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.csv"
        path.write_bytes(data)
        return read_claim_details(path)


@given(
    st.dictionaries(
        entry_numbers(), st.tuples(st.sampled_from(ClaimState), TEXTS, st.booleans()), min_size=1
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.integers(1, 10**12),
)
def test_what_is_written_is_read(
    answers: dict[EntryNumber, tuple[ClaimState, list[str], bool]], delimiter: str, claim: int
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["ENTRY_NUMBER", "CLAIM_NUMBER", "STATUS", "ERROR_DESCRIPTION"])
    for number, (state, texts, wrapped) in answers.items():
        shown = [f'="{text}"' if wrapped else text for text in (number.compact, str(claim))]
        writer.writerow([*shown, state.value, "; ".join(texts)])
    found = read(out.getvalue().encode())
    assert found.problems == ()
    assert [
        (result.entry_number, result.claim_number, result.state, list(result.error_texts))
        for result in found.results
    ] == [(number, str(claim), state, texts) for number, (state, texts, _) in answers.items()]
    assert found.totals.rows_read == found.totals.rows_used == len(answers)
    assert set(found.accepted) | set(found.failed) == set(answers)


_CELLS = st.one_of(
    entry_numbers().map(str), st.sampled_from(["Failed", "1", "Total", ""]), st.text(max_size=12)
)


@given(st.lists(st.lists(_CELLS, min_size=1, max_size=6), max_size=8))
def test_rows_tie_whatever_they_hold(rows: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["ENTRY_NUMBER", "CLAIM_NUMBER", "STATUS", "ERROR_DESCRIPTION"])
    writer.writerows(rows)
    try:
        found = read(out.getvalue().encode())
    except IeepaRefundError:
        return
    assert found.totals.rows_used == len(found.results)
    assert found.totals.rows_read == found.totals.rows_used + found.totals.rows_excluded
    assert len({(result.entry_number, result.claim_number) for result in found.results}) == len(found.results)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused_by_the_package(data: bytes, header: bool) -> None:
    try:
        found = read(b"ENTRY_NUMBER,STATUS\n" * header + data)
    except IeepaRefundError:
        return
    assert found.totals.rows_read == found.totals.rows_used + found.totals.rows_excluded
