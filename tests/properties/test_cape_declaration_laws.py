from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from tests.strategies import entry_numbers

from ieeparefund.ace.cape_declaration import LineEnd, declaration_bytes, read_declaration
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import IeepaRefundError
from ieeparefund.law.declaration_file import declaration_limits

ENDS: st.SearchStrategy[LineEnd] = st.sampled_from(["crlf", "lf"])


@given(st.lists(entry_numbers(), min_size=1, max_size=30, unique=True), ENDS)
def test_what_is_written_is_read(numbers: list[EntryNumber], line_end: LineEnd) -> None:
    data = declaration_bytes(numbers, line_end=line_end)
    found = read_declaration(data)
    assert list(found.numbers) == numbers
    assert (found.problems, found.repairs) == ((), ())
    assert found.rows_read == len(numbers)
    # Spelling and line end of the input leave no trace in the bytes.
    assert declaration_bytes([str(number).lower() for number in numbers], line_end=line_end) == data


@given(st.lists(entry_numbers(), min_size=1, max_size=30, unique=True), ENDS)
def test_the_bytes_keep_the_rules_of_the_file(numbers: list[EntryNumber], line_end: LineEnd) -> None:
    data = declaration_bytes(numbers, line_end=line_end)
    lines = data.decode("ascii").split({"crlf": "\r\n", "lf": "\n"}[line_end])
    limits = declaration_limits()
    assert lines[0] == limits.header
    assert lines[-1] == ""
    assert all(len(line) == 11 and line.isalnum() for line in lines[1:-1])
    assert len(set(lines[1:-1])) == len(numbers) <= limits.entries
    assert len(data) < limits.size


_CELLS = st.one_of(
    entry_numbers().map(str), entry_numbers().map(lambda n: f'"=""{n.compact}"""'), st.text(max_size=15)
)


@given(st.lists(_CELLS, max_size=8), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_rows_tie_whatever_they_hold(cells: list[str], end: str, bom: bool) -> None:
    text = end.join(["Entry Number", *cells])
    found = read_declaration(b"\xef\xbb\xbf" * bom + text.encode())
    assert found.rows_read == len(found.numbers) + found.rows_excluded
    assert len(set(found.numbers)) == len(found.numbers)
    again = read_declaration(declaration_bytes(found.numbers)) if found.numbers else found
    assert again.numbers == found.numbers


@given(st.binary(max_size=200))
@example(b"Entry Number\n\xef\xbb\xbf")
@example(b'"')
@example("ZT4٠٠٠٠٠٠٠٠".encode())
def test_any_bytes_are_read_or_refused_by_the_package(data: bytes) -> None:
    try:
        found = read_declaration(data)
    except IeepaRefundError:
        return
    assert found.rows_read == len(found.numbers) + found.rows_excluded
