# ruff: noqa: S608 - the SQL is made of law tables and constants; no text of a user goes into it
"""The estimate as SQL over a unit: duty by line and entry, deposit, end of interest, windows, interest in cents.

The tables it reads are made by `duckdb.py` from the scalar functions: `entries` and `tariffs` (the unit), `numbers`
(what a tariff number is in an epoch), `exempting` (where one exempts), `calendar` (functions of a day), and
for the interest `principals` (amounts with their factors). Facts and outcome are in `sql_facts.py`.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from ieeparefund.columns import tables
from ieeparefund.columns.rules import OUTCOMES
from ieeparefund.columns.sql_facts import judged_sql, look_sql
from ieeparefund.columns.sql_rules import literal
from ieeparefund.law.duty_lines import Role
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.growth import PLACE_18
from ieeparefund.refunds.deposit import DepositRule

__all__ = ["cents_sql", "estimates_sql", "interest_sql", "lines_sql"]


_FIVES = 5**18
# A BIGINT holds 18 binary places less of it.
_FAST = 1 << 63 + 18


def cents_sql(amount: str, units: str) -> str:
    """Return the expression of an amount times a factor in units of the 18th place, half up; none is below zero.

    Dividing by 10**18 is dividing by 2**18 and then by 5**18, exactly, and in BIGINT it takes an eighth of the time.
    """
    product = f"(CAST({amount} AS HUGEINT) * {units} + {PLACE_18 // 2})"
    return (
        f"CASE WHEN {product} < {_FAST} THEN CAST({product} >> 18 AS BIGINT) // {_FIVES} "
        f"ELSE CAST({product} // {PLACE_18} AS BIGINT) END"
    )


def lines_sql() -> str:
    """Return the query of the lines that need a closer look: the sums of `duty_lines.line_amounts`, line facts.

    They are the lines with duty on a number that imposes none or is all-in, with a value on a chapter 99 number, or
    with a blank duty on an IEEPA number. All that other lines say is the sum of the duty on duty headings.
    """
    return f"""
    SELECT t.entry, t.line_number,
        COALESCE(SUM(t.duty_cents) FILTER (n.role = {Role.NO_DUTY:d}), 0) AS idle,
        COALESCE(SUM(t.duty_cents) FILTER (n.role >= {Role.ALL_IN:d}), 0) AS all_in,
        COALESCE(SUM(t.duty_cents) FILTER (n.role = {Role.ORDINARY:d}), 0) AS base,
        COALESCE(BOOL_OR(n.role = {Role.ALL_IN_TWIN:d} AND t.duty_cents <> 0), FALSE) AS twin,
        NOT COALESCE(BOOL_OR(n.role = {Role.ORDINARY:d} AND t.duty_cents IS NULL), FALSE) AS shown,
        COALESCE(SUM(t.value_cents) FILTER (n.role = {Role.ORDINARY:d}), 0) AS value,
        MAX(t.rate) AS rate,
        MIN(t.rate) AS least_rate,
        BOOL_OR(n.ieepa) AS ieepa,
        COALESCE(BOOL_OR(n.chapter_99 AND t.value_cents <> 0), FALSE) AS stray,
        BOOL_OR(n.chapter_98) AS special,
        COALESCE(BOOL_OR(n.ordinary AND t.value_cents <> 0), FALSE) AS valued,
        NOT BOOL_OR(n.ordinary) OR BOOL_OR(n.ordinary AND t.value_cents IS NULL) AS value_open,
        CAST(COALESCE(BOOL_OR(n.ieepa AND t.value_cents <> 0), FALSE) AS TINYINT) AS value_on,
        CAST(BOOL_OR(n.ieepa AND t.duty_cents IS NULL AND x.word IS NULL) AS TINYINT) AS blank,
        CAST(COALESCE(BOOL_OR(x.word IS NOT NULL AND t.duty_cents > 0), FALSE) AS TINYINT) AS exempt_duty,
        COALESCE(SUM(t.duty_cents) FILTER (n.ieepa AND n.role <> {Role.DUTY:d} AND x.word IS NULL), 0) AS total
    FROM tariffs t
    JOIN numbers n ON n.word = t.word
    LEFT JOIN exempting x ON x.word = t.word AND x.country = t.country
    WHERE t.line IN (
        SELECT t.line FROM tariffs t JOIN numbers n ON n.word = t.word
        WHERE n.role >= {Role.NO_DUTY:d} AND t.duty_cents <> 0 OR n.chapter_99 AND t.value_cents <> 0
            OR n.ieepa AND t.duty_cents IS NULL)
    GROUP BY t.entry, t.line_number"""


def _closer() -> str:
    """By entry: what the lines of `lines_sql` add to the duty paid, low and high, and their facts."""
    column1 = cents_sql("GREATEST(value, 0)", "rate")
    return f"""
    SELECT entry,
        SUM(all_in + idle) AS paid,
        SUM(CASE WHEN all_in <= 0 THEN all_in WHEN column1 IS NOT NULL THEN part
                 WHEN base > 0 AND shown AND NOT twin THEN all_in ELSE 0 END + LEAST(idle, 0)) AS low,
        SUM(CASE WHEN column1 IS NOT NULL AND shown AND all_in > 0 THEN part ELSE all_in END
            + GREATEST(idle, 0)) AS high,
        SUM(total) AS total, MAX(blank) AS blank, MAX(exempt_duty) AS exempt_duty, MAX(value_on) AS value_on,
        CASE WHEN BOOL_OR(off) THEN 1 WHEN BOOL_OR(off IS NULL) THEN 2 ELSE 0 END AS value_off
    FROM (
        SELECT *, LEAST(GREATEST(all_in + base - column1, 0), all_in) AS part,
            CASE WHEN NOT (ieepa AND stray) THEN FALSE WHEN special THEN NULL WHEN valued THEN FALSE
                 WHEN value_open THEN NULL ELSE TRUE END AS off
        FROM (SELECT *, CASE WHEN rate IS NOT NULL AND (value > 0 OR rate = 0) THEN {column1} END AS column1 FROM lines)
    )
    GROUP BY entry"""


def _settled(amount: str) -> str:
    """`duty._settle`: what was returned, not below zero where anything was; the netting; not below zero."""
    left = f"GREATEST({amount} - already_refunded_cents, 0)"
    returned = f"CASE WHEN already_refunded_cents > 0 THEN {left} ELSE {amount} END"
    return f"CAST(GREATEST({returned} - COALESCE(other_adjustments_cents, 0), 0) AS BIGINT)"


def _accepted_end(on: dt.date) -> str:
    """`accrual.end_of_interest` of an entry that is accepted and not yet reliquidated."""
    accepted = f"COALESCE(cape_accepted_on, {literal(on)})"
    following = tables.next_working_days().known(np.array([tables.day_number(on)], np.int32))[0]
    today = literal(tables.to_date(following) if following else None)
    next_day = f"CASE WHEN cape_accepted_on IS NULL THEN {today} ELSE next_working_day END"
    return f"""CASE
        WHEN liquidation_date IS NULL OR liquidation_date > {literal(on)}
            THEN {accepted} + {tables.clock_days("cape_unliquidated")}
        WHEN {next_day} IS NOT NULL
            THEN LEAST({next_day}, liquidation_date + {tables.clock_days("voluntary_reliquidation")}) END"""


def estimates_sql(on: dt.date, rule: DepositRule, liquidated_on: dt.date | None) -> str:
    """Return the query that makes everything but the interest, one row an entry."""
    deposit = {
        DepositRule.SUMMARY: "COALESCE(deposit_date, entry_summary_date, summary_due)",
        DepositRule.PERIODIC: "COALESCE(deposit_date, periodic_due)",
        DepositRule.ENTRY: "COALESCE(deposit_date, entry_date)",
    }[rule]
    taken = f"outcome = {OUTCOMES.index(Outcome.ACCEPTED)}"
    if liquidated_on is not None:
        end, open_ended = f"COALESCE(reliquidation_date, {literal(liquidated_on)})", "FALSE"
    else:
        end, open_ended = (
            f"COALESCE(reliquidation_date, CASE WHEN {taken} THEN accepted_end ELSE {literal(on)} END)",
            f"reliquidation_date IS NULL AND NOT {taken}",
        )
    return f"""
    WITH plain AS (
        SELECT t.entry, SUM(t.duty_cents * n.duty) AS duty, BIT_OR(n.flags) AS flags
        FROM tariffs t JOIN numbers n ON n.word = t.word
        GROUP BY t.entry
    ), closer AS ({_closer()}
    ), looked AS MATERIALIZED (
        SELECT entry, {look_sql(on)} AS look, duty + COALESCE(paid, 0) AS paid,
            {_settled("duty + COALESCE(low, 0)")} AS low, {_settled("duty + COALESCE(high, 0)")} AS high,
            {deposit} AS deposit, deposit_date IS NULL AS deposit_assumed, latest, reliquidation_date,
            CASE WHEN liquidation_date <= {literal(on)} THEN liquidation_date END AS original,
            {_accepted_end(on)} AS accepted_end
        FROM (
            SELECT e.*, p.flags, COALESCE(p.duty, 0) AS duty, COALESCE(p.duty, 0) + COALESCE(s.total, 0) AS total,
                s.* EXCLUDE (entry, total), c.summary_due, c.periodic_due,
                a.next_working_day,
                CASE WHEN reliquidation_date <= {literal(on)} THEN reliquidation_date
                     WHEN liquidation_date <= {literal(on)} THEN liquidation_date END AS latest
            FROM entries e
            LEFT JOIN plain p ON p.entry = e.entry
            LEFT JOIN closer s ON s.entry = e.entry
            LEFT JOIN calendar c ON c.day = e.entry_date
            LEFT JOIN calendar a ON a.day = e.cape_accepted_on
        )
    ), looks AS (SELECT DISTINCT look FROM looked
    ), judged AS ({judged_sql(on)})
    SELECT entry, outcome, CAST(paid AS BIGINT) AS paid, low, high, deposit, deposit_assumed,
        CASE WHEN {end} IS NOT NULL THEN GREATEST(deposit, {end}) END AS last_day,
        {open_ended} AS open_ended,
        latest + {tables.clock_days("cape")} AS cape_closes,
        original + {tables.clock_days("voluntary_reliquidation")} AS reliquidation_closes,
        latest + {tables.clock_days("protest")} AS protest_closes
    FROM looked JOIN judged ON judged.look = looked.look"""


def interest_sql(spans: int) -> str:
    """Return the query over `principals` that makes cents of factors; for each span of projected rates `until` and
    `before` it.
    """
    projected = " + ".join(
        f"{cents_sql('low', f'until_{span}')} - {cents_sql('low', f'before_{span}')}" for span in range(spans)
    )
    return f"""
    SELECT interest, low + interest AS refund, {projected or "CAST(0 AS BIGINT)"} AS projected
    FROM (SELECT *, {cents_sql("low", "units")} AS interest FROM principals)"""
