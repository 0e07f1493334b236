# ruff: noqa: S608 - the SQL is made of law tables and constants; no text of a user goes into it
"""Facts and outcome as SQL, worked out once for all entries that look alike.

What the rules can tell of an entry is packed into one whole number, a digit for each thing seen of it. The facts of
`cape_facts` and the rules are evaluated for the distinct numbers alone, which are few.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ieeparefund.columns.facts import CODE_LISTS
from ieeparefund.columns.rules import compiled_rules, fact_code
from ieeparefund.columns.schema import ENTRY_COLUMNS, Kind
from ieeparefund.columns.sql_rules import literal, outcome_sql
from ieeparefund.entries.codes import EntryType
from ieeparefund.law.cape_facts import RATE_OF_ANOTHER_DAY, clock_limits
from ieeparefund.law.cape_rules import cape_rules

__all__ = ["CodeDigit", "code_digits", "judged_sql", "look_sql"]

# Columns the facts below are made of, beside those that are facts themselves.
_NEEDED = {"entry_type", "liquidation_status", "ad_cvd", "reconciliation_flagged", "reconciliation_filed"}


class CodeDigit(NamedTuple):
    """A column of codes as a digit: `size` is one more than its largest code, `stand_in` the code put for unknown."""

    name: str
    size: int
    stand_in: int


def code_digits(on: dt.date) -> list[CodeDigit]:
    """Return the columns of codes and flags that the outcome can turn on, in the order in which they are packed.

    For an unknown code the one is put that the rule file lets stand for it, which makes entries more alike.
    """
    facts = cape_rules().facts
    used = _NEEDED | set(compiled_rules(on).facts)
    found = []
    for column in ENTRY_COLUMNS:
        name = column.name
        if name in used and column.kind in (Kind.CODE, Kind.FLAG):
            absent = None if name in _NEEDED else facts[name].absent
            found.append(CodeDigit(name, 1 + len(_values(name)), fact_code(name, absent)))
    return found


def _values(name: str) -> tuple[str | bool, ...]:
    """The values of a column of codes, from code 1."""
    return CODE_LISTS.get(name, (True, False))


class _Digit(NamedTuple):
    """Things seen of an entry as a digit: an expression that is never NULL, and columns of values by digit."""

    digit: str
    columns: Mapping[str, Sequence[str]]

    @property
    def size(self) -> int:
        return len(next(iter(self.columns.values())))


_NO, _YES = "FALSE", "TRUE"


def _digits(on: dt.date) -> list[_Digit]:
    """What is seen of an entry beside its codes."""
    limits = clock_limits(on)
    since, since_first = (f"({literal(on)} - {day})" for day in ("latest", "liquidation_date"))

    def number(condition: str) -> str:
        return f"CAST({condition} AS TINYINT)"

    stage = f"{number(f'{since} >= {limits.cape_many_left}')} + {number(f'{since} > {limits.cape}')}"
    protest = number(f"{since} > {limits.protest}")
    first = f"{number(f'{since_first} >= 0')} + {number(f'{since_first} > {limits.reliquidation}')}"
    return [
        _Digit(
            f"COALESCE(1 + {stage} + 3 * {protest}, 0)",
            {
                "liquidated": (_NO, *[_YES] * 6),
                "cape_stage": ("NULL", *["'open'", "'closing'", "'closed'"] * 2),
                "protest_stage": ("NULL", *["'open'"] * 3, *["'closed'"] * 3),
            },
        ),
        _Digit(
            f"COALESCE(1 + {first}, 0)",
            {
                "ahead": (_NO, _YES, _NO, _NO),
                "reliquidation_stage": ("'closed'", "'open'", "'open'", "'closed'"),
            },
        ),
        _Digit(
            number(f"COALESCE(cape_accepted_on <= {literal(on)}, FALSE)"), {"already_accepted": (_NO, _YES)}
        ),
        # The bits of `numbers`: an IEEPA number, one out of its dates.
        _Digit(
            "COALESCE(1 + flags, 0)",
            {
                "has_rows": (_NO, *[_YES] * 4),
                "any_ieepa": (_NO, *[_NO, _YES] * 2),
                "out_of_dates": (_NO, *[_NO] * 2, *[_YES] * 2),
            },
        ),
        _Digit(number("total > 0"), {"paid_on": (_NO, _YES)}),
        # What the closer look at lines found: blank, duty on an exemption, value on an IEEPA number, value off.
        _Digit("COALESCE(blank, 0)", {"blank": (_NO, _YES)}),
        _Digit("COALESCE(exempt_duty, 0)", {"exempt_duty": (_NO, _YES)}),
        _Digit("COALESCE(value_on, 0)", {"value_on_ieepa_number": (_NO, _YES)}),
        _Digit("COALESCE(value_off, 0)", {"value_off_chapter_1_97": (_NO, _YES, "NULL")}),
    ]


def look_sql(on: dt.date) -> str:
    """Return the expression of what is seen of an entry as one whole number, its packed `codes` first."""
    found = "codes"
    for digit in _digits(on):
        found = f"({found}) * {digit.size} + {digit.digit}"
    return found


def _seen(on: dt.date) -> str:
    """Each number of `looks`, with what it says in columns."""
    columns, unit = [], 1

    def add(name: str, values: Sequence[str], size: int) -> None:
        columns.append(f"[{', '.join(values)}][look // {unit} % {size} + 1] AS {name}")

    for digit in reversed(_digits(on)):
        for name, values in digit.columns.items():
            add(name, values, digit.size)
        unit *= digit.size
    for code in reversed(code_digits(on)):
        add(code.name, ("NULL", *(literal(value) for value in _values(code.name))), code.size)
        unit *= code.size
    return f"SELECT look, {', '.join(columns)} FROM looks"


def judged_sql(on: dt.date) -> str:
    """Return the query that gives each `look` of the table `looks` its `outcome`, as its place in `OUTCOMES`.

    The facts are those of `cape_facts` which the outcome can turn on, each a column of its name.
    """
    another_day = ", ".join(literal(str(kind)) for kind in EntryType if kind in RATE_OF_ANOTHER_DAY)
    not_started = "CASE WHEN liquidation <> 'liquidated' THEN 'not_started' END"
    facts = f"""
    SELECT * REPLACE (
            CASE WHEN reconciliation_filed IS NULL AND reconciliation_flagged IS NOT TRUE THEN FALSE
                 ELSE reconciliation_filed END AS reconciliation_filed,
            CASE WHEN ad_cvd IS NOT NULL AND liquidation = 'liquidated' THEN 'none' ELSE ad_cvd END AS ad_cvd),
        CASE WHEN liquidated THEN cape_stage ELSE {not_started} END AS cape_clock,
        CASE WHEN NOT liquidated THEN {not_started} ELSE reliquidation_stage END AS reliquidation_clock,
        CASE WHEN NOT liquidated THEN {not_started} ELSE protest_stage END AS protest_clock,
        CASE WHEN NOT has_rows THEN NULL WHEN paid_on THEN 'paid' WHEN blank THEN NULL
             WHEN exempt_duty THEN 'exempt_only' WHEN any_ieepa THEN 'zero' ELSE 'none' END AS ieepa_duty,
        CASE WHEN entry_type NOT IN ({another_day}) THEN out_of_dates END AS ieepa_number_out_of_dates
    FROM (
        SELECT *,
            CASE WHEN liquidated THEN 'liquidated'
                 WHEN ahead AND COALESCE(liquidation_status, 'liquidated') = 'liquidated' THEN 'unliquidated'
                 ELSE liquidation_status END AS liquidation
        FROM ({_seen(on)})
    )"""
    return f"SELECT look, {outcome_sql(on)} AS outcome FROM ({facts})"
