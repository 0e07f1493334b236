from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import dates, dollars, entry_numbers

from ieeparefund.ace.bank_lines import BankLines, read_bank_lines
from ieeparefund.ace.column_map import ColumnMap, column_map_template, load_column_map, parse_column_map
from ieeparefund.ace.column_suggestions import suggest_columns
from ieeparefund.ace.headers import normalise_heading
from ieeparefund.ace.refund_reports import RefundReport, RefundState, read_refund_report, refund_state
from ieeparefund.ace.report_fields import REPORTS, report_layout
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import IeepaRefundError

_T = TypeVar("_T")
ES022 = ColumnMap(
    "ES-022",
    {
        "refund_number": "Refund Number",
        "entry_number": "Entry",
        "liquidation_date": "Liquidated",
        "principal": "Principal",
        "interest": "Interest",
        "secondary_status": "Secondary",
    },
)
BANK = ColumnMap("bank", {"date": "Date", "amount": "Amount", "reference": "Reference"})
STATES = {
    RefundState.SENT_TO_TREASURY: "Sent to Treasury",
    RefundState.TREASURY_ISSUED: "Treasury Issued",
    RefundState.FUNDS_DIVERTED: "Funds Diverted",
    RefundState.RETURNED: "Check/ACH Returned",
    RefundState.REISSUED: "Check-ACH Reissued",
}


def with_file(data: bytes, use: Callable[[Path], _T]) -> _T:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        path.write_bytes(data)
        return use(path)


def written(rows: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def shown(amount: Decimal | None, form: str) -> str:
    if amount is None:
        return ""
    text = f"{abs(amount):,.2f}" if form == "comma" else f"{abs(amount):.2f}"
    if amount < 0:
        return f"({text})" if form == "comma" else f"-{text}"
    return f"${text}" if form == "comma" else text


_AMOUNTS = st.one_of(st.none(), dollars(10**6), dollars(100).map(lambda amount: -amount))
_REFUNDS = st.tuples(
    st.integers(0, 10**10).map(lambda number: f"{number:010d}"),
    st.one_of(st.none(), entry_numbers()),
    st.one_of(st.none(), dates("2026-04-20", "2027-01-31")),
    _AMOUNTS,
    _AMOUNTS,
    st.one_of(st.none(), st.sampled_from(RefundState).filter(STATES.__contains__)),
)


@given(
    st.lists(_REFUNDS, max_size=8, unique_by=lambda row: row[0]),
    st.sampled_from(["plain", "comma"]),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_is_written_is_read(
    refunds: list[
        tuple[str, EntryNumber | None, dt.date | None, Decimal | None, Decimal | None, RefundState | None]
    ],
    form: str,
    delimiter: str,
) -> None:
    rows = [list(ES022.columns.values())]
    for number, entry, day, principal, interest, state in refunds:
        rows.append(
            [
                f'="{number}"',
                "" if entry is None else str(entry),
                "" if day is None else f"{day:%m/%d/%Y}",
                shown(principal, form),
                shown(interest, form),
                "" if state is None else STATES[state],
            ]
        )
    found = with_file(written(rows, delimiter), lambda path: read_refund_report(path, ES022))
    assert found.problems == ()
    assert [
        (row.refund_number, row.entry_number, row.liquidation_date, row.principal, row.interest, row.state)
        for row in found.rows
    ] == refunds
    assert found.totals.rows_used == found.totals.rows_read == len(refunds)
    for name, amounts in (
        ("principal", [row[3] for row in refunds]),
        ("interest", [row[4] for row in refunds]),
    ):
        total = sum((amount for amount in amounts if amount is not None), Decimal(0))
        assert found.totals.sums[name].read == found.totals.sums[name].used == total


def assert_ties(found: RefundReport | BankLines, used: int) -> None:
    totals = found.totals
    assert totals.rows_used == used
    assert totals.rows_read == used + totals.rows_excluded
    for column in totals.sums.values():
        assert column.read == column.used + column.excluded
    assert all(problem.row > 1 and problem.remedy for problem in found.problems)


_CELLS = st.one_of(
    entry_numbers().map(str),
    st.sampled_from(["Total", "", "1,000.00", "(5.00)", "2026-05-01", "1E+9", "Funds Diverted", '"', "\n"]),
    st.text(max_size=12),
)
_ROWS = st.lists(st.lists(_CELLS, min_size=1, max_size=8), max_size=8)


@given(_ROWS, st.booleans())
def test_rows_tie_whatever_they_hold(rows: list[list[str]], bank: bool) -> None:
    columns = BANK if bank else ES022
    data = written([list(columns.columns.values()), *rows])
    try:
        if bank:
            lines = with_file(data, lambda path: read_bank_lines(path, BANK))
            assert_ties(lines, len(lines.lines))
            assert lines.totals.sums["amount"].used == sum((line.amount for line in lines.lines), Decimal(0))
        else:
            report = with_file(data, lambda path: read_refund_report(path, ES022))
            assert_ties(report, len(report.rows))
    except IeepaRefundError:
        return


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused_by_the_package(data: bytes, header: bool) -> None:
    head = written([list(ES022.columns.values())]) if header else b""
    for use in (
        lambda path: read_refund_report(path, ES022),
        lambda path: suggest_columns(path, "ES-022"),
    ):
        try:
            with_file(head + data, use)
        except IeepaRefundError:
            continue


@given(st.lists(st.tuples(dates(), dollars(10**6), st.integers(0, 3)), max_size=6))
def test_every_bank_line_is_kept(lines: list[tuple[dt.date, Decimal, int]]) -> None:
    rows = [["Date", "Amount", "Reference"]]
    for day, amount, copies in lines:
        rows += [[day.isoformat(), f"{amount:.2f}", "US TREASURY"]] * copies
    found = with_file(written(rows), lambda path: read_bank_lines(path, BANK))
    assert [(line.date, line.amount) for line in found.lines] == [
        (day, amount) for day, amount, copies in lines for _ in range(copies)
    ]


HEADINGS = st.text(min_size=1, max_size=20).filter(normalise_heading)


@st.composite
def column_maps(draw: st.DrawFn) -> ColumnMap:
    report = draw(st.sampled_from(sorted(REPORTS)))
    layout = report_layout(report)
    needed = {draw(st.sampled_from(group)) for group in layout.required}
    fields = sorted(needed | draw(st.sets(st.sampled_from(layout.names))))
    headings = draw(
        st.lists(HEADINGS, min_size=len(fields), max_size=len(fields), unique_by=normalise_heading)
    )
    return ColumnMap(report, dict(zip(fields, headings, strict=True)), draw(st.one_of(st.none(), HEADINGS)))


@given(column_maps())
def test_a_map_comes_back_from_toml(columns: ColumnMap) -> None:
    text = columns.to_toml()
    assert text.isascii()
    assert parse_column_map(text) == columns
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.toml"
        path.write_text(text, encoding="utf-8")
        assert load_column_map(path) == columns


@given(column_maps())
def test_the_template_filled_with_a_map_is_the_map(columns: ColumnMap) -> None:
    filled = ColumnMap(columns.report, dict(columns.columns)).to_toml().splitlines()
    template = column_map_template(columns.report).splitlines()
    assert len(filled) == len(template)
    changed = [new.split(" = ")[0] for old, new in zip(template, filled, strict=True) if old != new]
    assert set(changed) == set(columns.columns)


@given(st.text(max_size=60), st.booleans())
def test_any_text_is_a_map_or_refused_by_the_package(text: str, head: bool) -> None:
    try:
        found = parse_column_map('report = "bank"\n[columns]\n' * head + text)
    except IeepaRefundError:
        return
    assert found.columns


@given(st.sampled_from(sorted(REPORTS)), st.data())
def test_headings_spelt_as_the_aliases_are_suggested_and_confirmed(report: str, data: st.DataObject) -> None:
    layout = report_layout(report)
    headings = {field.name: data.draw(st.sampled_from(field.aliases)) for field in layout.fields}
    if len({normalise_heading(heading) for heading in headings.values()}) < len(headings):
        return
    found = with_file(written([list(headings.values())]), lambda path: suggest_columns(path, report))
    # An alias of two fields is guessed for the first of them.
    assert set(found.columns) | set(found.rivals) <= set(headings)
    assert sorted(
        [*found.columns.values(), *(h for rest in found.rivals.values() for h in rest), *found.unused]
    ) == (sorted(headings.values()))
    if set(found.columns) == set(headings):
        assert dict(found.confirm().columns) == headings


@given(st.sampled_from(sorted(STATES)), st.sampled_from(["lower", "upper", "title"]), st.sampled_from("/- "))
def test_states_whatever_the_case_and_mark(state: RefundState, case: str, mark: str) -> None:
    text = STATES[state].replace("/", mark).replace("-", mark)
    assert refund_state(getattr(text, case)()) is state
