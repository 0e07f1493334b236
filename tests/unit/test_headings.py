"""The heading table and its look-ups. Facts: HTSUS chapter 99 U.S. note 2 and the CSMS messages named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ieeparefund.errors import FieldError, HtsNumberError
from ieeparefund.law.citations import Standing, cite
from ieeparefund.law.headings import (
    Authority,
    Ground,
    Heading,
    HeadingKind,
    Programme,
    authority,
    country_headings,
    heading_rows,
    ieepa_heading,
    ieepa_headings,
    measures_without_heading,
    origin_country,
)

D = dt.date


def at(text: str) -> dt.datetime:
    """A clock time, US eastern without zone, as the table holds it."""
    return dt.datetime.fromisoformat(text)


def rate(number: str, on: dt.date, country: str | None = None) -> Decimal | None:
    row = ieepa_heading(number, on, country)
    assert row is not None
    return row.rate


def test_every_heading_of_the_tariff_is_there() -> None:
    rows = ieepa_headings()
    assert len(rows) == 180
    numbers = {row.number for row in rows}
    # HTS 2026 revision 6 prints 166 headings in 9903.01 and 9903.02; two more lift reciprocal duty.
    assert len(numbers) == 168
    assert {number for number in numbers if authority(number) is not Authority.IEEPA} == {
        "9903.96.01",
        "9903.96.02",
    }
    assert not numbers & {f"9903.01.{tail}" for tail in (35, 36, 37, 38, 39, 40, 41, 42)}


def test_what_a_number_is_never_changes_with_the_date() -> None:
    for number in {row.number for row in ieepa_headings()}:
        rows = heading_rows(number)
        assert len({(row.kind, row.programme, row.ground, row.cap_total) for row in rows}) == 1


def test_the_periods_of_a_heading_leave_no_gap() -> None:
    for number in {row.number for row in ieepa_headings()}:
        rows = sorted(heading_rows(number), key=lambda row: row.first_day)
        end = rows[0].last_day
        for row in rows[1:]:
            assert row.first_day <= end + dt.timedelta(days=1)
            end = max(end, row.last_day)


def test_a_row_keeps_everything_of_its_source() -> None:
    row = heading_rows("9903.02.56")[0]
    assert row.number == "9903.02.56"
    assert row.programme is Programme.RECIPROCAL
    assert row.countries == {"KR"}
    assert (row.kind, row.ground, row.rate, row.cap_total) == (HeadingKind.DUTY, Ground.COUNTRY, 15, None)
    assert row.basis == "full customs value"
    assert row.effective_from == at("2025-08-07T00:01")
    assert row.effective_to == at("2025-11-14T00:01")
    assert (row.first_day, row.last_day) == (D(2025, 8, 7), D(2025, 11, 13))
    assert row.in_transit_until == at("2025-10-05T00:01")
    assert row.in_transit_loaded_before == at("2025-08-07T00:01")
    assert row.reported_until == at("2025-12-04T00:01")
    assert "90 FR 55964" in row.citation
    assert [source.id for source in row.citations][:2] == ["eo-14326", "90-fr-55964"]
    assert "Terminated retroactively" in row.note
    assert (row.confidence, row.standing) == ("primary", Standing.PUBLISHED)


def test_standing_follows_the_confidence() -> None:
    row = ieepa_heading("9903.01.63", D(2025, 4, 9))
    assert row is not None
    assert (row.confidence, row.standing) == ("secondary", Standing.INFERRED)


def test_every_citation_is_in_the_registry() -> None:
    for row in ieepa_headings():
        assert row.citations
    for measure in measures_without_heading():
        assert measure.citation_ids


def test_the_day_and_the_minute_of_a_change() -> None:
    first, second = heading_rows("9903.01.24")
    assert first.holds_on(D(2025, 3, 4))
    assert first.holds_on(D(2025, 11, 9))
    assert not first.holds_on(D(2025, 11, 10))
    assert not first.holds_at(at("2025-03-04T00:00"))
    assert first.holds_at(at("2025-03-04T00:01"))
    assert first.holds_at(at("2025-11-10T00:00"))
    assert not first.holds_at(at("2025-11-10T00:01"))
    # The end is midnight, one minute before section 122 began (CSMS 67834313, 67844987).
    assert second.holds_at(at("2026-02-23T23:59"))
    assert not second.holds_at(at("2026-02-24T00:00"))
    assert second.holds_on(D(2026, 2, 23))
    assert not second.holds_on(D(2026, 2, 24))


def test_in_transit_and_reporting_ends_are_excluded() -> None:
    row = heading_rows("9903.02.56")[0]
    assert row.in_transit_on(D(2025, 10, 4))
    assert not row.in_transit_on(D(2025, 10, 5))
    assert not row.in_transit_on(D(2025, 8, 6))
    assert row.reportable_on(D(2025, 12, 3))
    assert not row.reportable_on(D(2025, 12, 4))
    assert not row.reportable_on(D(2025, 8, 6))
    plain = heading_rows("9903.01.24")[0]
    assert not plain.in_transit_on(D(2025, 6, 1))
    assert not plain.reportable_on(D(2026, 6, 1))


@pytest.mark.parametrize("spelling", ["99030125", "9903.01.25.00", "9903.01.25", "9903012500"])
def test_spellings_of_a_number(spelling: str) -> None:
    assert rate(spelling, D(2025, 7, 1)) == 10


def test_a_statistical_suffix_leaves_the_heading() -> None:
    # The first eight digits are the heading, what follows counts goods only.
    assert rate("9903.01.25.10", D(2025, 7, 1)) == 10
    assert heading_rows("9903012510") == heading_rows("9903.01.25") != ()


def test_rates_by_date() -> None:
    # CSMS 66749380: 20 to 2025-11-09, 10 from 2025-11-10.
    assert rate("9903.01.24", D(2025, 11, 9)) == 20
    assert rate("9903.01.24", D(2025, 11, 10)) == 10
    # CSMS 64336037: potash pays 10, it is not exempt.
    for number in ("9903.01.05", "9903.01.15"):
        row = ieepa_heading(number, D(2025, 6, 10))
        assert row is not None
        assert (row.kind, row.rate, row.ground) == (HeadingKind.DUTY, 10, Ground.POTASH)
    # CSMS 65798609: 35 from 2025-08-01, not from the HTS revision of July.
    assert rate("9903.01.10", D(2025, 7, 31), "CA") == 25
    assert rate("9903.01.10", D(2025, 8, 1), "XO") == 35


def test_not_in_force_or_not_ieepa_is_none() -> None:
    assert ieepa_heading("9903.01.24", D(2025, 3, 3)) is None
    assert ieepa_heading("9903.01.25", D(2026, 2, 24)) is None
    assert ieepa_heading("9903.01.35", D(2025, 4, 9)) is None
    assert ieepa_heading("9903.03.01", D(2026, 3, 1)) is None
    assert ieepa_heading("8471.30.01.00", D(2025, 7, 1)) is None
    with pytest.raises(HtsNumberError):
        ieepa_heading("heading", D(2025, 7, 1))


def test_the_country_decides_between_rows() -> None:
    on = D(2025, 7, 1)
    china = ieepa_heading("9903.01.25", on, "CN")
    other = ieepa_heading("9903.01.25", on, "VN")
    assert china is not None
    assert other is not None
    assert china.countries == {"CN", "HK", "MO"}
    assert other.countries == frozenset()
    assert ieepa_heading("9903.01.25", on) is other
    # The general row of 2025-08-07 stands below that of China in the table, and is still the one meant.
    september = ieepa_heading("9903.01.25", D(2025, 9, 1))
    assert september is not None
    assert (september.countries, september.first_day) == (frozenset(), D(2025, 8, 7))
    assert ieepa_heading("9903.01.25", on, "CA") is None
    assert ieepa_heading("9903.01.77", D(2025, 9, 1), "IN") is None
    assert rate("9903.02.26", D(2025, 9, 1), "IN") == 25


def test_the_general_rate_serves_other_countries_only_for_goods_in_transit() -> None:
    # CSMS 65829726: loaded before 2025-08-07 and entered before 2025-10-05, 10 under 9903.01.25.
    assert rate("9903.01.25", D(2025, 10, 4), "VN") == 10
    assert ieepa_heading("9903.01.25", D(2025, 10, 5), "VN") is None
    assert rate("9903.01.25", D(2025, 10, 5), "AU") == 10
    # CSMS 64723363: China's goods loaded before 2025-04-09, entered before 2025-05-27.
    assert rate("9903.01.25", D(2025, 4, 20), "CN") == 10


def test_goods_headings_serve_every_country() -> None:
    assert ieepa_heading("9903.01.33", D(2025, 7, 1), "VN") is not None
    assert rate("9903.02.01", D(2025, 9, 1), "VN") == 40


def test_the_suspended_china_rate_collects_nothing() -> None:
    row = ieepa_heading("9903.01.63", D(2025, 6, 1), "CN")
    assert row is not None
    assert (row.rate, row.kind) == (0, HeadingKind.DUTY)


def test_all_in_headings() -> None:
    row, twin = (
        ieepa_heading("9903.02.20", D(2025, 10, 1), "DE"),
        ieepa_heading("9903.02.19", D(2025, 10, 1), "DE"),
    )
    assert row is not None
    assert twin is not None
    assert (row.kind, row.rate, row.cap_total, row.is_all_in) == (HeadingKind.CAP, None, 15, True)
    assert (twin.kind, twin.rate, twin.cap_total, twin.is_all_in) == (HeadingKind.CAP, 0, 15, False)
    assert len(row.countries) == 27


def test_filters() -> None:
    on = D(2025, 12, 1)
    assert [row.number for row in ieepa_headings("IN", on=on, kind="duty")] == [
        "9903.01.84",
        "9903.02.01",
        "9903.02.26",
    ]
    assert {row.programme for row in ieepa_headings(programme="brazil")} == {Programme.BRAZIL}
    assert {row.kind for row in ieepa_headings(kind=HeadingKind.CAP)} == {HeadingKind.CAP}
    assert ieepa_headings(on=D(2026, 2, 24)) == ()
    assert ieepa_headings("VN", "canada_fentanyl") == ()
    # Without a date a row for every other country is kept.
    assert {row.number for row in ieepa_headings("VN", "reciprocal", kind="duty")} == {
        "9903.01.25",
        "9903.01.72",
        "9903.02.01",
        "9903.02.69",
    }


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [("programme", "recipocal", "reciprocal, brazil"), ("kind", "tax", "duty, exemption, cap.")],
)
def test_unknown_filters_are_named(name: str, value: str, remedy: str) -> None:
    with pytest.raises(FieldError, match=name) as error:
        ieepa_headings(**{name: value})  # type: ignore[arg-type]  # built by name
    assert (error.value.column, error.value.value) == (name, value)
    assert remedy in error.value.remedy


def test_country_headings() -> None:
    def found(country: str, on: dt.date, programme: str | None = None) -> list[tuple[str, Decimal | None]]:
        return [(row.number, row.rate) for row in country_headings(country, on, programme)]

    assert found("CN", D(2025, 4, 5)) == [("9903.01.24", Decimal(20)), ("9903.01.25", Decimal(10))]
    assert found("BR", D(2025, 9, 1)) == [("9903.01.77", Decimal(40)), ("9903.02.09", Decimal(10))]
    assert found("VN", D(2025, 9, 1)) == [("9903.02.69", Decimal(20))]
    assert found("CA", D(2025, 9, 1), "reciprocal") == [("9903.01.26", None)]
    assert found("RU", D(2025, 9, 1)) == [("9903.01.29", None)]
    assert found("KR", D(2025, 12, 1)) == [("9903.02.79", Decimal(0)), ("9903.02.80", None)]


def test_measures_without_heading_never_stand_on_a_line() -> None:
    measures = measures_without_heading()
    assert [measure.programme.value for measure in measures] == [
        "venezuela",
        "cuba",
        "iran",
        "other",
        "other",
        "other",
    ]
    assert measures[0].effective_from is None
    assert measures[3].countries == {"CN", "HK"}
    assert measures[3].rate == 120
    assert measures[5].countries == frozenset()


def test_a_measure_without_heading_keeps_everything_of_its_source() -> None:
    # E.O. 14256, 14259 and 14266: 120 per cent on postal items of China, lowered by E.O. 14298 on 2025-05-14.
    postal = measures_without_heading()[3]
    assert (postal.effective_from, postal.effective_to) == (at("2025-05-02T00:01"), at("2025-05-14T00:01"))
    assert postal.basis == "postal item: 120% of value or USD 100 per item"
    assert postal.citation == "EO 14256, 14259, 14266 (postal China/HK); CBP notice 2025-04-28"
    assert postal.citation_ids == ("eo-14256", "eo-14259", "eo-14266", "cbp-postal-notice-2025-04-28")
    assert all(
        cite(identifier) for measure in measures_without_heading() for identifier in measure.citation_ids
    )
    assert "Paid monthly by carriers" in postal.note
    assert [measure.confidence for measure in measures_without_heading()][:3] == [
        "primary",
        "primary",
        "secondary",
    ]
    # Authorised, and no country ever named: for none, not for one of blank name.
    venezuela = measures_without_heading()[0]
    assert (venezuela.countries, venezuela.rate, venezuela.effective_to) == (frozenset(), None, None)


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("CN", "CN"),
        (" xo", "CA"),
        ("XC", "CA"),
        ("CA", "CA"),
        ("KV", "KV"),
        ("", None),
        (" ", None),
        (None, None),
    ],
)
def test_origin_country(code: str | None, country: str | None) -> None:
    assert origin_country(code) == country


def test_rows_are_frozen() -> None:
    row: Heading = ieepa_headings()[0]
    with pytest.raises(AttributeError):
        row.rate = Decimal(0)  # type: ignore[misc]  # the point of the test
