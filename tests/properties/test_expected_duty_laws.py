"""Laws of the expected duty and of the check of a line, over the whole table, every country and any facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.strategies import dates, dollars, entry_lines, flags

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.law.cape_rules import ace_text_rules
from ieeparefund.law.expected_duty import expected_duty, expected_heading_duty
from ieeparefund.law.findings import Effect
from ieeparefund.law.heading_amount import whole_dollars
from ieeparefund.law.headings import HeadingKind, Programme, country_headings, heading_rows, ieepa_headings
from ieeparefund.law.line_checks import CauseKind, LineCheck, Verdict, check_line
from ieeparefund.law.line_findings import line_findings, merge_findings
from ieeparefund.money import CENT, round_to_cents

ROWS = ieepa_headings()
NUMBERS = sorted({row.number for row in ROWS})
COUNTRIES = sorted({country for row in ROWS for country in row.countries} | {"AU", "SG", "ZZ"})
EXEMPTIONS = sorted({row.number for row in ROWS if row.kind is HeadingKind.EXEMPTION})
EASTERN = ZoneInfo("America/New_York")
BASE = "8479.89.95.00"
DAY = dt.timedelta(days=1)
whole = st.integers(0, 10**7).map(Decimal)
entered = dates("2025-01-15", "2026-03-15")
shares = st.integers(0, 10000).map(lambda hundredths: Decimal(hundredths).scaleb(-2))


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """Any facts about goods, known or not."""
    choices: dict[str, st.SearchStrategy[Any]] = {
        "loaded": dates("2025-01-15", "2025-10-31"),
        "mode": st.sampled_from(["vessel", "air", "truck", "rail", "other"]),
        "us_content": shares,
        "metal_content": shares,
        "section_232": st.sampled_from(
            ["none", "autos", "metals", "copper", "trucks", "timber", "semiconductors", "other"]
        ),
        "chapter_98": st.sampled_from(["9801.00.10", "9802.00.80", "9813.00.05", "9819.11.09"]),
        "special_program": st.sampled_from(["S", "KR", "A"]),
        "usmca": flags(),
        "exempt_under": st.lists(st.sampled_from(EXEMPTIONS), max_size=3),
        "energy": flags(),
        "potash": flags(),
        "transhipped": flags(),
        "column1_rate": shares.map(Column1Rate),
    }
    names = draw(st.lists(st.sampled_from(sorted(choices)), unique=True, max_size=5))
    return {name: draw(choices[name]) for name in names}


@given(st.sampled_from(NUMBERS), whole, entered, st.sampled_from(COUNTRIES), facts())
def test_expected_duty_lies_between_zero_and_the_rate(
    number: str, value: Decimal, on: dt.date, country: str, known: dict[str, Any]
) -> None:
    duty = expected_duty(number, value, on, country, **known)
    if duty is None:
        return
    assert duty.same_quantum(CENT)
    highest = max(
        (row.cap_total if row.is_all_in else row.rate) or Decimal(0) for row in heading_rows(number)
    )
    assert 0 <= duty <= round_to_cents(value * highest / 100)


@given(st.sampled_from(NUMBERS), whole, whole, entered, st.sampled_from(COUNTRIES), facts())
def test_linear_in_the_value_up_to_half_up(
    number: str, first: Decimal, second: Decimal, on: dt.date, country: str, known: dict[str, Any]
) -> None:
    parts = [expected_duty(number, value, on, country, **known) for value in (first, second, first + second)]
    assume(first and second)
    assert (parts[0] is None) == (parts[1] is None) == (parts[2] is None)
    if parts[0] is not None and parts[1] is not None and parts[2] is not None:
        assert abs(parts[0] + parts[1] - parts[2]) <= CENT


@given(st.sampled_from(NUMBERS), dollars(), entered, st.sampled_from(COUNTRIES), facts())
def test_cents_of_value_do_not_count(
    number: str, value: Decimal, on: dt.date, country: str, known: dict[str, Any]
) -> None:
    assert expected_duty(number, value, on, country, **known) == expected_duty(
        number, whole_dollars(value), on, country, **known
    )


@given(st.sampled_from(NUMBERS), entered, st.sampled_from(COUNTRIES), facts())
def test_a_date_is_the_day_after_its_first_minute(
    number: str, on: dt.date, country: str, known: dict[str, Any]
) -> None:
    by_date = expected_heading_duty(number, 1000, on, country, **known)
    for clock in (dt.time(0, 1), dt.time(12), dt.time(23, 59)):
        timed = expected_heading_duty(
            number, 1000, dt.datetime.combine(on, clock, tzinfo=EASTERN), country, **known
        )
        assert timed.duty == by_date.duty
    midnight = expected_heading_duty(
        number, 1000, dt.datetime.combine(on, dt.time(), tzinfo=EASTERN), country, **known
    )
    if midnight.duty != by_date.duty:
        # Only on a day of change; and then the answer for the date says so.
        assert midnight.duty == expected_duty(number, 1000, on - DAY, country, **known)
        assert any(note.startswith("Entered before 12:01 a.m.") for note in by_date.clock_time)


@given(st.sampled_from(COUNTRIES), entered, st.integers(1, 10**6), facts())
def test_never_more_duties_than_programmes_in_force(
    country: str, on: dt.date, value: int, known: dict[str, Any]
) -> None:
    check = check_line(EntryLine(1, country, [TariffLine(BASE, value, 0)]), on, **known)
    in_force = ieepa_headings(country, on=on)
    deciding = [part.heading for part in check.programmes if part.heading is not None]
    assert set(deciding) <= set(in_force)
    assert len({heading.programme for heading in deciding}) == len(deciding)
    assert [part.programme for part in check.programmes] == list(
        dict.fromkeys(row.programme.value for row in country_headings(country, on))
    )


def _built(country: str, on: dt.date, value: int, known: dict[str, Any]) -> EntryLine:
    """A line filed by origin: each duty heading with the duty it should bear."""
    rows = []
    for programme in Programme:
        # One heading of a pair, the all-in one; a flat rate that a pair replaced comes last.
        choices = [
            row
            for row in country_headings(country, on, programme)
            if row.kind is HeadingKind.EXEMPTION or row.is_all_in or row.rate
        ]
        for row in sorted(choices, key=lambda row: row.reported_until is not None)[:1]:
            rows.append(TariffLine(row.number, 0, expected_duty(row.number, value, on, country, **known)))
    return EntryLine(1, country, [*rows, TariffLine(BASE, value, 0)])


@given(st.sampled_from(COUNTRIES), entered, st.integers(1, 10**6), st.sampled_from([{}, {"mode": "air"}]))
def test_a_line_built_from_expected_duty_has_no_difference(
    country: str, on: dt.date, value: int, known: dict[str, Any]
) -> None:
    check = check_line(_built(country, on, value, known), on, **known)
    assert check.agrees is True, check.explain()
    assert check.paid == check.expected


def _explained(check: LineCheck) -> None:
    for part in check.programmes:
        if part.verdict is not Verdict.DIFFERS:
            assert part.causes == ()
            continue
        assert part.paid is not None
        assert part.expected is not None
        assert abs(part.paid - part.expected) > part.tolerance
        for cause in part.causes:
            assert abs(cause.duty - part.paid) <= part.tolerance
            if cause.kind is CauseKind.NOTHING_PAID:
                assert part.paid == 0
            elif cause.kind is not CauseKind.MERGED:
                assert cause.rate is not None
                assert cause.base is not None
                # The explanation reproduces what was paid, by its own rate and base.
                assert round_to_cents(cause.base * cause.rate / 100) - cause.less == cause.duty
                rates = {
                    row.cap_total if row.is_all_in else row.rate
                    for number in cause.numbers
                    for row in heading_rows(number)
                }
                sums = {first + second for first in rates for second in rates if first and second}
                assert cause.rate in (sums if cause.kind is CauseKind.TWO_RATES else rates)
            if cause.boundary is not None:
                edges = {
                    edge
                    for number in cause.numbers
                    for row in heading_rows(number)
                    for edge in (row.first_day, row.last_day + DAY)
                }
                assert cause.boundary in edges


@given(
    st.sampled_from(COUNTRIES),
    entered,
    st.integers(1, 10**6),
    st.sampled_from([row for row in ROWS if row.rate or row.is_all_in]),
    st.sampled_from(NUMBERS),
    facts(),
)
def test_what_explains_a_difference_reproduces_what_was_paid(
    country: str, on: dt.date, value: int, rate_of: Any, number: str, known: dict[str, Any]
) -> None:
    rate = rate_of.cap_total if rate_of.is_all_in else rate_of.rate
    paid = round_to_cents(value * rate / 100)
    rows = [TariffLine(number, 0, paid), TariffLine(BASE, value, 0)]
    _explained(check_line(EntryLine(1, country, rows), on, **known))


@given(st.sampled_from(COUNTRIES), dates("2025-02-05", "2026-02-23"), st.integers(100, 10**6))
def test_the_rate_of_the_day_before_a_change_is_recognised(country: str, on: dt.date, value: int) -> None:
    known = {"mode": "air"}
    old = _built(country, on - DAY, value, known)
    check = check_line(old, on, **known)
    _explained(check)
    for part in check.differences:
        if part.paid:
            assert CauseKind.OTHER_DAY in {cause.kind for cause in part.causes}, check.explain()


@given(entry_lines(), entered, facts())
def test_any_line_can_be_checked(line: EntryLine, on: dt.date, known: dict[str, Any]) -> None:
    check = check_line(line, on, **known)
    _explained(check)
    assert check.agrees is (
        False
        if check.differences
        else None
        if any(part.verdict is Verdict.NOT_CHECKED for part in check.programmes)
        else True
    )
    assert len(check.explain().splitlines()) >= max(1, len(check.programmes))
    if check.expected is not None and check.paid is not None:
        assert sum(part.difference or 0 for part in check.programmes) == check.paid - check.expected


@given(
    entry_lines(),
    entered,
    facts(),
    dates("2026-01-01", "2026-12-31"),
    st.sampled_from([None, "01", "06", "11", "31", "86"]),
)
def test_findings_of_any_line(
    line: EntryLine, on: dt.date, known: dict[str, Any], as_of: dt.date, entry_type: str | None
) -> None:
    found = line_findings(line, on, as_of=as_of, entry_type=entry_type, **known)
    for finding in found:
        assert finding.line_number == line.line_number
        assert (finding.effect is Effect.REJECT) == (finding.ace_text is not None)
        if finding.ace_text is not None:
            assert ace_text_rules(finding.ace_text, as_of)
        assert "{" not in finding.explanation
        assert finding.explanation.endswith((".", "]."))
    assert merge_findings(found, found) == found


@given(st.sampled_from(COUNTRIES), entered, st.integers(1, 10**6), dates("2026-01-01", "2026-12-31"))
def test_a_sound_line_has_no_finding_but_on_a_deal(
    country: str, on: dt.date, value: int, as_of: dt.date
) -> None:
    filed = _built(country, on, value, {"mode": "air"})
    found = line_findings(filed, on, as_of=as_of, mode="air")
    assert {finding.rule for finding in found} <= {"heading_ended_retroactively"}
