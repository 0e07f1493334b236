"""Laws of reconciliation and cash: amounts tie to the cent whatever comes, and honest payments match."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from functools import cache

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import dollars, entries

from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.entries.entry_number import EntryNumber, entry_check_digit
from ieeparefund.law.interest import interest
from ieeparefund.refunds.cash import cash_forecast
from ieeparefund.refunds.estimate import RefundEstimate, estimate_refund
from ieeparefund.refunds.payments import expected_payments
from ieeparefund.refunds.portfolio import estimate_portfolio
from ieeparefund.refunds.reconcile import Reconciliation, reconcile
from ieeparefund.refunds.reconcile_inputs import BankLine, Offset, Payment, PaymentState
from ieeparefund.refunds.reconcile_items import Result, worst
from ieeparefund.refunds.tolerance import rounding_tolerance

AS_OF = dt.date(2026, 7, 20)
DATES = [dt.date(2026, 6, 12), dt.date(2026, 6, 19), dt.date(2026, 7, 3)]
PARTIES = ["75-419312501", "12-345678900", None]


@cache
def numbered(serial: int) -> EntryNumber:
    ten = f"ZT4{serial:07d}"
    return EntryNumber(f"{ten}{entry_check_digit(ten)}")


@st.composite
def estimates(draw: st.DrawFn) -> list[RefundEstimate]:
    """Estimates of up to six entries, some deferred, some rejected, some with facts unknown."""
    made = []
    for serial in range(draw(st.integers(1, 6))):
        made.append(
            Entry(
                numbered(serial),
                "01",
                dt.date(2025, 6, 2),
                [
                    EntryLine(
                        1,
                        "VN",
                        [
                            TariffLine(
                                draw(st.sampled_from(["9903.01.25", "9903.02.20"])), 0, draw(dollars(5000))
                            )
                        ],
                    )
                ],
                importer=draw(st.sampled_from(PARTIES)),
                notify_party=draw(st.sampled_from([None, None, "98-765432100"])),
                deposit_date=draw(st.sampled_from([None, dt.date(2025, 6, 16)])),
                liquidation_status=draw(st.sampled_from(["unliquidated", "unliquidated", "suspended", None])),
                cape_accepted_on=draw(st.sampled_from([None, dt.date(2026, 4, 21)])),
                reliquidation_date=draw(st.sampled_from([None, None, *DATES])),
                other_adjustments=draw(st.sampled_from([Decimal("0.00"), Decimal("0.00"), Decimal("10.00")])),
            )
        )
    return [estimate_refund(entry, as_of=AS_OF, payee="corporation") for entry in made]


def honest(estimate: RefundEstimate, day: dt.date, refund: str | None = None) -> Payment:
    """The row CBP reports if it pays what is due."""
    due = interest(
        estimate.refundable_duty,
        deposited=estimate.deposit_date,
        liquidated=day,
        payee=estimate.payee,
        rates=estimate.rates,
    )
    return Payment(
        estimate.entry.number,
        refund,
        liquidation_date=day,
        principal=estimate.refundable_duty,
        interest=due.amount,
        report="ES-022",
    )


amounts = st.one_of(st.none(), dollars(6000), dollars(3).map(lambda value: -value))


@st.composite
def any_rows(draw: st.DrawFn) -> list[Payment]:
    """Rows of any kind: about entries of the book and others, about refunds only, in four reports."""
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        refund = draw(st.sampled_from([None, "R-1001", "R-1002", "R-1003"]))
        serial = draw(st.one_of(st.integers(0, 7), st.none()) if refund else st.integers(0, 7))
        rows.append(
            Payment(
                None if serial is None else numbered(serial),
                refund,
                party=draw(st.sampled_from([None, *PARTIES, "98-765432100"])),
                liquidation_date=draw(st.one_of(st.none(), st.sampled_from(DATES))),
                principal=draw(amounts),
                interest=draw(amounts),
                total=draw(amounts),
                state=draw(st.one_of(st.none(), st.sampled_from(PaymentState))),
                paid_on=draw(st.one_of(st.none(), st.sampled_from(DATES))),
                trace=draw(st.sampled_from([None, None, "TR9001"])),
                report=draw(st.sampled_from(["ES-022", "ES-022", "REV-603", "REV-615"])),
            )
        )
    return rows


bank_lines = st.lists(
    st.builds(
        BankLine,
        st.sampled_from(DATES),
        dollars(6000),
        st.sampled_from([None, "CBP R-1001", "TR9001 / R1002", "2026"]),
    ),
    max_size=6,
)


@st.composite
def offsets_for(draw: st.DrawFn, rows: list[Payment]) -> list[Offset]:
    """Offsets that name an entry or a refund of the rows."""
    found = []
    for row in rows:
        if row.entry is not None and draw(st.integers(0, 3)) == 0:
            kind = draw(st.sampled_from(["offset", "netting"]))
            found.append(Offset(draw(dollars(500)) + Decimal("0.01"), entry=row.entry, kind=kind))
    return found


def assert_ties(found: Reconciliation) -> None:
    for line in (*found.entries, *found.payments):
        named = sum((item.amount for item in line.items), Decimal(0))
        assert line.expected + named + line.unexplained + line.unchecked == line.received, line
        assert line.difference == line.received - line.expected
        if line.result is Result.MATCHED:
            assert line.difference == 0
            assert not line.items
        if line.result is Result.EXPLAINED:
            assert line.unexplained == line.unchecked == 0
            assert line.items
    entries_, payments = found.entry_totals, found.payment_totals
    for totals in (entries_, payments):
        named = sum(totals.items.values(), Decimal(0))
        assert totals.expected + named + totals.unexplained + totals.unchecked == totals.received
    assert entries_.expected == payments.expected
    assert found.result is worst(line.result for line in (*found.entries, *found.payments))


@given(st.data(), estimates(), any_rows(), st.one_of(st.none(), bank_lines))
def test_every_line_and_both_totals_tie_whatever_the_reports_say(
    data: st.DataObject, book: list[RefundEstimate], rows: list[Payment], bank: list[BankLine] | None
) -> None:
    offsets = data.draw(offsets_for(rows))
    found = reconcile(book, rows, offsets, bank=bank)
    assert_ties(found)
    if bank is not None:
        assert found.payment_totals.received == sum((line.amount for line in bank), Decimal(0))
        used = [line for payment in found.payments for line in payment.bank_lines]
        assert sorted(map(id, used)) == sorted(map(id, bank))
    seen = {check.number for check in found.entries} | set(found.left_out)
    assert seen == {one.entry.number for one in book} | {row.entry for row in rows if row.entry is not None}
    members = [number for payment in found.payments for number in payment.entries]
    assert sorted(members) == sorted(check.number for check in found.entries)


@given(st.data(), estimates())
def test_honest_payments_leave_nothing_to_explain(data: st.DataObject, book: list[RefundEstimate]) -> None:
    book = [one for one in book if one.duty.is_certain]
    rows = [
        honest(one, one.entry.reliquidation_date or data.draw(st.sampled_from(DATES)), f"R-{place // 2:05d}")
        for place, one in enumerate(book)
    ]
    assert reconcile(book, rows, as_of=AS_OF).result is Result.MATCHED
    bank = []
    for row in rows:
        assert row.principal is not None
        assert row.interest is not None
        apart = data.draw(st.booleans())
        parts = [row.principal, row.interest] if apart else [row.principal + row.interest]
        bank += [BankLine(AS_OF, part, f"CUSTOMS {row.refund_number}") for part in parts]
    order = data.draw(st.permutations(bank))
    found = reconcile(book, rows, bank=order, as_of=AS_OF)
    assert found.result is Result.MATCHED
    assert_ties(found)


@given(st.data(), estimates(), dollars(2000).filter(bool), st.booleans())
def test_a_changed_principal_is_never_matched_nor_named(
    data: st.DataObject, book: list[RefundEstimate], change: Decimal, more: bool
) -> None:
    book = [one for one in book if one.duty.is_certain and not one.entry.other_adjustments]
    if not book:
        return
    rows = [honest(one, one.entry.reliquidation_date or DATES[0]) for one in book]
    place = data.draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    assert row.principal is not None
    rows[place] = Payment(
        row.entry,
        liquidation_date=row.liquidation_date,
        principal=row.principal + (change if more else -change),
        interest=row.interest,
        report=row.report,
    )
    found = reconcile(book, rows, as_of=AS_OF)
    assert found.result is Result.UNEXPLAINED
    assert found.entry_totals.unexplained == (change if more else -change)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_tolerance_grows_with_the_parts(first: int, second: int) -> None:
    assert (
        0
        <= rounding_tolerance(first + second) - rounding_tolerance(first) - rounding_tolerance(second)
        <= Decimal("0.01")
    )
    assert rounding_tolerance(2 * first) == Decimal(first).scaleb(-2)


@given(st.lists(entries(), max_size=4, unique_by=lambda entry: entry.number))
def test_every_dollar_of_a_forecast_is_in_one_week_or_undated(book: list[Entry]) -> None:
    as_of = dt.date(2026, 5, 15)
    portfolio = estimate_portfolio(book, as_of=as_of, payee="corporation")
    forecast = portfolio.cash_forecast()
    totals = portfolio.totals
    assert forecast.total.principal == totals.refundable_duty
    assert forecast.total.interest == totals.interest
    assert forecast.total.expected == totals.refund
    assert forecast.total.low <= forecast.total.expected <= forecast.total.high
    years = list(forecast.by_year.values())
    for name in ("low", "expected", "high"):
        dated = sum((getattr(week.sums, name) for week in forecast.weeks), Decimal(0))
        assert dated == sum((getattr(sums, name) for sums in years), Decimal(0))
        assert dated == sum((getattr(paid.sums, name) for paid in forecast.payments), Decimal(0))
    mondays = [week.monday for week in forecast.weeks]
    assert all(day.weekday() == 0 for day in mondays)
    assert all((after - before).days == 7 for before, after in itertools.pairwise(mondays))
    for paid in forecast.payments:
        assert as_of <= paid.high_on <= paid.expected_on <= paid.low_on
        assert paid.liquidation_date <= paid.high_on
        assert paid.sums.low <= paid.sums.expected <= paid.sums.high
    assert cash_forecast(portfolio.estimates, as_of=as_of) == forecast
    expected = {
        (paid.party, paid.liquidation_date): paid.amount for paid in expected_payments(portfolio.estimates)
    }
    due = {
        (paid.party, paid.liquidation_date): paid.sums.expected
        for paid in forecast.payments
        if paid.sums.expected
    }
    assert {key: amount for key, amount in expected.items() if amount} == due
