"""The columns engine's JSON and CSV of drawn books, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from tests.differential.test_columns_estimate import books, terms
from tests.drawn import drawn_book

from ieeparefund.ace.book import Book
from ieeparefund.columns.by_state import StateBook
from ieeparefund.entries.entry import Entry
from ieeparefund.refunds.estimate import Column1Source
from ieeparefund.refunds.portfolio import estimate_portfolio

pytest.importorskip("typer", reason="the cli extra is not installed")

from ieeparefund.cli.engine import columns_csv, columns_json, with_book
from ieeparefund.cli.output import rows_as_csv, to_json
from ieeparefund.testing import turning_days


def same(book: list[Entry], **given: Any) -> None:
    portfolio, whole = estimate_portfolio(book, **given), Book(tuple(book), (), (), (), 0, 0, {})
    text = "".join(columns_json(StateBook(book, **given), whole))
    assert text == to_json(with_book(portfolio.to_dict(), whole))
    assert "".join(columns_csv(StateBook(book, **given))) == rows_as_csv(portfolio.to_rows())


@settings(max_examples=40, deadline=None)
@given(books, terms)
def test_drawn_books(book: list[Entry], given: dict[str, Any]) -> None:
    same(book, **given)


@pytest.mark.parametrize("column1", Column1Source)
@pytest.mark.parametrize("as_of", turning_days()[::9], ids=str)
def test_a_larger_book(as_of: Any, column1: Column1Source) -> None:
    same(list(drawn_book(250)), as_of=as_of, payee="corporation", column1=column1)
