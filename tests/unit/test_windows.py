"""Windows: published anchors, ends, what the notes must say, and which windows an entry has on a day."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from ieeparefund.entries.codes import AdCvdStatus, LiquidationStatus
from ieeparefund.entries.entry import Entry
from ieeparefund.errors import FieldError
from ieeparefund.law.citations import cite
from ieeparefund.law.clocks import clock
from ieeparefund.law.windows import (
    Window,
    cape_window,
    denied_protest_suit_window,
    post_summary_correction_window,
    protest_window,
    residual_suit_window,
    voluntary_reliquidation_window,
    windows,
)

D = dt.date
OPENING = D(2026, 4, 20)


# CSMS 68315804 and CBP's FAQ of 2026-04-15: final is more than 80 days ago. That 2026-01-30 still
# passes on the opening day: newscard.xyz 2026-04-21.
def test_cape_on_its_opening_day() -> None:
    window = cape_window(D(2026, 1, 30))
    assert (window.opens, window.closes) == (OPENING, D(2026, 4, 20))
    assert window.is_open(D(2026, 4, 20))  # day 80
    assert not window.is_open(D(2026, 4, 21))  # day 81
    assert not window.is_open(D(2026, 4, 19))  # day 79, but CAPE does not exist yet
    assert [window.days_left(D(2026, 4, d)) for d in (19, 20, 21)] == [1, 0, -1]
    assert (window.rule, window.citation) == ("cape", cite("cbp-cape-faq-2026-04-15"))


# Three clocks, worked by a public refund tool for a liquidation of 2026-02-06, asked on day 84, 2026-05-01.
def test_the_days_from_81_to_90() -> None:
    liquidated, today = D(2026, 2, 6), D(2026, 5, 1)
    assert (today - liquidated).days == 84
    cape, again, protest = (
        rule(liquidated) for rule in (cape_window, voluntary_reliquidation_window, protest_window)
    )
    assert [window.closes for window in (cape, again, protest)] == [
        D(2026, 4, 27),
        D(2026, 5, 7),
        D(2026, 8, 5),
    ]
    assert [window.is_open(today) for window in (cape, again, protest)] == [False, True, True]


# liebermanpllc.com: day 180 on Saturday 2026-07-04, observed on the 3rd; next working day Monday the 6th.
def test_a_protest_that_ends_on_a_holiday() -> None:
    window = protest_window(D(2026, 1, 5))
    assert (window.opens, window.closes) == (D(2026, 1, 5), D(2026, 7, 4))
    assert "2026-07-04 is not a working day: act by it all the same" in window.note
    assert "2026-07-06, is UNSAFE" in window.note
    # Both lines of cases are named (30 Cust. Ct. 424 collects them).
    assert all(
        case in window.note
        for case in ("Psaki Bros.", "Cintez", "Thalson", "Hawaiian Oke", "30 Cust. Ct. 424")
    )


@pytest.mark.parametrize(
    ("rule", "start", "closes", "following"),
    [
        # Friday and 80 days are a Monday, which may be a holiday: Memorial Day 2026.
        (cape_window, D(2026, 3, 6), D(2026, 5, 25), D(2026, 5, 26)),
        (voluntary_reliquidation_window, D(2026, 1, 3), D(2026, 4, 3), None),  # Good Friday is a working day
        (voluntary_reliquidation_window, D(2026, 1, 4), D(2026, 4, 4), D(2026, 4, 6)),
        (denied_protest_suit_window, D(2026, 5, 1), D(2026, 10, 28), None),
        (denied_protest_suit_window, D(2026, 5, 4), D(2026, 10, 31), D(2026, 11, 2)),
        (residual_suit_window, D(2025, 2, 4), D(2027, 2, 4), None),
        (residual_suit_window, D(2025, 4, 5), D(2027, 4, 5), None),
        (residual_suit_window, D(2025, 3, 7), D(2027, 3, 7), D(2027, 3, 8)),
    ],
)
def test_a_moved_day_is_only_ever_a_note(
    rule: Callable[[dt.date], Window], start: dt.date, closes: dt.date, following: dt.date | None
) -> None:
    window = rule(start)
    assert window.closes == closes
    assert ("UNSAFE" in window.note) is (following is not None)
    if following is not None:
        assert f"The next working day, {following}, is UNSAFE" in window.note


# Starts from which no last day needs a word on moving it: the note is then that of the clock alone.
@pytest.mark.parametrize(
    ("made_by", "dates", "rule", "identifier"),
    [
        (cape_window, [D(2026, 2, 6)], "cape", "cape"),
        (cape_window, [D(2026, 1, 30)], "cape", "cape"),  # open on its opening day, its last
        (voluntary_reliquidation_window, [D(2026, 2, 6)], "reliquidation", "voluntary_reliquidation"),
        (protest_window, [D(2026, 2, 6)], "protest", "protest"),
        (protest_window, [D(2060, 1, 3)], "protest", "protest"),  # past the calendar
        (denied_protest_suit_window, [D(2026, 5, 1)], "denied_protest_suit", "denied_protest_suit"),
        (residual_suit_window, [D(2025, 2, 4)], "residual_suit", "residual_suit"),
        (
            post_summary_correction_window,
            [D(2025, 8, 1), D(2026, 5, 29)],
            "post_summary_correction",
            "correction_after_entry",
        ),
    ],
)
def test_a_window_has_rule_citation_and_note_of_its_clock(
    made_by: Callable[..., Window], dates: list[dt.date], rule: str, identifier: str
) -> None:
    window, term = made_by(*dates), clock(identifier)
    assert (window.rule, window.citation, window.note) == (rule, term.citation, term.note)


def test_the_note_on_moving_gives_the_clocks_own_words() -> None:
    term = clock("voluntary_reliquidation")
    assert voluntary_reliquidation_window(D(2026, 1, 4)).note == (
        f"{term.note} 2026-04-04 is not a working day: act by it all the same. The next working day, "
        f"2026-04-06, is UNSAFE: {term.roll}."
    )


def test_no_note_on_moving_outside_the_calendar() -> None:
    assert "UNSAFE" not in protest_window(D(2060, 1, 3)).note
    assert "UNSAFE" not in residual_suit_window(D(2047, 12, 31)).note  # 2049-12-31 has no known day after


def test_two_years_for_another_action() -> None:
    # 28 USC 2636(i): the first IEEPA duty, 2025-02-04, bars on 2027-02-04 on the earliest reading.
    window = residual_suit_window(D(2025, 2, 4))
    assert (window.rule, window.opens, window.closes) == ("residual_suit", D(2025, 2, 4), D(2027, 2, 4))
    assert "disputed" in window.note
    assert residual_suit_window(D(2024, 2, 29)).closes == D(2026, 2, 28)


def test_a_suit_on_a_denied_protest() -> None:
    # 28 USC 2636(a): denial mailed 2026-05-01, suit until 2026-10-28.
    window = denied_protest_suit_window(D(2026, 5, 1))
    assert (window.rule, window.closes) == ("denied_protest_suit", D(2026, 10, 28))
    assert window.citation == cite("28-usc-2636-a")


def test_cape_never_opened_for_what_was_final_before() -> None:
    window = cape_window(D(2026, 1, 29))
    assert (window.opens, window.closes) == (OPENING, D(2026, 4, 19))
    assert window.note == "Never open: CAPE opened on 2026-04-20, after day 80 of this liquidation."
    assert not any(window.is_open(D(2026, 4, d)) for d in (18, 19, 20))


def test_cape_after_its_opening_opens_with_the_liquidation() -> None:
    assert cape_window(D(2026, 6, 12)).opens == D(2026, 6, 12)
    assert "do not wait for the last days" in cape_window(D(2026, 6, 12)).note


# ncbfaa.org 2026-05-18: the earlier of entry + 300 days (2026-05-28) and scheduled liquidation - 15 days.
def test_a_post_summary_correction() -> None:
    window = post_summary_correction_window(D(2025, 8, 1), D(2026, 5, 29))
    assert (window.rule, window.opens, window.closes) == (
        "post_summary_correction",
        D(2025, 8, 1),
        D(2026, 5, 14),
    )
    assert "No scheduled liquidation" not in window.note
    late = post_summary_correction_window(D(2025, 8, 1), D(2026, 8, 1))
    assert late.closes == D(2026, 5, 28)


def test_a_correction_without_a_scheduled_liquidation() -> None:
    window = post_summary_correction_window(D(2025, 8, 1), None)
    assert window.closes == D(2026, 5, 28)
    assert window.note == (
        f"{clock('correction_after_entry').note} "
        "No scheduled liquidation is known: only the days from entry are counted."
    )


@pytest.mark.parametrize(("days", "opened"), [(15, True), (14, False), (0, False)])
def test_a_correction_just_before_liquidation(days: int, opened: bool) -> None:
    entry = D(2025, 8, 1)
    window = post_summary_correction_window(entry, entry + dt.timedelta(days))
    assert window.is_open(entry) is opened
    never = "" if opened else " Never open: the scheduled liquidation lies too close to the entry."
    assert window.note == clock("correction_after_entry").note + never


RULES: list[tuple[str, Callable[[Any], object]]] = [
    ("liquidation_date", cape_window),
    ("liquidation_date", voluntary_reliquidation_window),
    ("liquidation_date", protest_window),
    ("denied_on", denied_protest_suit_window),
    ("accrued_on", residual_suit_window),
    ("entry_date", lambda value: post_summary_correction_window(value, D(2026, 5, 29))),
]
NOT_DATES = [dt.datetime(2026, 1, 30), "2026-01-30", 46052]


# A spreadsheet that adds 80 to an empty cell shows 1900-03-20.
@pytest.mark.parametrize("rule", [rule for _, rule in RULES])
def test_no_date_no_deadline(rule: Callable[[Any], object]) -> None:
    assert rule(None) is None


@pytest.mark.parametrize(("name", "rule"), RULES)
@pytest.mark.parametrize("value", NOT_DATES)
def test_anything_but_a_date_is_refused(name: str, rule: Callable[[Any], object], value: object) -> None:
    with pytest.raises(FieldError, match=f"{name} is .*, not a date"):
        rule(value)


@pytest.mark.parametrize("value", NOT_DATES)
def test_days_asked_about_are_dates_too(value: Any) -> None:
    window = cape_window(D(2026, 1, 30))
    with pytest.raises(FieldError, match=r"on is .*, not a date"):
        window.is_open(value)
    with pytest.raises(FieldError, match=r"as_of is .*, not a date"):
        window.days_left(value)
    with pytest.raises(FieldError, match=r"scheduled_liquidation is .*, not a date"):
        post_summary_correction_window(D(2025, 8, 1), value)
    with pytest.raises(FieldError, match=r"as_of is .*, not a date"):
        windows(entry(), as_of=value)


def test_a_window_is_a_frozen_value() -> None:
    window = Window("cape", D(2026, 4, 20), D(2026, 4, 27), cite("19-usc-1501"))
    assert window.note == ""
    assert pickle.loads(pickle.dumps(window)) == window
    with pytest.raises(FrozenInstanceError):
        window.closes = D(2027, 1, 1)  # type: ignore[misc]  # that it cannot be set is what is tested


def entry(**facts: Any) -> Entry:
    return Entry("ABC-1234567-6", "01", D(2025, 2, 4), (), **facts)


def spans(found: list[Window]) -> dict[str, tuple[str, str]]:
    return {window.rule: (str(window.opens), str(window.closes)) for window in found}


def test_a_liquidated_entry() -> None:
    found = windows(entry(liquidation_date=D(2026, 2, 6), deposit_date=D(2025, 2, 19)), as_of=D(2026, 5, 1))
    assert spans(found) == {
        "cape": ("2026-04-20", "2026-04-27"),
        "reliquidation": ("2026-02-06", "2026-05-07"),
        "protest": ("2026-02-06", "2026-08-05"),
        "residual_suit": ("2025-02-19", "2027-02-19"),
    }
    assert [window.rule for window in found] == ["cape", "reliquidation", "protest", "residual_suit"]
    assert found[-1].note.startswith("Counted from the deposit, the earliest reading. ")


def test_a_reliquidation_restarts_cape_and_protest_but_not_the_90_days() -> None:
    facts = entry(liquidation_date=D(2026, 2, 6), reliquidation_date=D(2026, 5, 1))
    assert spans(windows(facts, as_of=D(2026, 5, 1))) == {
        "cape": ("2026-05-01", "2026-07-20"),
        "reliquidation": ("2026-02-06", "2026-05-07"),
        "protest": ("2026-05-01", "2026-10-28"),
        "residual_suit": ("2025-02-04", "2027-02-04"),
    }
    # The day before it had not happened.
    assert spans(windows(facts, as_of=D(2026, 4, 30)))["cape"] == ("2026-04-20", "2026-04-27")


def test_a_reliquidation_whose_original_is_not_known() -> None:
    found = windows(entry(reliquidation_date=D(2026, 5, 1)), as_of=D(2026, 5, 1))
    assert [window.rule for window in found] == ["cape", "protest", "residual_suit"]


def test_an_unliquidated_entry() -> None:
    found = windows(entry(liquidation_status=LiquidationStatus.UNLIQUIDATED), as_of=D(2025, 6, 1))
    assert spans(found) == {
        "post_summary_correction": ("2025-02-04", "2025-12-01"),
        "expected_liquidation": ("2025-12-19", "2025-12-19"),
        "deemed_liquidation": ("2026-02-04", "2026-02-04"),
        "residual_suit": ("2025-02-04", "2027-02-04"),
    }
    assert found[1].note.startswith("A forecast. Practice, not law")
    assert not any("not known" in window.note for window in found)


def test_each_window_of_an_unliquidated_entry_names_its_source() -> None:
    found = {w.rule: w for w in windows(entry(liquidation_status="unliquidated"), as_of=D(2025, 6, 1))}
    forecast, year, suit = clock("normal_liquidation"), clock("deemed_liquidation"), clock("residual_suit")
    assert found["expected_liquidation"].citation == forecast.citation
    assert found["expected_liquidation"].note == f"A forecast. {forecast.note}"
    assert (found["deemed_liquidation"].citation, found["deemed_liquidation"].note) == (
        year.citation,
        year.note,
    )
    assert found["residual_suit"].note == f"Counted from the entry, the earliest reading. {suit.note}"
    # The forecast, 2025-12-19, less 15 days comes after 300 days from entry; both are known, so no doubt is noted.
    assert found["post_summary_correction"].note == clock("correction_after_entry").note


def test_where_liquidation_stands_scheduled_or_accepted_the_note_says_so() -> None:
    scheduled = windows(entry(liquidation_date=D(2025, 11, 28)), as_of=D(2025, 6, 1))
    expected = next(w for w in scheduled if w.rule == "expected_liquidation")
    assert expected == Window(
        "expected_liquidation",
        D(2025, 11, 28),
        D(2025, 11, 28),
        clock("normal_liquidation").citation,
        "The scheduled liquidation. It may still be moved.",
    )
    accepted = windows(
        entry(liquidation_status="unliquidated", cape_accepted_on=D(2026, 4, 20)), as_of=D(2026, 4, 20)
    )
    term = clock("cape_unliquidated")
    assert next(w for w in accepted if w.rule == "expected_liquidation") == Window(
        "expected_liquidation", D(2026, 6, 4), D(2026, 6, 4), term.citation, term.note
    )


def test_a_scheduled_day_stands_while_liquidation_is_held() -> None:
    for status in ("extended", "suspended", "under_review"):
        facts = entry(liquidation_status=status, liquidation_date=D(2025, 11, 28))
        found = spans(windows(facts, as_of=D(2025, 6, 1)))
        assert found["expected_liquidation"] == ("2025-11-28", "2025-11-28")
        # Acceptance by CAPE does not lift what holds it: the scheduled day, not the 45 days, is shown.
        held = entry(
            liquidation_status=status, liquidation_date=D(2026, 11, 27), cape_accepted_on=D(2026, 4, 20)
        )
        assert spans(windows(held, as_of=D(2026, 5, 1)))["expected_liquidation"] == ("2026-11-27",) * 2


def test_a_forecast_close_to_entry_cuts_a_correction_only_where_nothing_is_held() -> None:
    # The forecast is at least 314 days after entry, 15 days before it is day 299 at the earliest.
    entered_on_a_day_314_friday = Entry(
        "ABC-1234567-6", "01", D(2025, 2, 8), (), liquidation_status="unliquidated"
    )
    found = spans(windows(entered_on_a_day_314_friday, as_of=D(2025, 6, 1)))
    assert found["expected_liquidation"] == ("2025-12-19", "2025-12-19")
    assert found["post_summary_correction"] == ("2025-02-08", "2025-12-04")  # day 299
    held = Entry("ABC-1234567-6", "01", D(2025, 2, 8), (), liquidation_status="under_review")
    assert spans(windows(held, as_of=D(2025, 6, 1)))["post_summary_correction"] == (
        "2025-02-08",
        "2025-12-05",
    )


def test_an_extension_says_within_which_days() -> None:
    found = windows(entry(liquidation_status="extended"), as_of=D(2026, 5, 1))
    limit = clock("deemed_liquidation_limit")
    assert (found[-1].citation, found[-1].note) == (
        limit.citation,
        f"Extended: within these days. {limit.note}",
    )


def test_a_reconciliation_names_its_clock() -> None:
    flagged = entry(reconciliation_flagged=True, reconciliation_due=D(2026, 11, 4))
    found = next(w for w in windows(flagged, as_of=D(2026, 5, 1)) if w.rule == "reconciliation")
    assert (found.citation, found.note) == (
        clock("reconciliation").citation,
        clock("reconciliation_first").note,
    )


def test_a_scheduled_liquidation_ends_the_time_for_a_correction() -> None:
    facts = entry(liquidation_date=D(2025, 11, 28))
    found = spans(windows(facts, as_of=D(2025, 6, 1)))
    assert found["post_summary_correction"] == ("2025-02-04", "2025-11-13")
    assert found["expected_liquidation"] == ("2025-11-28", "2025-11-28")
    # On the day itself it is liquidated.
    assert "cape" in spans(windows(facts, as_of=D(2025, 11, 28)))
    assert "cape" not in spans(windows(facts, as_of=D(2025, 11, 27)))


def test_where_not_even_the_status_is_known_the_notes_say_so() -> None:
    found = windows(entry(), as_of=D(2025, 6, 1))
    assert [
        window.note.startswith("If the entry is unliquidated, which is not known: ") for window in found
    ] == [
        True,
        True,
        True,
        False,
    ]


def test_liquidated_on_an_unknown_day_gives_no_deadline_from_it() -> None:
    found = windows(entry(liquidation_status=LiquidationStatus.LIQUIDATED), as_of=D(2026, 5, 1))
    assert [window.rule for window in found] == ["residual_suit"]


def test_an_accepted_declaration_sets_liquidation_45_days_later_and_ends_corrections() -> None:
    # CSMS 68340863: accepted 2026-04-20, unliquidated; the 45th day is Thursday 2026-06-04.
    facts = entry(liquidation_status=LiquidationStatus.UNLIQUIDATED, cape_accepted_on=D(2026, 4, 20))
    found = spans(windows(facts, as_of=D(2026, 4, 20)))
    assert found["expected_liquidation"] == ("2026-06-04", "2026-06-04")
    assert "post_summary_correction" not in found
    before = spans(windows(facts, as_of=D(2026, 4, 19)))
    assert before["expected_liquidation"] == ("2025-12-19", "2025-12-19")
    assert "post_summary_correction" in before


@pytest.mark.parametrize(
    "facts",
    [
        {"liquidation_status": LiquidationStatus.SUSPENDED},
        {"liquidation_status": LiquidationStatus.UNLIQUIDATED, "ad_cvd": AdCvdStatus.SUSPENDED},
        {"liquidation_status": LiquidationStatus.UNLIQUIDATED, "ad_cvd": AdCvdStatus.LIQUIDATION_PENDING},
    ],
)
def test_while_suspended_nothing_is_foretold(facts: dict[str, Any]) -> None:
    found = spans(windows(entry(**facts), as_of=D(2025, 6, 1)))
    assert found == {
        "post_summary_correction": ("2025-02-04", "2025-12-01"),
        "residual_suit": ("2025-02-04", "2027-02-04"),
    }
    # Acceptance does not lift the suspension.
    accepted = entry(cape_accepted_on=D(2026, 4, 20), **facts)
    assert list(spans(windows(accepted, as_of=D(2026, 5, 1)))) == ["residual_suit"]


def test_an_extended_entry_is_deemed_liquidated_within_two_to_four_years() -> None:
    found = windows(entry(liquidation_status=LiquidationStatus.EXTENDED), as_of=D(2026, 5, 1))
    assert spans(found) == {
        "post_summary_correction": ("2025-02-04", "2025-12-01"),
        "residual_suit": ("2025-02-04", "2027-02-04"),
        "deemed_liquidation": ("2027-02-04", "2029-02-04"),
    }
    assert found[-1].citation == cite("19-usc-1504-b")


def test_an_entry_under_review_keeps_its_year() -> None:
    found = spans(windows(entry(liquidation_status=LiquidationStatus.UNDER_REVIEW), as_of=D(2025, 6, 1)))
    assert "expected_liquidation" not in found
    assert found["deemed_liquidation"] == ("2026-02-04", "2026-02-04")


def test_a_year_that_is_past_says_what_that_means() -> None:
    facts = entry(liquidation_status=LiquidationStatus.UNLIQUIDATED)
    texts = {
        as_of: next(w.note for w in windows(facts, as_of=as_of) if w.rule == "deemed_liquidation")
        for as_of in (D(2026, 2, 4), D(2026, 2, 5))
    }
    assert "It is past" not in texts[D(2026, 2, 4)]
    assert texts[D(2026, 2, 5)] == (
        f"{clock('deemed_liquidation').note} "
        "It is past: unless extended or suspended, the entry liquidated on it by law."
    )


def test_a_reconciliation_that_is_still_to_be_filed() -> None:
    flagged = {"reconciliation_flagged": True, "reconciliation_due": D(2026, 11, 4)}
    found = windows(entry(liquidation_date=D(2026, 2, 6), **flagged), as_of=D(2026, 5, 1))
    assert spans(found)["reconciliation"] == ("2025-02-04", "2026-11-04")
    assert [window.rule for window in found][-2:] == ["reconciliation", "residual_suit"]
    assert "reconciliation" in spans(windows(entry(**flagged), as_of=D(2026, 5, 1)))


@pytest.mark.parametrize(
    "facts",
    [
        {"reconciliation_flagged": True},
        {"reconciliation_flagged": True, "reconciliation_due": D(2026, 11, 4), "reconciliation_filed": True},
        {"reconciliation_flagged": False, "reconciliation_due": D(2026, 11, 4)},
        {"reconciliation_due": D(2026, 11, 4)},
    ],
)
def test_no_window_for_a_reconciliation_that_is_filed_or_not_known(facts: dict[str, Any]) -> None:
    assert "reconciliation" not in spans(windows(entry(**facts), as_of=D(2026, 5, 1)))
