"""Books answered by columns with the scalar code's sentences: the same estimates, totals, errors."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.books import entry, number

pa = pytest.importorskip("pyarrow", reason="the arrow extra is not installed")

from ieeparefund.columns import by_state  # noqa: E402
from ieeparefund.columns.by_state import EngineDifferenceError, StateBook  # noqa: E402
from ieeparefund.entries.column1 import Column1Rate  # noqa: E402
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine  # noqa: E402
from ieeparefund.errors import CoverageError, InputError  # noqa: E402
from ieeparefund.refunds.estimate import Column1Source, estimate_refund  # noqa: E402
from ieeparefund.refunds.portfolio import estimate_portfolio  # noqa: E402

TERMS: dict[str, Any] = {"as_of": dt.date(2026, 5, 15), "payee": "corporation"}


def same(book: list[Entry], **changes: Any) -> StateBook:
    """Answer a book, compare everything with the scalar code, and return the answers."""
    terms = {**TERMS, **changes}
    found, wanted = StateBook(book, **terms), estimate_portfolio(book, **terms)
    assert tuple(answer.estimate for answer in found) == wanted.estimates
    assert found.totals == wanted.totals
    assert found.by_outcome == wanted.by_outcome
    for answer, estimate in zip(found, wanted.estimates, strict=True):
        assert answer.amounts.refund == estimate.refund * 100
        assert (answer.amounts.interest_low, answer.amounts.interest_high) == tuple(
            100 * amount for amount in estimate.interest_range
        )
        assert answer.duty == estimate.duty
    return found


def unfit(count: int, **changes: Any) -> Entry:
    """An entry with a compound rate, which no column holds."""
    rate = Column1Rate(Decimal(3), Decimal("0.01"), Decimal(1000))
    rows = [TariffLine("9903.02.73", 0, 150), TariffLine("8471300100", 1000, 0)]
    return entry(count, lines=[EntryLine(1, "JP", rows, rate)], **changes)


def test_entries_of_one_state_share_a_model() -> None:
    book = [entry(1, "1000.00"), entry(2, "0.01"), entry(3, "77.77"), entry(4, "1000.00", protest="open")]
    found = same(book)
    assert found[0].model is found[2].model
    assert found[0].model is not found[3].model


def test_it_is_a_sequence() -> None:
    found = StateBook([entry(1), entry(2), entry(3)], **TERMS)
    assert len(found) == 3
    assert found[-1].entry == entry(3)
    assert [answer.entry for answer in found[1:]] == [entry(2), entry(3)]
    with pytest.raises(IndexError):
        found[3]


def test_an_empty_book() -> None:
    assert list(same([])) == []


def test_inferred_rates_are_named_only_where_cents_rest_on_them() -> None:
    book = [entry(1, "1000.00"), entry(2, "0.01"), entry(3, "0.02"), entry(4, "500.00")]
    found = same(book, liquidated_on=dt.date(2026, 8, 31))
    assert [any("inferred" in text for text in answer.estimate.assumed) for answer in found] == [
        True,
        False,
        False,
        True,
    ]
    same(book, liquidated_on=dt.date(2027, 2, 28), payee="other")
    same([entry(1, deposit_date=dt.date(2026, 8, 31))], liquidated_on=dt.date(2026, 8, 31))


def test_nothing_to_refund_and_corrections_below_zero() -> None:
    found = same([entry(1, "0.00"), entry(2, "-5.00"), entry(3, "10.00", already_refunded="20.00")])
    assert found[1].amounts.ieepa_duty == -500


def test_rates_of_the_schedule() -> None:
    rows = [TariffLine("9903.02.73", 0, 150), TariffLine("8471300100", 1000, 0)]
    all_in = entry(2, lines=[EntryLine(1, "JP", rows)])
    found = same([entry(1), all_in], column1=Column1Source.SCHEDULE)
    assert found[0].filled is found[0].entry
    assert found[1].filled is not found[1].entry
    assert found[1].amounts.low > 0
    assert same([entry(1), all_in])[1].amounts.low == 0


def test_entries_that_columns_cannot_hold_are_answered_by_the_scalar_code() -> None:
    huge = entry(4, "200000000000.00")
    found = same([entry(1), unfit(2), entry(3), huge, unfit(5, protest="open")])
    assert found[1].model.estimate == estimate_refund(unfit(2), **TERMS)
    same([unfit(1)])
    # Line numbers past int32 and int64.
    for line in (2**40, 2**70):
        same([entry(1, lines=[EntryLine(line, "CN", [TariffLine("9903.01.24", 0, 5)])]), entry(2)])


def test_what_the_scalar_code_refuses_is_refused() -> None:
    simple = entry(1, entry_date=dt.date(1981, 1, 5), deposit_date=dt.date(1981, 1, 5))
    with pytest.raises(CoverageError, match="interest compounds daily only since"):
        StateBook([entry(2), simple], **TERMS)
    with pytest.raises(InputError, match=f"entry {number(1)} is given twice"):
        StateBook([entry(1), entry(2), entry(1)], **TERMS)


def test_columns_that_refuse_what_the_scalar_code_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the scalar code alone answers."""
    genuine = by_state.estimate_batch

    def strict(own: Any, rows: Any, **terms: Any) -> Any:
        if len(own):
            raise InputError("refused.")
        return genuine(own, rows, **terms)

    monkeypatch.setattr(by_state, "estimate_batch", strict)
    same([entry(1), entry(2)])


@pytest.mark.parametrize("column", ["refund_cents", "outcome", "interest_to"])
def test_a_difference_between_the_engines_stops_the_run(column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = by_state.estimate_batch

    def wrong(*batches: Any, **terms: Any) -> Any:
        found = genuine(*batches, **terms)
        place = found.schema.get_field_index(column)
        other = {"refund_cents": 1, "outcome": "undetermined", "interest_to": dt.date(2026, 1, 1)}[column]
        field = found.schema.field(place)
        return found.set_column(place, field, pa.array([other] * len(found), field.type))

    monkeypatch.setattr(by_state, "estimate_batch", wrong)
    with pytest.raises(EngineDifferenceError, match=f"the columns give {column}") as caught:
        list(StateBook([entry(1)], **TERMS))
    assert (caught.value.number, caught.value.column) == (number(1), column)


def test_sums_are_exact_past_int64() -> None:
    cents = pa.chunked_array([[2**62, 2**62, None], [2**62 + 1, -5]])
    assert by_state._total(cents) == 3 * 2**62 - 4
    assert by_state._total(pa.chunked_array([], pa.int64())) == 0
