from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from ieeparefund.ace.ace_texts import ace_texts, advice
from ieeparefund.law.dated import in_force

DAYS = st.dates(dt.date(2026, 4, 20), dt.date(2027, 4, 20))
TEXTS = st.sampled_from([spelling for row in ace_texts() for spelling in (row.text, *row.aliases)])


@given(TEXTS, DAYS, st.integers(0, 400), st.integers(0, 400))
def test_advice_changes_only_when_the_row_it_was_seen_under_ends(
    text: str, seen: dt.date, first: int, second: int
) -> None:
    earlier, later = (seen + dt.timedelta(days=days) for days in sorted((first, second)))
    before, after = advice(text, seen, earlier), advice(text, seen, later)
    assert before.row == after.row
    assert before.row is not None
    ended = before.row.last_day is not None and earlier <= before.row.last_day < later
    if not ended:
        assert before == after
    elif before.row.after is not None:
        assert after.action is before.row.after.action


@given(TEXTS, DAYS, DAYS)
def test_the_row_is_the_one_in_force_when_seen(text: str, one: dt.date, other: dt.date) -> None:
    seen, asked = sorted((one, other))
    told = advice(text, seen, asked)
    assert told.row is not None
    rows = [row for row in ace_texts() if row.text == told.row.text and in_force(row, seen)]
    assert rows in ([told.row], [])
    assert bool(rows) is not ("only; it was seen on" in told.note)


@given(st.text(max_size=80), DAYS)
def test_any_text_gets_an_answer_and_is_kept(text: str, day: dt.date) -> None:
    told = advice(text, day, day)
    assert told.text == text
    assert told.known is (told.action is not None) is (told.row is not None)
    assert told.explain()


@given(
    TEXTS, DAYS, st.sampled_from([str.lower, str.title, str.upper]), st.sampled_from(["", " ", ".", "\u00a0"])
)
def test_case_blanks_and_marks_do_not_matter(text: str, day: dt.date, case: object, mark: str) -> None:
    assert callable(case)
    spelt = f"{mark}{case(text)}{mark}"
    told, plain = advice(spelt, day, day), advice(text, day, day)
    assert (told.action, told.row) == (plain.action, plain.row)
