"""Laws of the duty: parts sum, the range is in order, more duty paid never gives a smaller refund."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pickle
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import dates, dollars, entry_lines

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.law.authorities import Authority, authority
from ieeparefund.law.duty import ieepa_duty
from ieeparefund.law.duty_findings import duty_findings, line_findings
from ieeparefund.law.duty_lines import Role, Treatment, line_amounts, line_duty, role_of
from ieeparefund.law.duty_split import split_duty
from ieeparefund.money import ZERO, round_to_cents

rates = st.one_of(
    st.none(),
    st.builds(Column1Rate, st.decimals(0, 40, places=1)),
    st.builds(
        Column1Rate,
        st.decimals(0, 10, places=1),
        st.decimals(0, 5, places=2),
        st.decimals(0, 1000, places=1),
    ),
)
MORE = ("9903.02.80", "9903.01.35", "9903.02.30", "9903.99.01", "9802.00.80", "A-570-979", "499")
rows = st.builds(
    TariffLine,
    st.sampled_from((*MORE, "9903.02.20", "9903.02.19", "9903.01.24", "9903.01.33", "8471.30.01.00")),
    st.one_of(st.none(), dollars(10_000)),
    st.one_of(st.none(), dollars(10_000), dollars(100).map(lambda amount: -amount)),
)
lines = st.builds(
    EntryLine,
    st.just(1),
    st.sampled_from(["CN", "DE", "KR", "CA", None]),
    st.lists(rows, min_size=1, max_size=6),
    column1_rate=rates,
)


@st.composite
def books(draw: st.DrawFn) -> Entry:
    """Entries with up to three lines, money returned and netted; the other facts do not touch the duty."""
    more = [draw(entry_lines(number)) for number in range(2, draw(st.integers(2, 4)))]
    return Entry(
        "ABC-1234567-6",
        draw(st.sampled_from(["01", "03", "06", "11", "21", "31"])),
        draw(dates()),
        [draw(lines), *more],
        already_refunded=draw(st.one_of(st.just(ZERO), dollars(10_000))),
        other_adjustments=draw(
            st.one_of(st.just(ZERO), dollars(10_000), dollars(100).map(lambda amount: -amount))
        ),
    )


def with_facts(entry: Entry, **facts: object) -> Entry:
    """The entry with other facts (its constructor is written out, so `replace` does not know it)."""
    fields = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    return Entry(**{**fields, **facts})


def with_duty(entry: Entry, place: int, more: Decimal) -> Entry:
    """The entry with more duty on the `place`-th IEEPA row, or as it is where it has none."""
    spots = [
        (line.line_number, index)
        for line in entry.lines
        for index, row in enumerate(line.tariffs)
        if role_of(row.number) >= Role.DUTY and row.duty is not None
    ]
    if not spots:
        return entry
    at = spots[place % len(spots)]
    changed = [
        EntryLine(
            line.line_number,
            line.country_of_origin,
            [
                TariffLine(row.number, row.value, (row.duty or ZERO) + more)
                if (line.line_number, index) == at
                else row
                for index, row in enumerate(line.tariffs)
            ],
            column1_rate=line.column1_rate,
            special_program=line.special_program,
        )
        for line in entry.lines
    ]
    return with_facts(entry, lines=changed)


@given(books())
def test_the_parts_always_sum(entry: Entry) -> None:
    duty = ieepa_duty(entry)
    assert sum(duty.by_programme.values(), ZERO) == duty.paid
    assert sum((line.paid for line in duty.lines), ZERO) == duty.paid
    split = split_duty(entry)
    assert sum(split.by_authority.values(), ZERO) == split.total
    assert split.ieepa == duty.paid
    assert split.ieepa_by_programme == duty.by_programme
    known = [row.duty for line in entry.lines for row in line.tariffs if row.duty is not None]
    assert split.total == sum(known, ZERO)
    assert len(known) + len(split.missing) == sum(len(line.tariffs) for line in entry.lines)


@given(books())
def test_paid_is_every_dollar_on_ieepa_numbers(entry: Entry) -> None:
    numbers = [row for line in entry.lines for row in line.tariffs if row.duty is not None]
    expected = sum((row.duty for row in numbers if authority(row.number) is Authority.IEEPA), ZERO)
    assert ieepa_duty(entry).paid == expected


@given(books())
def test_the_range_is_in_order_and_in_cents(entry: Entry) -> None:
    duty = ieepa_duty(entry)
    assert ZERO <= duty.low == duty.refundable <= duty.high
    for amount in (duty.paid, duty.low, duty.high):
        assert amount == round_to_cents(amount)
        assert amount.as_tuple().exponent == -2
    for line in duty.lines:
        assert line.low <= line.high


@given(books())
def test_no_more_comes_back_than_was_paid(entry: Entry) -> None:
    on_ieepa = [row.duty for line in entry.lines for row in line.tariffs if role_of(row.number) >= Role.DUTY]
    positive = sum((amount for amount in on_ieepa if amount is not None and amount > 0), ZERO)
    plain = with_facts(entry, other_adjustments=max(ZERO, entry.other_adjustments))
    duty = ieepa_duty(plain)
    assert duty.refundable <= max(ZERO, duty.paid)
    assert duty.high <= positive


@given(books(), st.integers(0, 50), dollars(1000))
def test_more_duty_paid_never_gives_a_smaller_refund(entry: Entry, place: int, more: Decimal) -> None:
    before, after = ieepa_duty(entry), ieepa_duty(with_duty(entry, place, more))
    assert after.paid >= before.paid
    assert after.refundable >= before.refundable
    assert after.high >= before.high


@given(books(), dollars(1000))
def test_more_returned_or_owed_never_gives_a_larger_refund(entry: Entry, more: Decimal) -> None:
    duty = ieepa_duty(entry)
    returned = ieepa_duty(with_facts(entry, already_refunded=entry.already_refunded + more))
    owed = ieepa_duty(with_facts(entry, other_adjustments=entry.other_adjustments + more))
    assert returned.low <= duty.low
    assert returned.high <= duty.high
    assert owed.low <= duty.low
    assert owed.high <= duty.high
    assert duty.low - owed.low <= more


@given(lines)
def test_a_known_column_1_rate_lies_in_the_range_without_it(line: EntryLine) -> None:
    """Except where the ordinary row tells the split style, whose figure a rate may correct downwards."""
    open_line = EntryLine(line.line_number, line.country_of_origin, line.tariffs)
    _, low, high, treatment = line_amounts(open_line)
    _, known_low, known_high, _ = line_amounts(line)
    assert known_high <= high
    if treatment is not Treatment.SPLIT_STYLE:
        assert low <= known_low


@given(lines, dates())
def test_a_range_always_has_a_finding_that_says_why(line: EntryLine, on: dt.date) -> None:
    entry = Entry("ABC-1234567-6", "01", on, [line])
    duty = ieepa_duty(entry)
    (found,) = duty.lines
    reasons = {finding.rule for finding in duty.findings}
    if found.treatment is Treatment.RANGE:
        assert "column1_rate_needed" in reasons
    if found.low != found.high:
        assert reasons & {"column1_rate_needed", "exemption_heading_carries_duty", "unassigned_heading"}


@given(books())
def test_the_short_cut_hides_no_finding(entry: Entry) -> None:
    looked_closely = [finding for line in entry.lines for finding in line_findings(entry, line)]
    of_the_entry = [f for f in duty_findings(entry, ieepa_duty(entry).paid) if f.line_number is None]
    assert list(ieepa_duty(entry).findings) == looked_closely + of_the_entry


@given(books())
def test_the_steps_lead_from_paid_to_refundable(entry: Entry) -> None:
    duty = ieepa_duty(entry)
    first, *later = duty.steps
    assert (first.low, first.high) == (duty.paid, duty.paid)
    low = high = duty.paid
    for step in later:
        assert (step.change_low, step.change_high) != (ZERO, ZERO)
        low, high = low + step.change_low, high + step.change_high
        assert (step.low, step.high) == (low, high)
    assert (low, high) == (duty.low, duty.high)
    assert len(duty.explain().splitlines()) == len(duty.steps)


@given(books())
def test_the_quick_and_the_full_view_of_a_line_agree(entry: Entry) -> None:
    for line in entry.lines:
        paid, low, high, treatment = line_amounts(line)
        full = line_duty(line, entry.entry_date)
        assert (full.paid, full.low, full.high, full.treatment) == (paid, low, high, treatment)


@given(books())
def test_results_survive_pickling(entry: Entry) -> None:
    duty = ieepa_duty(entry)
    assert pickle.loads(pickle.dumps(duty)) == duty
    assert pickle.loads(pickle.dumps(split_duty(entry))) == split_duty(entry)
