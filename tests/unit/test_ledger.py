"""The ledger: what was declared, what CBP answered, what is declared again."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.books import DAY, entry, estimate, number

from ieeparefund.errors import FileFormatError
from ieeparefund.refunds.declarations import plan_declarations
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.ledger import Ledger, Result, ResultState

ACCEPTED, REJECTED = ResultState.ACCEPTED, ResultState.REJECTED


def declare(ledger: Ledger, estimates: list[RefundEstimate]) -> list[str]:
    """Plan and record; returns the compact numbers that were listed."""
    with ledger.transaction():
        plan = plan_declarations(estimates, ledger)
        for place, declaration in enumerate(plan, ledger.next_id()):
            ledger.add_declaration(declaration, file_name=f"{place}.csv", folder="f", sha256="0" * 64)
    return [n.compact for declaration in plan for n in declaration.numbers]


def result(
    count: int, state: ResultState, text: str | None = None, claim: str | None = "90000000001"
) -> Result:
    return Result(number(count), state, claim, text)


def names(*counts: int) -> list[str]:
    return [number(count).compact for count in counts]


def test_accepted_entries_are_left_out_and_rejected_ones_kept(tmp_path: Path) -> None:
    # Declaration 1 accepted 1 and rejected 2; the new list is 1, 2, 3: the new file holds 2 and 3.
    with Ledger.open(tmp_path / "l.db") as ledger:
        first, second, third = (estimate(entry(count)) for count in (1, 2, 3))
        assert declare(ledger, [first, second]) == names(1, 2)
        assert ledger.record([result(1, ACCEPTED), result(2, REJECTED)], recorded_on=DAY) == 2
        assert declare(ledger, [first, second, third]) == names(2, 3)


def test_what_awaits_an_answer_is_not_sent_again(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        declare(ledger, [estimate(entry(1))])
        reason = ledger.reason_to_leave_out(estimate(entry(1)))
        assert reason is not None
        assert "no result yet" in reason.reason
        assert declare(ledger, [estimate(entry(1))]) == []


@pytest.mark.parametrize(
    ("before", "text", "after", "as_of", "again"),
    [
        # The protest was withdrawn.
        ({"protest": None}, "PROTEST ON ENTRY", {"protest": "withdrawn"}, DAY, True),
        # CBP saw a protest, the file still does not know.
        ({"protest": None}, "PROTEST ON ENTRY", {"protest": None}, DAY, False),
        (
            {"protest": None},
            "PROTEST ON ENTRY",
            {"protest": None, "deposit_date": dt.date(2025, 8, 26)},
            DAY,
            False,
        ),
        # Data faults only ACE sees: a change of the lines counts.
        ({}, "UNABLE TO CALCULATE DUTY", {}, DAY, False),
        ({}, "UNABLE TO CALCULATE DUTY", {"duty": "999.00"}, DAY, True),
        # CSMS 69056483 dropped the text about 2026-06-25: resubmit unchanged.
        ({}, "HTS RELATIONSHIP/SEQUENCE MISMATCH", {}, DAY, False),
        ({}, "HTS RELATIONSHIP/SEQUENCE MISMATCH", {}, dt.date(2026, 7, 10), True),
        # One of the two rules behind the text ended on 2026-06-28 (CSMS 69035485).
        ({}, "ENTRY SUMMARY FLAGGED FOR RECON", {}, DAY, False),
        ({}, "ENTRY SUMMARY FLAGGED FOR RECON", {}, dt.date(2026, 7, 1), True),
        # A text the table does not know.
        ({}, "SOMETHING NEW", {}, DAY, False),
        ({}, "SOMETHING NEW", {"duty": "999.00"}, DAY, True),
        # Two texts: both must be mended.
        ({"protest": None}, "PROTEST ON ENTRY; SOMETHING NEW", {"protest": "none"}, DAY, True),
        ({"protest": None}, "PROTEST ON ENTRY; SOMETHING NEW", {"protest": None, "duty": "9.00"}, DAY, False),
    ],
)
def test_rejected_entries_come_back_when_cause_or_rule_changed(
    tmp_path: Path, before: dict[str, Any], text: str, after: dict[str, Any], as_of: dt.date, again: bool
) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        declare(ledger, [estimate(entry(1, **before))])
        ledger.record([result(1, REJECTED, text)], recorded_on=DAY)
        later = estimate(entry(1, **after), as_of=as_of)
        assert (declare(ledger, [later]) == names(1)) is again
        reason = ledger.reason_to_leave_out(later)
        assert reason is not None
        assert ("no result yet" if again else "nothing in the entry or the rule") in reason.reason


def test_recording_again_changes_nothing_and_old_claims_stay_with_their_declaration(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        declare(ledger, [estimate(entry(1))])
        assert ledger.record([result(1, REJECTED)], recorded_on=DAY) == 1
        assert ledger.record([result(1, REJECTED)], recorded_on=DAY) == 0
        assert declare(ledger, [estimate(entry(1))]) == names(1)
        # The old answer once more is no answer to the second declaration.
        assert ledger.record([result(1, REJECTED)], recorded_on=DAY) == 0
        assert declare(ledger, [estimate(entry(1))]) == []
        ledger.record([result(1, ACCEPTED, claim="90000000002")], recorded_on=DAY)
        reason = ledger.reason_to_leave_out(estimate(entry(1)))
        assert reason is not None
        assert "accepted it on claim 90000000002" in reason.reason


def test_what_somebody_else_declared_is_kept_too(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        ledger.record(
            [result(1, ACCEPTED, claim=None), result(2, REJECTED, "PROTEST ON ENTRY")], recorded_on=DAY
        )
        assert declare(ledger, [estimate(entry(1)), estimate(entry(2))]) == names(2)
        reason = ledger.reason_to_leave_out(estimate(entry(1)))
        assert reason is not None
        assert "claim unknown" in reason.reason


def test_the_export_holds_everything(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        declare(ledger, [estimate(entry(1)), estimate(entry(2))])
        ledger.record([result(2, ACCEPTED)], recorded_on=DAY)
        tables = ledger.export()
    (declaration,) = tables["declaration"]
    assert (declaration["entries"], declaration["principal_cents"]) == (2, 200_000)
    assert declaration["as_of"] == "2026-05-15"
    assert [row["entry_number"] for row in tables["declared_entry"]] == names(1, 2)
    assert [row["state"] for row in tables["result"]] == ["accepted"]


def test_a_ledger_survives_closing_and_a_failed_transaction(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        declare(ledger, [estimate(entry(1))])
        plan = plan_declarations([estimate(entry(2))], ledger)

        def halfway() -> None:
            with ledger.transaction():
                ledger.add_declaration(plan[0], file_name="2.csv", folder="f", sha256="0" * 64)
                raise RuntimeError("halfway")

        with pytest.raises(RuntimeError, match="halfway"):
            halfway()
    with Ledger.open(path) as ledger:
        assert len(ledger.export()["declaration"]) == 1
        assert ledger.next_id() == 2
        assert ledger.reason_to_leave_out(estimate(entry(2))) is None


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("this is no ledger, it is a long enough text to be no database", encoding="utf-8")
    with pytest.raises(FileFormatError, match="cannot be read"):
        Ledger.open(text)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE something (x)")
    connection.close()
    with pytest.raises(FileFormatError, match="cannot be read"):
        Ledger.open(other)
    newer = tmp_path / "newer.db"
    Ledger.open(newer).close()
    with sqlite3.connect(newer) as connection:
        connection.execute("UPDATE ledger SET version = 99")
    connection.close()
    with pytest.raises(FileFormatError, match="Update ieeparefund"):
        Ledger.open(newer)


def test_a_changed_entry_has_another_fingerprint() -> None:
    from ieeparefund.refunds.ledger import facts_fingerprint

    made = entry(1)
    assert facts_fingerprint(made) == facts_fingerprint(replace(made))
    assert facts_fingerprint(made) != facts_fingerprint(replace(made, protest="withdrawn"))
