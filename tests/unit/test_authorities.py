"""Which law a tariff number rests on."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from ieeparefund.errors import FieldError, HtsNumberError
from ieeparefund.law.authorities import Authority, authority, is_ieepa_number, look_alike, look_alikes
from ieeparefund.law.citations import Standing


@pytest.mark.parametrize(
    ("number", "law"),
    [
        # CSMS 67844987: section 122 replaced IEEPA duty, with the same wording, one minute later.
        ("9903.03.01", Authority.SECTION_122),
        ("99030311", Authority.SECTION_122),
        ("9903.03.12", Authority.OTHER),
        ("9903.01.01", Authority.IEEPA),
        ("99030125", Authority.IEEPA),
        ("9903.01.25.00", Authority.IEEPA),
        ("9903.02.91", Authority.IEEPA),
        # Named in note 2(v), or unassigned: never a rate line, yet in the IEEPA range.
        ("9903.01.35", Authority.IEEPA),
        ("9903.01.39", Authority.IEEPA),
        ("9903.01.36", Authority.IEEPA),
        ("9903.00.99", Authority.OTHER),
        ("9903.04.05", Authority.OTHER),
        ("9903.04.60", Authority.SECTION_232),
        ("9903.05.01", Authority.SECTION_301),
        ("9903.05.10", Authority.OTHER),
        ("9903.05.38", Authority.SECTION_301),
        ("9903.06.21", Authority.SECTION_301),
        ("9903.40.05", Authority.OTHER),
        ("9903.45.25", Authority.SECTION_201),
        ("9903.85.08", Authority.SECTION_232),
        ("9903.88.03", Authority.SECTION_301),
        ("9903.91.01", Authority.SECTION_301),
        ("9903.94.50", Authority.SECTION_232),
        ("9903.96.01", Authority.OTHER),
        ("9902.11.01", Authority.OTHER),
        ("9922.01.01", Authority.OTHER),
        ("9999.99.99", Authority.OTHER),
        ("8471.30.01.00", Authority.NONE),
        ("0101.21.00", Authority.NONE),
        # Chapter 98 is entered at ordinary rates: duty there is no additional duty.
        ("9802.00.80", Authority.NONE),
        ("A-570-979", Authority.AD_CVD),
        ("C570980", Authority.AD_CVD),
        ("A-570-979-001", Authority.AD_CVD),
        ("499", Authority.OTHER),
        ("501", Authority.OTHER),
    ],
)
def test_authority(number: str, law: Authority) -> None:
    assert authority(number) is law
    assert authority(number, dt.date(2025, 7, 1)) is law


def test_the_entry_date_must_be_a_date() -> None:
    with pytest.raises(FieldError, match="not a date") as error:
        authority("9903.01.25", "2025-07-01")  # type: ignore[arg-type]  # what a user may pass by mistake
    assert error.value.column == "on"


@pytest.mark.parametrize("number", ["", "9903", "tariff", "12345", "9903.01.2x"])
def test_text_that_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(HtsNumberError):
        authority(number)


def test_ieepa_numbers() -> None:
    assert is_ieepa_number("99030224")
    assert is_ieepa_number("9903.01.35")
    assert not is_ieepa_number("9903.03.01")
    assert not is_ieepa_number("8471.30.01.00")


def test_look_alikes_keep_their_words() -> None:
    rows = look_alikes()
    assert len(rows) == 33
    autos = look_alike("9903.94.51")
    assert autos is not None
    assert autos.note == "the all-in pairs look like 9903.02.20 but are Section 232"
    assert autos.mirrors_ieepa
    assert (autos.heading_range, autos.authority) == ("9903.94", Authority.SECTION_232)
    assert autos.standing is Standing.PUBLISHED
    assert look_alike("8471.30.01.00") is None
    pharma = look_alike("9903.04.69")
    assert pharma is not None
    assert (pharma.confidence, pharma.standing) == ("secondary", Standing.INFERRED)
    other = look_alike("99040101")
    assert other is not None
    assert other.spans == (("99010000", "99029999"), ("99040000", "99229999"))


def test_a_look_alike_has_the_rate_and_dates_of_its_range() -> None:
    # CSMS 67844987: section 122 from 2026-02-24 for 150 days.
    surcharge = look_alike("9903.03.01")
    assert surcharge is not None
    assert surcharge.name == "Section 122 surcharge"
    assert surcharge.rate_and_dates.startswith("10% from 2026-02-24T00:01 to 2026-07-24T00:01")


def test_ten_digits_lie_in_the_range_of_their_first_eight() -> None:
    for row in look_alikes():
        for number in itertools.chain.from_iterable(row.spans):
            assert look_alike(f"{number}10") is look_alike(number) is row


def test_no_look_alike_lies_in_the_ieepa_range_and_no_two_meet() -> None:
    spans = sorted(span for row in look_alikes() for span in row.spans)
    assert all(first <= last for first, last in spans)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))
    assert not any(first < "99030300" and last >= "99030100" for first, last in spans)


def test_countervailing_cases_are_told_by_their_letter() -> None:
    assert authority("C-570-980") is Authority.AD_CVD
