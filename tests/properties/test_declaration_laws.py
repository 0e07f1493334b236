"""Laws of declarations: every entry is on exactly one file or excluded with a reason."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import dates, entries

from ieeparefund.ace.cape_declaration import declaration_bytes
from ieeparefund.entries.entry import Entry
from ieeparefund.refunds.declarations import GroupBy, plan_declarations
from ieeparefund.refunds.estimate import estimate_refund
from ieeparefund.refunds.ledger import Ledger, Result, ResultState
from ieeparefund.refunds.preflight import FINAL, Stop

BOOKS = st.lists(entries(), max_size=8, unique_by=lambda entry: entry.number)
STOPS = st.sets(st.sampled_from([stop for stop in Stop if stop not in FINAL]))


@given(BOOKS, dates("2026-04-20", "2026-12-31"), st.sampled_from([None, *GroupBy]), STOPS, st.integers(1, 4))
def test_files_and_exclusions_are_the_book(
    book: list[Entry], as_of: dt.date, group: GroupBy | None, allow: set[Stop], size: int
) -> None:
    estimates = [estimate_refund(entry, as_of=as_of, payee="other") for entry in book]
    plan = plan_declarations(estimates, group_by=group, allow=allow, most_entries=size)
    listed = [number for declaration in plan for number in declaration.numbers]
    excluded = [item.estimate.entry.number for item in plan.excluded]
    assert sorted([*listed, *excluded]) == sorted(entry.number for entry in book)
    assert all(item.reasons for item in plan.excluded)
    for declaration in plan:
        assert 1 <= len(declaration.numbers) <= size
        data = declaration_bytes(declaration.numbers)
        assert data.count(b"\r\n") == len(declaration.numbers) + 1
        if group is GroupBy.FILER:
            assert {one.entry.filer_code for one in declaration.estimates} == {declaration.group}
        if group is GroupBy.IMPORTER:
            assert {one.entry.importer for one in declaration.estimates} == {declaration.group}
    # More overrides never take an entry off a file.
    more = plan_declarations(estimates, allow=[stop for stop in Stop if stop not in FINAL])
    assert {n for declaration in more for n in declaration.numbers} >= set(listed)


@settings(max_examples=25)
@given(BOOKS, st.data())
def test_a_ledger_never_lets_an_accepted_or_waiting_entry_through(
    book: list[Entry], data: st.DataObject
) -> None:
    as_of = dt.date(2026, 5, 15)
    estimates = [estimate_refund(entry, as_of=as_of, payee="other") for entry in book]
    with Ledger.open(":memory:") as ledger:
        waiting: set[str] = set()
        done: set[str] = set()
        for _ in range(3):
            with ledger.transaction():
                plan = plan_declarations(estimates, ledger)
                for place, declaration in enumerate(plan, ledger.next_id()):
                    ledger.add_declaration(declaration, file_name=f"{place}", folder="f", sha256="0")
            listed = {number.compact for declaration in plan for number in declaration.numbers}
            assert not listed & (waiting | done)
            waiting |= listed
            for compact in sorted(waiting):
                state = data.draw(st.sampled_from([None, *ResultState]))
                if state is not None:
                    number = next(entry.number for entry in book if entry.number.compact == compact)
                    ledger.record([Result(number, state, str(len(done)))], recorded_on=as_of)
                    waiting.discard(compact)
                    if state is ResultState.ACCEPTED:
                        done.add(compact)
