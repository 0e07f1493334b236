"""The CAPE upload file byte for byte, and the public cases about it.

Sources: CSMS 68315804 and CBP's quick reference guide as restated (format); cases 14 to 19 of the public
cases on IEEPA refund work (chpowell.com on CBP's update of 2026-05-26; newscard.xyz of 2026-04-21; guides;
Form 7501 instructions; conglobus.com).
"""

from __future__ import annotations

import hashlib

import pytest

from ieeparefund.ace.cape_declaration import declaration_bytes, read_declaration
from ieeparefund.entries.entry_number import entry_check_digit
from ieeparefund.errors import InputError


def test_case_14_one_column_and_nothing_else() -> None:
    assert (
        declaration_bytes(["ZT400001231", "ZT400004565"], line_end="lf")
        == b"Entry Number\nZT400001231\nZT400004565\n"
    )
    assert (
        declaration_bytes(["ZT400001231", "ZT400004565"]) == b"Entry Number\r\nZT400001231\r\nZT400004565\r\n"
    )


def test_a_full_file_has_these_bytes() -> None:
    tens = [f"ZT4{place:07d}" for place in range(1, 10_000)]
    data = declaration_bytes(f"{ten}{entry_check_digit(ten)}" for ten in tens)
    assert len(data) == 130_001
    assert (
        hashlib.sha256(data).hexdigest() == "25466e2fdc76442021e88bdf040830f405d4abb8c778ffbe00e847daea254cac"
    )


def test_case_15_byte_order_mark_blanks_and_blank_rows() -> None:
    found = read_declaration(b"\xef\xbb\xbfEntry Number\r\nZT400001231 \r\n\r\n")
    assert [number.compact for number in found.numbers] == ["ZT400001231"]
    assert [repair.kind.name for repair in found.repairs] == ["BYTE_ORDER_MARK", "BLANKS", "BLANK_ROW"]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("cell", "compact", "repairs"),
    [
        ("100023456", "00100023456", ["ZEROS"]),
        ('"=""ZT400001231"""', "ZT400001231", ["UNWRAPPED"]),
        ("\u2019ZT400001231", "ZT400001231", ["UNWRAPPED"]),
        ("zt4 \u2013 0000123 \u2013 1", "ZT400001231", ["DASHES", "BLANKS", "UPPER_CASE"]),
    ],
    ids=["case 16", "case 17", "case 17, apostrophe", "case 18"],
)
def test_spellings_of_a_number(cell: str, compact: str, repairs: list[str]) -> None:
    found = read_declaration(f"Entry Number\n{cell}\n".encode())
    assert [number.compact for number in found.numbers] == [compact]
    assert [repair.kind.name for repair in found.repairs] == repairs


def test_case_19_a_file_never_takes_more_than_9999() -> None:
    tens = [f"ZT4{place:07d}" for place in range(20_000)]
    numbers = [f"{ten}{entry_check_digit(ten)}" for ten in tens]
    with pytest.raises(InputError, match="20,000 entries"):
        declaration_bytes(numbers)
    files = [declaration_bytes(numbers[start : start + 9999]) for start in range(0, 20_000, 9999)]
    read = [read_declaration(data).numbers for data in files]
    assert [len(found) for found in read] == [9999, 9999, 2]
    assert [number.compact for found in read for number in found] == numbers
