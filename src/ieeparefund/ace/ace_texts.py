"""The texts ACE prints in CAPE's Claim Details: what each means, and what to do about it on which day.

The texts changed about 2026-06-25 and on 2026-06-29, so advice depends on the day the text was seen and on
the day of the question: a refusal under a validation dropped since is resubmitted unchanged. The table is
`tables/ace_texts.toml`.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from ieeparefund.errors import InputError
from ieeparefund.law.citations import Citation, Standing, cite
from ieeparefund.law.dated import in_force
from ieeparefund.law.once import once

__all__ = ["Action", "Advice", "AfterRow", "TextRow", "ace_texts", "advice"]


class Action(StrEnum):
    """What a filer does about a text."""

    CORRECT = "correct"
    WAIT = "wait"
    RESUBMIT_UNCHANGED = "resubmit_unchanged"
    USE_OTHER_ACCOUNT = "use_other_account"
    WITHDRAW_PROTEST = "withdraw_protest"
    PROTEST = "protest"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class AfterRow:
    """What to do about a text seen while its row was in force, once the row has ended."""

    action: Action
    remedy: str
    clock: str | None
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row of the table: ACE prints `text` for this reason from `first_day` to `last_day`, both inclusive.

    `clock` is the identifier of the legal clock that bounds the remedy (see `law.clocks.clock_end`), if any.
    """

    text: str
    aliases: tuple[str, ...]
    first_day: dt.date
    last_day: dt.date | None
    meaning: str
    action: Action
    remedy: str
    clock: str | None
    citation: Citation
    standing: Standing
    note: str
    after: AfterRow | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What a text means and what to do about it on the day of the question.

    `text` is as given; `known` says whether the table has it, and where it has not, `action`, `clock`,
    `citation` and `row` are `None`. `clock` names the legal clock that bounds the remedy. `note` tells what
    is doubtful, such as a text seen on a day on which the table does not have it.
    """

    text: str
    known: bool
    action: Action | None
    meaning: str
    remedy: str
    clock: str | None
    citation: Citation | None
    standing: Standing | None
    note: str
    row: TextRow | None

    def explain(self) -> str:
        """Return the advice in one or more sentences, with its source."""
        source = f" ({self.citation})" if self.citation else ""
        return " ".join(part for part in (self.meaning, self.remedy, self.note) if part) + source


def _normal(text: str) -> str:
    squeezed = " ".join(text.split()).strip(" .:*\"'").upper()
    return re.sub(r" ?/ ?", "/", squeezed)


@once
def ace_texts() -> tuple[TextRow, ...]:
    """Return the rows of the table, in its order."""
    table = (files("ieeparefund.ace") / "tables" / "ace_texts.toml").read_text(encoding="utf-8")
    return tuple(
        TextRow(
            row["text"],
            tuple(row.get("aliases", ())),
            row["from"],
            row.get("to"),
            row["meaning"],
            Action(row["action"]),
            row["remedy"],
            row.get("clock"),
            cite(row["citation"]),
            Standing(row["standing"]),
            row.get("note", ""),
            AfterRow(
                Action(row["after_action"]),
                row["after_remedy"],
                row.get("after_clock"),
                cite(row["after_citation"]),
                Standing(row["after_standing"]),
            )
            if "after_action" in row
            else None,
        )
        for row in tomllib.loads(table)["text"]
    )


@once
def _by_text() -> dict[str, tuple[TextRow, ...]]:
    found: dict[str, tuple[TextRow, ...]] = {}
    for row in ace_texts():
        for spelling in (row.text, *row.aliases):
            key = _normal(spelling)
            found[key] = (*found.get(key, ()), row)
    return found


def _row_seen(rows: tuple[TextRow, ...], day: dt.date) -> tuple[TextRow, str]:
    """Return the row in force on `day`, or the nearest one with the words that say so."""
    for row in rows:
        if in_force(row, day):
            return row, ""
    first, last = rows[0], rows[-1]
    if day < first.first_day:
        return first, f"The table has this text from {first.first_day} only; it was seen on {day}."
    return last, f"The table has this text to {last.last_day} only; it was seen on {day}."


def advice(text: str, seen_on: dt.date | None, as_of: dt.date) -> Advice:
    """Return what `text`, printed by ACE on `seen_on`, means and what to do about it on `as_of`.

    Case, blanks and closing marks do not matter. `seen_on` `None` means the day is not known: the newest row
    is taken and the note says so. A text the table does not have is kept and comes back with `known` false.
    Raises `InputError` where `as_of` lies before `seen_on`.

    >>> import datetime as dt
    >>> told = advice("HTS RELATIONSHIP/SEQUENCE MISMATCH", dt.date(2026, 5, 2), dt.date(2026, 7, 1))
    >>> told.action.value
    'resubmit_unchanged'
    """
    if seen_on is not None and as_of < seen_on:
        raise InputError(
            f"as_of {as_of} lies before {seen_on}, the day the text was seen.",
            remedy="Ask for a day on or after it.",
            column="as_of",
            value=str(as_of),
        )
    rows = _by_text().get(_normal(text))
    if rows is None:
        return Advice(
            text,
            known=False,
            action=None,
            meaning="This text is not known to the table.",
            remedy="Ask CBP what it means before changing data or resubmitting.",
            clock=None,
            citation=None,
            standing=None,
            note="",
            row=None,
        )
    if seen_on is None:
        row, note = rows[-1], "The day the text was seen is not given; the newest row is taken."
    else:
        row, note = _row_seen(rows, seen_on)
    ended = row.last_day is not None and as_of > row.last_day
    rule = row.after if row.after is not None and ended else row
    return Advice(
        text,
        known=True,
        action=rule.action,
        meaning=row.meaning,
        remedy=rule.remedy,
        clock=rule.clock,
        citation=rule.citation,
        standing=rule.standing,
        note=" ".join(part for part in (note, row.note) if part),
        row=row,
    )
