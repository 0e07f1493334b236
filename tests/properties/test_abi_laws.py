from __future__ import annotations

import datetime as dt
import random
import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from tests.abi_builder import jb, jc, jd, jf, jg, jh, jj, jl, line, mdcy, mdy, tariff
from tests.strategies import dates, entry_numbers

from ieeparefund.ace.abi import AbiFile, read_query_output
from ieeparefund.ace.abi_codes import HOLDS, PROTESTS
from ieeparefund.ace.abi_records import RECORDS, parse_abi_date, parse_record
from ieeparefund.entries.codes import EntryType, LiquidationStatus, ProtestStatus, SummaryStatus
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.errors import IeepaRefundError

_STATUS = {"1": LiquidationStatus.UNLIQUIDATED, "2": LiquidationStatus.LIQUIDATED, " ": None}
_SUMMARY = {"1": SummaryStatus.ACCEPTED, "2": SummaryStatus.REJECTED, "3": SummaryStatus.CANCELLED}
_PROTEST = {
    None: ProtestStatus.NONE,
    "OP": ProtestStatus.OPEN,
    "AP": ProtestStatus.APPROVED,
    "DN": ProtestStatus.DENIED,
    "SP": ProtestStatus.SUSPENDED,
    "WD": ProtestStatus.WITHDRAWN,
}
_PAID = {"0": False, "1": False, "2": True, "6": False}


@st.composite
def abi_lines(draw: st.DrawFn) -> EntryLine:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["9903.01.24", "9903.02.20", "8471.30.01.00", "0901.11.00.25"]),
                st.one_of(st.none(), st.integers(0, 10**9)),
                st.one_of(st.none(), st.integers(-(10**8), 10**9)),
            ),
            min_size=1,
            max_size=4,
        )
    )
    tariffs = [
        TariffLine(number, value, None if duty is None else Decimal(duty).scaleb(-2))
        for number, value, duty in rows
    ]
    return EntryLine(1, None, tariffs)


@st.composite
def answers(draw: st.DrawFn) -> tuple[Entry, list[str]]:
    """An entry, and the records that tell of it."""
    number = draw(entry_numbers())
    entered = draw(dates())
    status = draw(st.sampled_from(sorted(_STATUS)))
    liquidated = draw(st.one_of(st.none(), st.dates(entered, dt.date(2027, 6, 30))))
    deposited = draw(st.one_of(st.none(), st.dates(entered, entered + dt.timedelta(days=60))))
    filed = draw(st.one_of(st.none(), st.dates(entered, entered + dt.timedelta(days=20))))
    summary = draw(st.sampled_from(sorted(_SUMMARY)))
    collection = draw(st.sampled_from(sorted(_PAID)))
    protest = draw(st.sampled_from(list(_PROTEST)))
    due = draw(st.one_of(st.none(), st.dates(entered, entered + dt.timedelta(days=640))))
    importer = draw(st.sampled_from(["", "12-345678900", "123-45-6789"]))
    party = draw(st.sampled_from(["", "98-765432100"]))
    kind = draw(st.sampled_from(EntryType))
    count = draw(st.integers(1, 3))
    lines = [draw(abi_lines()) for _ in range(count)]
    lines = [EntryLine(place, None, found.tariffs) for place, found in enumerate(lines, start=1)]
    by_record = draw(st.booleans())
    records = [
        jb(number.compact, status=status, liquidated=liquidated),
        jc(
            summary=summary,
            collection=collection,
            collected=None if by_record else deposited,
            protest="NO" if protest is None else "YS",
            fta="N",
            other="Y" if due else "N",
            other_due=mdcy(due) if due else "",
        ),
        jd(entered),
        jf(importer, kind.value, filed),
        jg(count),
        *([jh(party)] if party else []),
        *([jj("000000000001", protest)] if protest else []),
        *([jl(deposited, 100)] if by_record and deposited else []),
    ]
    for found in lines:
        records.append(line(found.line_number))
        for row in found.tariffs:
            duty = None if row.duty is None else int(row.duty.scaleb(2))
            value = None if row.value is None else int(row.value)
            records.append(tariff(row.number.replace(".", ""), duty, value))
    entry = Entry(
        number,
        kind,
        entered,
        lines,
        importer=importer or None,
        deposit_date=None if collection == "0" else deposited,
        entry_summary_date=filed,
        liquidation_date=liquidated,
        liquidation_status=_STATUS[status],
        summary_status=_SUMMARY[summary],
        statement_paid=_PAID[collection],
        protest=_PROTEST[protest],
        reconciliation_flagged=due is not None,
        reconciliation_due=due,
        in_ace=True,
        notify_party=party or None,
    )
    return entry, records


def books() -> st.SearchStrategy[list[tuple[Entry, list[str]]]]:
    return st.lists(answers(), max_size=4, unique_by=lambda answer: answer[0].number)


@given(books())
def test_what_the_records_tell_comes_back(book: list[tuple[Entry, list[str]]]) -> None:
    records = ["A4601ZT4", *(record for _, found in book for record in found), "Z4601ZT4"]
    found = read_query_output(records)
    assert found.entries == tuple(entry for entry, _ in book)
    assert found.problems == ()
    assert found.totals.rows_used == found.totals.rows_read == len(records)
    rows = [summary.last_row - summary.first_row + 1 for summary in found.summaries]
    assert rows == [len(part) for _, part in book]


@given(answers(), st.sampled_from(["\n", "\r\n", "\r", ""]), st.booleans())
def test_the_shape_of_the_file_does_not_matter(answer: tuple[Entry, list[str]], end: str, cut: bool) -> None:
    entry, records = answer
    if cut and end:
        records = [record.rstrip() for record in records]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "er.txt"
        path.write_bytes(end.join(records).encode("ascii"))
        assert read_query_output(path).entries == (entry,)


def assert_ties(found: AbiFile, read: int) -> None:
    totals = found.totals
    assert totals.rows_read == read == totals.rows_used + totals.rows_excluded
    assert totals.duty_read == totals.duty_used + totals.duty_excluded
    kept = sum((t.duty or 0 for e in found.entries for row in e.lines for t in row.tariffs), Decimal(0))
    assert totals.duty_used == kept
    assert all(problem.remedy and 1 <= problem.row <= read for problem in found.problems)


@given(books(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_spoilt_records_never_stop_the_reading_nor_change_other_entries(
    book: list[tuple[Entry, list[str]]], chance: random.Random, spoils: int
) -> None:
    records = [(place, record) for place, (_, found) in enumerate(book) for record in found]
    if not records:
        return
    hit: set[int] = set()
    texts = [record for _, record in records]
    for _ in range(spoils):
        row = chance.randrange(len(records))
        # The first record stays, so that a spoilt JB has an entry before it and the file stays an answer.
        if row:
            column = chance.randrange(80)
            text = texts[row]
            texts[row] = text[:column] + chance.choice("0A9- x") + text[column + 1 :]
            hit |= {records[row][0], max(0, records[row][0] - 1)}
    found = read_query_output(texts)
    assert_ties(found, len(texts))
    untouched = {entry.number: entry for place, (entry, _) in enumerate(book) if place not in hit}
    by_number = {entry.number: entry for entry in found.entries}
    for number, entry in untouched.items():
        if number not in by_number:
            # A spoilt entry may take the number of another one; then the two contradict each other.
            assert any(number.compact == problem.entry_number for problem in found.problems)
        else:
            assert by_number[number] == entry


_KINDS = st.sampled_from([*RECORDS, "62", "E1", "A0", "Z ", "J?", ""])
_TEXTS = st.text(st.characters(codec="ascii"), max_size=90)
_RECORDS = st.one_of(_TEXTS, st.builds(lambda kind, text: kind + text, _KINDS, _TEXTS), st.text(max_size=85))


@given(st.lists(_RECORDS, max_size=12))
@example(["JB" + "٣" * 20])
def test_any_text_gives_an_answer_or_an_error_of_the_package(records: list[str]) -> None:
    try:
        found = read_query_output(records)
    except IeepaRefundError:
        return
    assert_ties(found, len(records))


@given(st.binary(max_size=400))
@example(b"JB" + b"\x00" * 200)
def test_any_bytes_give_an_answer_or_an_error_of_the_package(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "er.txt"
        path.write_bytes(data)
        try:
            found = read_query_output(path)
        except IeepaRefundError:
            return
        assert_ties(found, found.totals.rows_read)


@given(st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)))
def test_dates_come_back(day: dt.date) -> None:
    assert parse_abi_date(mdy(day)) == parse_abi_date(mdcy(day)) == parse_abi_date(f"{day:%Y%m%d}") == day


@given(_RECORDS)
def test_a_record_has_the_fields_of_its_layout_or_an_error(text: str) -> None:
    try:
        found = parse_record(text)
    except IeepaRefundError:
        return
    assert list(found) == [field.name for field in RECORDS.get(text[:2], ())]


@given(answers(), st.lists(st.sampled_from(sorted(HOLDS)), min_size=1, max_size=4))
def test_a_suspension_weighs_more_than_an_extension(
    answer: tuple[Entry, list[str]], codes: list[str]
) -> None:
    entry, records = answer
    records = [jb(entry.number.compact, status="1"), jc(holds="".join(codes)), *records[2:]]
    (found,) = read_query_output(records).entries
    states = {HOLDS[code].status for code in codes}
    suspended = LiquidationStatus.SUSPENDED in states
    assert found.liquidation_status is (
        LiquidationStatus.SUSPENDED if suspended else LiquidationStatus.EXTENDED
    )
    assert (found.ad_cvd is not None) == bool({"43", "44", "45", "04", "05"} & set(codes))


@given(answers(), st.permutations(sorted(PROTESTS)))
def test_an_open_protest_weighs_most_in_any_order(answer: tuple[Entry, list[str]], codes: list[str]) -> None:
    entry, records = answer
    protests = [jj(f"{place:012d}", code) for place, code in enumerate(codes)]
    records = [record for record in records if not record.startswith("JJ")]
    (found,) = read_query_output([*records[:2], *protests, *records[2:]]).entries
    assert found.protest is ProtestStatus.OPEN
    assert found.number == entry.number
