from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from tests.abi_builder import (
    grand_total,
    jb,
    jc,
    jd,
    jf,
    jg,
    jh,
    jj,
    jk,
    jl,
    line,
    mdcy,
    put,
    tariff,
)

from ieeparefund.ace.abi import AbiFile, read_query_output
from ieeparefund.ace.abi_entry import AbiSummary
from ieeparefund.ace.abi_records import RECORDS, parse_abi_date, parse_record
from ieeparefund.ace.abi_states import AbiCollection
from ieeparefund.ace.file_repairs import FileRepairKind
from ieeparefund.entries.codes import AdCvdStatus, EntryType, LiquidationStatus, ProtestStatus, SummaryStatus
from ieeparefund.errors import FileFormatError, InputError
from ieeparefund.problems import Exclusion, RepairKind

NUMBER = "ZT400001231"
ENTERED = dt.date(2025, 4, 8)
DAY = dt.date(2025, 4, 21)
HEADS = [jd(ENTERED), jf()]
LINES = [line(1), tariff("9903012500", 1000, None), tariff("8708106050", 250, 85)]


def read(*records: str, require_lines: bool = True) -> AbiFile:
    return read_query_output(list(records), require_lines=require_lines)


def only(*records: str, require_lines: bool = True) -> AbiSummary:
    found = read(*records, require_lines=require_lines)
    assert found.problems == ()
    (summary,) = found.summaries
    return summary


def with_state(jb_record: str | None = None, jc_record: str | None = None, *more: str) -> AbiSummary:
    return only(jb_record or jb(NUMBER), jc_record or jc(), jd(ENTERED), jf(), *more, *LINES)


def problem_of(*records: str) -> tuple[int, str, str]:
    found = read(*records)
    assert found.summaries == ()
    assert found.totals.rows_excluded == found.totals.rows_read
    problem = found.problems[0]
    assert problem.remedy
    return problem.row, problem.column, problem.problem


def test_a_whole_answer_becomes_an_entry() -> None:
    summary = only(
        jb(
            NUMBER,
            version="00002",
            psc="Y",
            psc_date=dt.date(2025, 9, 1),
            status="2",
            liquidated=dt.date(2026, 3, 6),
        ),
        jc(collected=DAY, hold_date=dt.date(2025, 6, 1), other="Y", other_due=mdcy(dt.date(2026, 12, 8))),
        jd(ENTERED, duty="000000001250", interest="-00000000099", reasons="0236"),
        put("JE", (3, "x" * 65)),
        jf("12-345678900", "03", dt.date(2025, 4, 10)),
        jg(1),
        jh("98-765432100"),
        jk("12345678901", dt.date(2026, 4, 1), "01", 75000, 0),
        jl(DAY, 1250),
        put("JM", (3, "499"), (6, "00000002634")),
        *LINES,
        put("62", (3, "499")),
        grand_total(1250),
    )
    entry = summary.entry
    assert entry.number.compact == NUMBER
    assert entry.filer_code == "ZT4"
    assert entry.entry_type is EntryType.ANTIDUMPING_COUNTERVAILING
    assert entry.importer == "12-345678900"
    assert entry.notify_party == "98-765432100"
    assert (entry.entry_date, entry.entry_summary_date, entry.deposit_date) == (
        ENTERED,
        dt.date(2025, 4, 10),
        DAY,
    )
    assert entry.liquidation_status is LiquidationStatus.LIQUIDATED
    assert entry.liquidation_date == dt.date(2026, 3, 6)
    assert entry.summary_status is SummaryStatus.ACCEPTED
    assert entry.statement_paid is True
    assert entry.in_ace is True
    assert entry.protest is ProtestStatus.NONE
    assert entry.reconciliation_flagged is True
    assert entry.reconciliation_due == dt.date(2026, 12, 8)
    assert entry.reconciliation_filed is None
    assert entry.correction_pending is None
    assert entry.ad_cvd is None
    (one,) = entry.lines
    assert (one.line_number, one.country_of_origin) == (1, None)
    assert [(t.number, t.value, t.duty) for t in one.tariffs] == [
        ("9903.01.25", None, Decimal("10.00")),
        ("8708.10.60.50", Decimal("85.00"), Decimal("2.50")),
    ]
    assert (summary.first_row, summary.last_row, summary.version) == (1, 15, "00002")
    assert summary.psc_filed is True
    assert summary.psc_date == dt.date(2025, 9, 1)
    assert summary.hold_date == dt.date(2025, 6, 1)
    assert summary.liquidation_reasons == ("02", "36")
    assert summary.liquidated_by_cape
    assert any("36" in note for note in summary.notes)
    assert (summary.liquidated_duty, summary.liquidated_interest) == (Decimal("12.50"), Decimal("-0.99"))
    assert summary.collections == (AbiCollection(DAY, Decimal("12.50")),)
    (bill,) = summary.bills
    assert (bill.number, bill.date, bill.state) == ("12345678901", dt.date(2026, 4, 1), "unpaid")
    assert (bill.total, bill.paid) == (Decimal("750.00"), Decimal("0.00"))


def test_blank_is_not_known_and_never_zero() -> None:
    summary = only(jb(NUMBER), jd(ENTERED), jf("", "01"), line(1), tariff("99030125", None, None))
    entry = summary.entry
    assert entry.lines[0].tariffs[0].duty is None
    for name in (
        "importer",
        "deposit_date",
        "liquidation_date",
        "liquidation_status",
        "summary_status",
        "statement_paid",
        "protest",
        "ad_cvd",
        "reconciliation_flagged",
        "notify_party",
    ):
        assert getattr(entry, name) is None, name
    assert summary.psc_filed is None
    assert summary.liquidated_duty is None
    assert summary.notes == ()


@pytest.mark.parametrize(
    ("code", "holds", "status", "ad_cvd", "noted"),
    [
        ("1", "", LiquidationStatus.UNLIQUIDATED, None, False),
        ("2", "", LiquidationStatus.LIQUIDATED, None, False),
        ("2", "44", LiquidationStatus.LIQUIDATED, None, True),
        ("2", "99", LiquidationStatus.LIQUIDATED, None, True),
        ("3", "", None, None, True),
        ("3", "44", None, None, True),
        (" ", "", None, None, False),
        (" ", "49", LiquidationStatus.EXTENDED, None, False),
        ("1", "43", LiquidationStatus.SUSPENDED, AdCvdStatus.SUSPENDED, False),
        ("1", "44", LiquidationStatus.SUSPENDED, AdCvdStatus.SUSPENDED, False),
        ("1", "45", LiquidationStatus.SUSPENDED, AdCvdStatus.SUSPENDED, False),
        ("1", "46", LiquidationStatus.SUSPENDED, None, False),
        ("1", "47", LiquidationStatus.SUSPENDED, None, False),
        ("1", "48", LiquidationStatus.SUSPENDED, None, False),
        ("1", "49", LiquidationStatus.EXTENDED, None, False),
        ("1", "50", LiquidationStatus.EXTENDED, None, False),
        ("1", "51", LiquidationStatus.EXTENDED, None, False),
        ("1", "65", LiquidationStatus.SUSPENDED, None, False),
        ("1", "66", LiquidationStatus.SUSPENDED, None, False),
        ("1", "01", LiquidationStatus.EXTENDED, None, False),
        ("1", "02", LiquidationStatus.EXTENDED, None, False),
        ("1", "03", LiquidationStatus.EXTENDED, None, False),
        ("1", "04", LiquidationStatus.SUSPENDED, AdCvdStatus.SUSPENDED, False),
        ("1", "05", LiquidationStatus.SUSPENDED, AdCvdStatus.SUSPENDED, False),
        ("1", "06", LiquidationStatus.SUSPENDED, None, False),
        ("1", "07", LiquidationStatus.SUSPENDED, None, False),
        ("1", "08", LiquidationStatus.SUSPENDED, None, False),
        ("1", "4944", LiquidationStatus.SUSPENDED, AdCvdStatus.SUSPENDED, False),
        ("1", "00000000", LiquidationStatus.UNLIQUIDATED, None, False),
        ("1", "99", LiquidationStatus.UNLIQUIDATED, None, True),
    ],
)
def test_extension_and_suspension_codes(
    code: str, holds: str, status: LiquidationStatus | None, ad_cvd: AdCvdStatus | None, noted: bool
) -> None:
    summary = with_state(jb(NUMBER, status=code), jc(holds=holds))
    assert summary.entry.liquidation_status is status
    assert summary.entry.ad_cvd is ad_cvd
    assert bool(summary.notes) is noted
    assert summary.liquidation_code == (code.strip() or None)


@pytest.mark.parametrize(
    ("summary", "control", "status", "noted"),
    [
        ("1", "2", SummaryStatus.ACCEPTED, False),
        ("1", " ", SummaryStatus.ACCEPTED, False),
        ("1", "1", SummaryStatus.TRADE_CONTROL, False),
        (" ", "1", SummaryStatus.TRADE_CONTROL, False),
        (" ", "2", None, False),
        ("1", "3", None, True),
        ("2", "1", SummaryStatus.REJECTED, False),
        ("3", "2", SummaryStatus.CANCELLED, False),
        ("9", "1", None, True),
    ],
)
def test_summary_status(summary: str, control: str, status: SummaryStatus | None, noted: bool) -> None:
    found = with_state(None, jc(summary=summary, control=control))
    assert found.entry.summary_status is status
    assert bool(found.notes) is noted


@pytest.mark.parametrize(
    ("code", "paid", "noted"),
    [
        ("0", False, False),
        ("1", False, True),
        ("2", True, False),
        ("3", None, True),
        ("5", None, True),
        ("6", False, True),
        ("9", None, True),
        (" ", None, False),
    ],
)
def test_collection_status(code: str, paid: bool | None, noted: bool) -> None:
    found = with_state(None, jc(collection=code))
    assert found.entry.statement_paid is paid
    assert bool(found.notes) is noted


@pytest.mark.parametrize(
    ("stated", "taken", "expected", "noted"),
    [
        (DAY, [], DAY, False),
        (None, [(DAY, 100)], DAY, False),
        (DAY, [(DAY, 100)], DAY, False),
        (dt.date(2025, 5, 2), [(DAY, 100)], DAY, True),
        (None, [(dt.date(2025, 6, 1), 100), (DAY, 100)], DAY, True),
        # What was given back, or has no date, is no deposit.
        (None, [(dt.date(2025, 4, 1), -100), (DAY, 100), (None, 100)], DAY, False),
        (None, [], None, False),
    ],
)
def test_deposit_date_is_the_first_collection(
    stated: dt.date | None, taken: list[tuple[dt.date | None, int]], expected: dt.date | None, noted: bool
) -> None:
    found = with_state(None, jc(collected=stated), *(jl(day, amount) for day, amount in taken))
    assert found.entry.deposit_date == expected
    assert bool(found.notes) is noted


def test_nothing_was_deposited_on_an_unpaid_entry() -> None:
    assert with_state(None, jc(collection="0", collected=DAY)).entry.deposit_date is None


def test_a_collection_without_amount_counts() -> None:
    found = with_state(None, None, put("JL", (3, "042125")))
    assert found.entry.deposit_date == DAY
    assert found.collections == (AbiCollection(DAY, None),)


DECIDED = dt.date(2026, 2, 2)
LATER = dt.date(2026, 3, 3)


@pytest.mark.parametrize(
    ("flag", "protests", "state", "noted"),
    [
        ("NO", [], ProtestStatus.NONE, False),
        ("  ", [], None, False),
        ("YS", [], ProtestStatus.OPEN, True),
        ("ZZ", [], None, True),
        ("YS", [("OP", None)], ProtestStatus.OPEN, False),
        ("NO", [("OP", None)], ProtestStatus.OPEN, True),
        ("YS", [("AP", DECIDED)], ProtestStatus.APPROVED, False),
        ("YS", [("DN", DECIDED)], ProtestStatus.DENIED, False),
        ("YS", [("SP", None)], ProtestStatus.SUSPENDED, False),
        ("YS", [("WD", DECIDED)], ProtestStatus.WITHDRAWN, False),
        ("YS", [("NP", DECIDED)], ProtestStatus.DENIED, True),
        ("YS", [("UT", DECIDED)], ProtestStatus.DENIED, True),
        ("YS", [("PD", DECIDED)], ProtestStatus.DENIED, True),
        ("YS", [("PD", None)], None, True),
        ("YS", [("XX", None)], None, True),
        ("YS", [("  ", None)], None, True),
        ("YS", [("DN", DECIDED), ("OP", None)], ProtestStatus.OPEN, False),
        ("YS", [("SP", None), ("AP", DECIDED)], ProtestStatus.SUSPENDED, False),
        ("YS", [("AP", LATER), ("DN", DECIDED)], ProtestStatus.APPROVED, False),
        ("YS", [("AP", DECIDED), ("DN", LATER)], ProtestStatus.DENIED, False),
    ],
)
def test_protest(
    flag: str, protests: list[tuple[str, dt.date | None]], state: ProtestStatus | None, noted: bool
) -> None:
    records = [jj(f"{place:012d}", code, day) for place, (code, day) in enumerate(protests)]
    found = with_state(None, jc(protest=flag), *records)
    assert found.entry.protest is state
    assert bool(found.notes) is noted
    assert found.protest_numbers == tuple(f"{place:012d}" for place in range(len(protests)))


DUE = dt.date(2026, 12, 8)
SOONER = dt.date(2026, 4, 8)


@pytest.mark.parametrize(
    ("fta", "fta_due", "other", "other_due", "flagged", "due", "noted"),
    [
        ("", "", "", "", None, None, False),
        ("N", "", "N", "", False, None, False),
        ("N", "", "", "", None, None, False),
        ("000", "", "N", "", None, None, False),
        ("Y", mdcy(SOONER), "Y", mdcy(DUE), True, SOONER, False),
        ("N", "", "YES", DUE.strftime("%Y%m%d"), True, DUE, False),
        ("", DUE.strftime("%m%d%y"), "", "", True, DUE, True),
        ("Y01", "", "", "", True, None, True),
        ("ABC", "", "", "", None, None, True),
        ("", "00000000", "", "", None, None, False),
    ],
)
def test_reconciliation(
    fta: str, fta_due: str, other: str, other_due: str, flagged: bool | None, due: dt.date | None, noted: bool
) -> None:
    found = with_state(None, jc(fta=fta, fta_due=fta_due, other=other, other_due=other_due))
    assert found.entry.reconciliation_flagged is flagged
    assert found.entry.reconciliation_due == due
    assert bool(found.notes) is noted


@pytest.mark.parametrize(
    ("flag", "filed", "noted"), [("Y", True, False), ("N", False, False), ("7", None, True)]
)
def test_correction_flag_never_says_pending(flag: str, filed: bool | None, noted: bool) -> None:
    found = with_state(jb(NUMBER, psc=flag))
    assert found.psc_filed is filed
    assert found.entry.correction_pending is None
    assert bool(found.notes) is noted


def test_a_grand_total_that_does_not_tie_means_a_lost_record() -> None:
    assert with_state(None, None, put("90")).notes == ()
    assert only(jb(NUMBER), jd(ENTERED), jf(), *LINES, grand_total(1250)).notes == ()
    records = [jb(NUMBER), jd(ENTERED), jf(), *LINES, grand_total(1300)]
    row, column, words = problem_of(*records)
    assert (row, column) == (7, "90 3-13 total duty")
    assert "13.00" in words
    assert "12.50" in words
    (summary,) = read_query_output(records, check_totals=False).summaries
    assert summary.notes == ("record 90 totals duty at 13.00, the 50-records add up to 12.50",)


def test_a_check_digit_that_does_not_hold_is_noted() -> None:
    (note,) = only(jb("ZT400001232"), jd(ENTERED), jf(), *LINES).notes
    assert "check digit" in note


def test_bill_states_stay_open() -> None:
    found = with_state(None, None, jk("1", DAY, "77", 5, 5), jk("2", DAY, "  ", 5, 5))
    assert [bill.state for bill in found.bills] == ["77", None]


@pytest.mark.parametrize(
    ("records", "row", "column", "words"),
    [
        ([jb(NUMBER), jd(None), jf(), *LINES], 2, "JD 4-9 entry date", "missing"),
        ([jb(NUMBER), jf(), *LINES], 1, "JD 4-9 entry date", "missing"),
        ([jb(NUMBER), jd(ENTERED), *LINES], 1, "entry_type", "known codes"),
        ([jb(NUMBER), jd(ENTERED), jf(kind="99"), *LINES], 1, "entry_type", "known codes"),
        ([jb("ZT4 0001231"), jd(ENTERED), jf(), *LINES], 1, "JB", "eight digits"),
        ([jb(NUMBER), put("JD", (4, "023025")), jf(), *LINES], 2, "JD 4-9 entry date", "MMDDYY"),
        ([jb(NUMBER), jc(fta_due="20261399"), jd(ENTERED), jf(), *LINES], 2, "JC 50-57", "MMDDYYYY"),
        ([jb(NUMBER), jd(ENTERED, duty="12X"), jf(), *LINES], 2, "JD 10-21 liquidated duty", "cents"),
        ([jb(NUMBER), jd(ENTERED), jf(), put("JG", (16, "A01")), *LINES], 4, "JG 16-18 line count", "whole"),
        ([jb(NUMBER), jd(ENTERED), jd(ENTERED), jf(), *LINES], 3, "JD", "twice"),
        ([jb(NUMBER), jd(ENTERED), jf(), tariff("99030125", 1, 1)], 4, "50", "before the first 4A"),
        (
            [jb(NUMBER), jd(ENTERED), jf(), line(1), tariff("990301", 1, 1)],
            5,
            "50 3-12 tariff number",
            "digits",
        ),
        ([jb(NUMBER), jd(ENTERED), jf(), line(1), tariff("", 1, 1)], 5, "50 3-12 tariff number", "digits"),
        ([jb(NUMBER), jd(ENTERED), jf(), line(0), *LINES[1:]], 4, "4A 3-7 line number", "line_number"),
        ([jb(NUMBER), jd(ENTERED), jf(), put("4A"), *LINES[1:]], 4, "4A 3-7 line number", "line_number"),
        ([jb(NUMBER), jd(ENTERED), jf(), line(1)], 4, "4A 3-7 line number", "one or more"),
        ([jb(NUMBER), jd(ENTERED), jf(), *LINES, *LINES], 1, "lines", "twice"),
        ([jb(NUMBER), jd(ENTERED), jf(), jg(2), *LINES], 1, "JG 16-18 line count", "counts 2"),
        ([jb(NUMBER), jd(ENTERED), jf(), jg(1)], 1, "4A", "no line details"),
        ([jb(NUMBER), jd(ENTERED), jf(), "J?", *LINES], 4, "J?", "not known"),
        ([jb(NUMBER), jd(ENTERED), jf(), *LINES, line(2) + "x"], 7, "4A", "81 columns"),
        (
            [jb(NUMBER, liquidated=dt.date(2025, 1, 3)), jd(ENTERED), jf(), *LINES],
            1,
            "liquidation_date",
            "before",
        ),
    ],
)
def test_a_bad_record_leaves_out_its_entry(records: list[str], row: int, column: str, words: str) -> None:
    found = problem_of(*records)
    assert found[0] == row
    assert column in found[1]
    assert words in found[2]


def test_a_bad_record_never_hides_the_others() -> None:
    other = "ZT400004565"
    found = read(
        jb(NUMBER),
        put("JD", (4, "999999")),
        jf(),
        line(1),
        put("50", (3, "99030125"), (14, "12.5")),
        tariff("8708106050", 300, 85),
        jb(other),
        jd(ENTERED),
        jf(),
        *LINES,
    )
    assert [entry.number.compact for entry in found.entries] == [other]
    assert [problem.row for problem in found.problems] == [2, 5]
    assert {problem.entry_number for problem in found.problems} == {NUMBER}
    assert "6 records" in found.problems[0].remedy
    totals = found.totals
    assert (totals.rows_read, totals.rows_used, totals.rows_excluded) == (12, 6, 6)
    assert (totals.duty_read, totals.duty_used, totals.duty_excluded) == (
        Decimal("15.50"),
        Decimal("12.50"),
        Decimal("3.00"),
    )
    assert totals.duty_unreadable == 1


def test_entries_without_line_details_on_request() -> None:
    summary = only(jb(NUMBER, status="1"), jc(), jd(ENTERED), jf(), jg(3), require_lines=False)
    assert summary.entry.lines == ()
    assert summary.entry.liquidation_status is LiquidationStatus.UNLIQUIDATED


def test_control_records_are_used_and_blank_lines_are_not() -> None:
    found = read("A4601ZT4042125", "B  ER", jb(NUMBER), jd(ENTERED), jf(), *LINES, "", "Y  ER", "Z4601ZT4")
    assert len(found.entries) == 1
    assert found.totals.rows_by_reason[Exclusion.BLANK] == 1
    assert (found.totals.rows_read, found.totals.rows_used) == (11, 10)


def test_records_after_a_control_record_or_message_tear_the_entry() -> None:
    torn = [jb(NUMBER), jd(ENTERED), jf(), LINES[0], "B0 spoilt 50-record", LINES[1], LINES[2]]
    found = read(*torn)
    assert found.entries == ()
    (problem,) = found.problems
    assert (problem.row, problem.column) == (6, "")
    assert "torn" in problem.problem


def test_messages_are_reported_and_end_an_entry() -> None:
    found = read(jb(NUMBER), jd(ENTERED), jf(), *LINES, "E1 ENTRY NOT ON FILE")
    assert len(found.entries) == 1
    (problem,) = found.problems
    assert (problem.row, problem.column, problem.value) == (7, "E1", "E1 ENTRY NOT ON FILE")
    # An answer that holds nothing but a message is still an answer.
    assert read("E1 ENTRY NOT ON FILE").summaries == ()


def test_records_before_any_entry_are_reported_without_importers() -> None:
    found = read(jf("12-345678900"), jh("98-765432100"), jb(NUMBER), jd(ENTERED), jf(), *LINES)
    assert len(found.entries) == 1
    assert [problem.row for problem in found.problems] == [1, 2]
    assert all(
        "345678900" not in problem.value and "765432100" not in problem.value for problem in found.problems
    )
    over_long = read(jb(NUMBER), jd(ENTERED), jf("12-345678900") + "x", *LINES).problems[0]
    assert "345678900" not in over_long.value


WHOLE = [jb(NUMBER), jd(ENTERED), jf(), *LINES]


def test_equal_answers_count_once() -> None:
    found = read(*WHOLE, *[record.rstrip() for record in WHOLE])
    assert len(found.entries) == 1
    assert found.problems == ()
    (repair,) = found.repairs
    assert (repair.kind, repair.row, repair.found) == (FileRepairKind.REPEAT, 7, NUMBER)
    assert "row 7" in str(repair)
    assert found.totals.rows_excluded == 6
    assert found.totals.duty_used == Decimal("12.50")


def test_the_highest_version_counts() -> None:
    older, newer = jb(NUMBER, version="00001"), jb(NUMBER, version="00010", status="2")
    for order in ([older, *WHOLE[1:], newer, *WHOLE[1:]], [newer, *WHOLE[1:], older, *WHOLE[1:]]):
        found = read(*order)
        (summary,) = found.summaries
        assert summary.version == "00010"
        (repair,) = found.repairs
        assert repair.kind is FileRepairKind.OLDER_VERSION


def test_contradicting_answers_leave_the_entry_out() -> None:
    found = read(*WHOLE, *WHOLE, jb(NUMBER, status="2"), *WHOLE[1:])
    assert found.entries == ()
    assert [problem.row for problem in found.problems] == [1, 7, 13]
    assert "3 times" in found.problems[0].problem
    assert found.totals.rows_excluded == 18


def test_summaries_without_a_version_compare() -> None:
    found = read(jb(NUMBER, version=" " * 5), *WHOLE[1:], *WHOLE)
    assert found.summaries[0].version == "00001"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_files_in_any_shape(tmp_path: Path, end: str) -> None:
    path = tmp_path / "er.txt"
    text = end.join(WHOLE)
    path.write_bytes(b"\xef\xbb\xbf" * (end == "\n") + f"{text}{end}".encode() + b"\x1a" * (end == "\r\n"))
    for source in (path, str(path)):
        found = read_query_output(source)
        assert found.entries == read(*WHOLE).entries
        assert found.file == str(path)
        kinds = [repair.kind for repair in found.repairs]
        expected = {"\n": [RepairKind.BYTE_ORDER_MARK], "": [FileRepairKind.CUT]}
        assert kinds == expected.get(end, [])
        assert all(str(repair).startswith("file: ") for repair in found.repairs)


def test_stray_bytes_keep_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "er.txt"
    for stray in (b"\xe9", b"\x81"):
        reference = put("JG", (16, "001"), (30, "#")).encode().replace(b"#", stray)
        path.write_bytes(
            b"\n".join([*(record.encode() for record in WHOLE[:3]), reference, *map(str.encode, LINES)])
        )
        assert len(read_query_output(path).entries) == 1


def test_an_open_file_gives_records(tmp_path: Path) -> None:
    path = tmp_path / "er.txt"
    path.write_text("\n".join(WHOLE) + "\n", encoding="ascii")
    with path.open(encoding="ascii") as file:
        assert read_query_output(file).entries == read(*WHOLE).entries


def test_files_that_are_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "er.txt"
    with pytest.raises(FileFormatError, match="cannot be opened"):
        read_query_output(path)
    path.write_bytes(b"")
    with pytest.raises(FileFormatError, match="empty"):
        read_query_output(path)
    path.write_bytes(b"Entry Number,Duty\nZT400001231,5\n")
    with pytest.raises(FileFormatError, match="no JB record"):
        read_query_output(path)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("042125", dt.date(2025, 4, 21)),
        ("010169", dt.date(2069, 1, 1)),
        ("010170", dt.date(1970, 1, 1)),
        ("123199", dt.date(1999, 12, 31)),
        ("      ", None),
        ("000000", None),
        ("04212025", dt.date(2025, 4, 21)),
        ("20250421", dt.date(2025, 4, 21)),
        ("19991231", dt.date(1999, 12, 31)),
    ],
)
def test_dates_and_their_century(text: str, day: dt.date | None) -> None:
    assert parse_abi_date(text) == day


@pytest.mark.parametrize("text", ["4212", "13012025", "130125", "0421/5", "04213025", "2025042", "٠٤٢١٢٥"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_abi_date(text)


@pytest.mark.parametrize("kind", RECORDS)
def test_fields_of_a_record_do_not_overlap(kind: str) -> None:
    taken: set[int] = set()
    for field in RECORDS[kind]:
        columns = set(range(field.start, field.end + 1))
        assert columns <= set(range(3, 81))
        assert not columns & taken
        taken |= columns
        assert field.columns in (f"{field.start}-{field.end}", str(field.start))


def test_parse_record_knows_only_its_layouts() -> None:
    assert parse_record("4A00012") == {"line number": 12}
    assert parse_record("62499") == {}
    with pytest.raises(InputError, match="81 columns"):
        parse_record("62".ljust(80) + "1")
