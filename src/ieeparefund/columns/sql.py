# ruff: noqa: S608 - the SQL is made of law tables and constants; no text of a user goes into it
"""The estimate as SQL over a unit: duty by line and entry, facts, outcome, deposit, end of interest, windows.

The tables it reads are made by `duckdb.py` from the scalar functions: `entries` and `tariffs` (the unit), `numbers`
(what each tariff number is), `out_of_dates` and `exempting` (numbers by epoch), `calendar` (functions of a day),
and, for the interest, `factors`.
"""

from __future__ import annotations

import datetime as dt

from ieeparefund.columns.rules import OUTCOMES
from ieeparefund.columns.sql_rules import literal, outcome_sql
from ieeparefund.columns.tables import clock_days
from ieeparefund.entries.codes import EntryType
from ieeparefund.law.cape_facts import RATE_OF_ANOTHER_DAY, clock_limits
from ieeparefund.law.duty_lines import Role
from ieeparefund.law.eligibility import Outcome
from ieeparefund.law.growth import PLACE_18
from ieeparefund.refunds.deposit import DepositRule

__all__ = ["answers_sql", "cents_sql", "estimates_sql"]


def cents_sql(amount: str, units: str) -> str:
    """Return the expression of an amount times a factor in units of the 18th place, half up; none is below zero."""
    return f"CAST((CAST({amount} AS HUGEINT) * {units} + {PLACE_18 // 2}) // {PLACE_18} AS BIGINT)"


def _lines() -> str:
    """By line: the sums of `duty_lines.line_amounts` and what the line says to the rules."""
    return f"""
    SELECT t.entry, t.line_number,
        COALESCE(SUM(t.duty_cents) FILTER (n.role = {Role.DUTY:d}), 0) AS duty,
        COALESCE(SUM(t.duty_cents) FILTER (n.role = {Role.NO_DUTY:d}), 0) AS idle,
        COALESCE(SUM(t.duty_cents) FILTER (n.role >= {Role.ALL_IN:d}), 0) AS all_in,
        COALESCE(SUM(t.duty_cents) FILTER (n.role = {Role.ORDINARY:d}), 0) AS base,
        COALESCE(BOOL_OR(n.role = {Role.ALL_IN_TWIN:d} AND t.duty_cents <> 0), FALSE) AS twin,
        NOT COALESCE(BOOL_OR(n.role = {Role.ORDINARY:d} AND t.duty_cents IS NULL), FALSE) AS shown,
        COALESCE(SUM(t.value_cents) FILTER (n.role = {Role.ORDINARY:d}), 0) AS value,
        MAX(t.rate) AS rate,
        BOOL_OR(n.ieepa) AS ieepa,
        COALESCE(BOOL_OR(n.chapter_99 AND t.value_cents <> 0), FALSE) AS stray,
        BOOL_OR(n.chapter_98) AS special,
        COALESCE(BOOL_OR(n.ordinary AND t.value_cents <> 0), FALSE) AS valued,
        NOT BOOL_OR(n.ordinary) OR BOOL_OR(n.ordinary AND t.value_cents IS NULL) AS value_open,
        COALESCE(BOOL_OR(n.ieepa AND t.value_cents <> 0), FALSE) AS value_on,
        BOOL_OR(o.place IS NOT NULL) AS out_of_dates,
        BOOL_OR(n.ieepa AND t.duty_cents IS NULL AND x.place IS NULL) AS blank,
        COALESCE(BOOL_OR(x.place IS NOT NULL AND t.duty_cents > 0), FALSE) AS exempt_duty,
        COALESCE(SUM(t.duty_cents) FILTER (n.ieepa AND x.place IS NULL), 0) AS total
    FROM tariffs t
    JOIN numbers n ON n.place = t.number
    JOIN entered e ON e.entry = t.entry
    LEFT JOIN out_of_dates o ON o.place = t.number AND o.epoch = e.epoch
    LEFT JOIN exempting x ON x.place = t.number AND x.epoch = e.epoch AND x.country = t.country
    GROUP BY t.entry, t.line_number"""


def _duty() -> str:
    """By entry: duty paid, low and high, and the facts of the lines."""
    column1 = cents_sql("GREATEST(value, 0)", "rate")
    return f"""
    SELECT entry,
        SUM(duty + all_in + idle) AS paid,
        SUM(duty + CASE WHEN all_in <= 0 THEN all_in WHEN column1 IS NOT NULL THEN part
                        WHEN base > 0 AND shown AND NOT twin THEN all_in ELSE 0 END + LEAST(idle, 0)) AS low,
        SUM(duty + CASE WHEN column1 IS NOT NULL AND shown AND all_in > 0 THEN part ELSE all_in END
            + GREATEST(idle, 0)) AS high,
        SUM(total) AS total, BOOL_OR(ieepa) AS any_ieepa, BOOL_OR(blank) AS blank, BOOL_OR(exempt_duty) AS exempt_duty,
        BOOL_OR(value_on) AS value_on, BOOL_OR(out_of_dates) AS out_of_dates,
        CASE WHEN BOOL_OR(off) THEN TRUE WHEN BOOL_OR(off IS NULL) THEN NULL ELSE FALSE END AS value_off
    FROM (
        SELECT *, LEAST(GREATEST(all_in + base - column1, 0), all_in) AS part,
            CASE WHEN NOT (ieepa AND stray) THEN FALSE WHEN special THEN NULL WHEN valued THEN FALSE
                 WHEN value_open THEN NULL ELSE TRUE END AS off
        FROM (SELECT *, CASE WHEN rate IS NOT NULL AND (value > 0 OR rate = 0) THEN {column1} END AS column1 FROM lines)
    )
    GROUP BY entry"""


def _facts(on: dt.date) -> str:
    """The facts of `cape_facts`, each a column of its name; they are the ones the outcome can turn on."""
    limits = clock_limits(on)
    today = literal(on)
    another_day = ", ".join(literal(str(kind)) for kind in EntryType if kind in RATE_OF_ANOTHER_DAY)
    state = "CASE WHEN latest IS NOT NULL THEN 'liquidated' ELSE state END"
    not_started = f"CASE WHEN {state} <> 'liquidated' THEN 'not_started' END"

    def clock(start: str, last: int, closing: int | None = None) -> str:
        few = "" if closing is None else f" WHEN {today} - {start} >= {closing} THEN 'closing'"
        closed = f"WHEN {start} IS NULL OR {today} - {start} > {last} THEN 'closed'"
        return f"CASE WHEN latest IS NULL THEN {not_started} {closed}{few} ELSE 'open' END"

    return f"""
    SELECT e.* EXCLUDE (ad_cvd, reconciliation_filed),
        d.paid, d.low, d.high,
        {state} AS liquidation,
        {clock("latest", limits.cape, limits.cape_many_left)} AS cape_clock,
        {clock("liquidation_date", limits.reliquidation)} AS reliquidation_clock,
        {clock("latest", limits.protest)} AS protest_clock,
        CASE WHEN reconciliation_filed IS NULL AND reconciliation_flagged IS NOT TRUE THEN FALSE
             ELSE reconciliation_filed END AS reconciliation_filed,
        CASE WHEN ad_cvd IS NOT NULL AND {state} = 'liquidated' THEN 'none' ELSE ad_cvd END AS ad_cvd,
        COALESCE(cape_accepted_on <= {today}, FALSE) AS already_accepted,
        CASE WHEN d.entry IS NULL THEN NULL WHEN d.total > 0 THEN 'paid' WHEN d.blank THEN NULL
             WHEN d.exempt_duty THEN 'exempt_only' WHEN d.any_ieepa THEN 'zero' ELSE 'none' END AS ieepa_duty,
        COALESCE(d.value_on, FALSE) AS value_on_ieepa_number,
        CASE WHEN d.entry IS NULL THEN FALSE ELSE d.value_off END AS value_off_chapter_1_97,
        CASE WHEN entry_type NOT IN ({another_day}) THEN COALESCE(d.out_of_dates, FALSE) END
            AS ieepa_number_out_of_dates
    FROM (
        SELECT *,
            CASE WHEN reliquidation_date <= {today} THEN reliquidation_date
                 WHEN liquidation_date <= {today} THEN liquidation_date END AS latest,
            CASE WHEN liquidation_date > {today} AND COALESCE(liquidation_status, 'liquidated') = 'liquidated'
                 THEN 'unliquidated' ELSE liquidation_status END AS state
        FROM entered
    ) e LEFT JOIN duty d ON d.entry = e.entry"""


def _settled(amount: str) -> str:
    """`duty._settle`: what was returned, not below zero where anything was; the netting; not below zero."""
    left = f"COALESCE({amount}, 0)"
    returned = (
        f"CASE WHEN COALESCE(already_refunded_cents, 0) > 0 "
        f"THEN GREATEST({left} - already_refunded_cents, 0) ELSE {left} END"
    )
    return f"CAST(GREATEST({returned} - COALESCE(other_adjustments_cents, 0), 0) AS BIGINT)"


def _end(on: dt.date, liquidated_on: dt.date | None) -> str:
    """`accrual.end_of_interest`."""
    if liquidated_on is not None:
        return f"COALESCE(reliquidation_date, {literal(liquidated_on)})"
    accepted = f"COALESCE(cape_accepted_on, {literal(on)})"
    return f"""CASE
        WHEN reliquidation_date IS NOT NULL THEN reliquidation_date
        WHEN outcome <> {OUTCOMES.index(Outcome.ACCEPTED)} THEN {literal(on)}
        WHEN liquidation_date IS NULL OR liquidation_date > {literal(on)}
            THEN {accepted} + {clock_days("cape_unliquidated")}
        ELSE LEAST(next_working_day, liquidation_date + {clock_days("voluntary_reliquidation")}) END"""


def estimates_sql(on: dt.date, rule: DepositRule, liquidated_on: dt.date | None) -> str:
    """Return the query that makes everything but the interest, one row an entry."""
    deposit = {
        DepositRule.SUMMARY: "COALESCE(deposit_date, entry_summary_date, summary_due)",
        DepositRule.PERIODIC: "COALESCE(deposit_date, periodic_due)",
        DepositRule.ENTRY: "COALESCE(deposit_date, entry_date)",
    }[rule]
    open_ended = "FALSE"
    if liquidated_on is None:
        open_ended = f"reliquidation_date IS NULL AND outcome <> {OUTCOMES.index(Outcome.ACCEPTED)}"
    original = f"CASE WHEN liquidation_date <= {literal(on)} THEN liquidation_date END"
    return f"""
    WITH entered AS (
        SELECT e.*, c.epoch, c.summary_due, c.periodic_due, a.next_working_day
        FROM entries e
        LEFT JOIN calendar c ON c.day = e.entry_date
        LEFT JOIN calendar a ON a.day = COALESCE(e.cape_accepted_on, {literal(on)})
    ), lines AS ({_lines()}
    ), duty AS ({_duty()}
    ), facts AS ({_facts(on)}
    ), judged AS (SELECT *, {outcome_sql(on)} AS outcome FROM facts
    )
    SELECT entry, outcome, payee,
        CAST(COALESCE(paid, 0) AS BIGINT) AS paid, {_settled("low")} AS low, {_settled("high")} AS high,
        {deposit} AS deposit, deposit_date IS NULL AS deposit_assumed,
        GREATEST({deposit}, {_end(on, liquidated_on)}) AS last_day,
        {open_ended} AS open_ended,
        latest + {clock_days("cape")} AS cape_closes,
        ({original}) + {clock_days("voluntary_reliquidation")} AS reliquidation_closes,
        latest + {clock_days("protest")} AS protest_closes
    FROM judged"""


def answers_sql() -> str:
    """Return the query over `estimates` and `factors` that adds the interest, in the order of the entries."""
    interest = cents_sql("e.low", "f.units")
    return f"""
    SELECT e.*, COALESCE({interest}, 0) AS interest,
        CASE WHEN f.units IS NOT NULL THEN e.deposit END AS interest_from,
        CASE WHEN f.units IS NOT NULL THEN e.last_day END AS interest_to
    FROM estimates e
    LEFT JOIN factors f
        ON e.low > 0 AND f.deposit = e.deposit AND f.last_day = e.last_day AND f.payee = e.payee
    ORDER BY e.entry"""
