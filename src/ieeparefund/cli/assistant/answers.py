"""What the tools answer, as types. They make the published JSON schemas; more keys may come, none goes away."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

__all__ = [
    "EligibilityAnswer",
    "EstimateAnswer",
    "HeadingsAnswer",
    "InterestAnswer",
    "TraceAnswer",
    "WindowAnswer",
]

_open = with_config(ConfigDict(extra="allow"))


@_open
class Finding(TypedDict):
    """A rule that matched. `effect` is reject, defer, warn or note; `line` counts from 1."""

    rule: str
    effect: str
    ace_text: str | None
    explanation: str
    citation: str
    standing: str
    remedy: str | None
    line: int | None
    amount: str | None


@_open
class Remedy(TypedDict):
    """A next step with its first and last day, both inclusive."""

    action: str
    text: str
    opens: str | None
    by: str | None
    citation: str


@_open
class WindowAnswer(TypedDict):
    """A window; first and last day are both inclusive."""

    opens: str | None
    closes: str
    citation: str
    note: str


@_open
class EntryAnswer(TypedDict):
    """One entry. Amounts are dollars as text; for rejected and undetermined entries what is at stake."""

    entry_number: str
    entry_type: str
    importer: str | None
    entry_date: str
    deposit_date: str
    liquidation_date: str | None
    outcome: str
    findings: list[Finding]
    assumed: list[str]
    missing: list[str]
    ieepa_duty: str
    refundable_duty: str
    refundable_low: str
    refundable_high: str
    by_programme: dict[str, str]
    interest_from: str | None
    interest_to: str | None
    interest_open_ended: bool
    interest: str
    interest_low: str
    interest_high: str
    interest_projected: str
    provisional: bool
    refund: str
    windows: dict[str, WindowAnswer | None]
    remedies: list[Remedy]


@_open
class Totals(TypedDict):
    """Sums of the whole input. All but `ieepa_duty` cover accepted and deferred entries."""

    rows_read: int
    rows_used: int
    rows_excluded: int
    entries: int
    ieepa_duty: str
    refundable_duty: str
    interest: str
    refund: str


@_open
class OutcomeSums(TypedDict):
    """Sums of the entries of one outcome."""

    entries: int
    refundable_duty: str
    interest: str
    refund: str


@_open
class EstimateAnswer(TypedDict):
    """The JSON of `ieeparefund estimate`."""

    as_of: str
    payee: str
    totals: Totals
    by_outcome: dict[str, OutcomeSums]
    entries: list[EntryAnswer]
    problems: list[dict[str, Any]]
    repairs: list[dict[str, Any]]


@_open
class EligibilityAnswer(TypedDict):
    """CAPE's answer for one entry. `assumed` are unknown facts that were counted as in order."""

    as_of: str
    entry_number: str
    outcome: str
    findings: list[Finding]
    assumed: list[str]
    missing: list[str]
    remedies: list[Remedy]
    explanation: list[str]


@_open
class Period(TypedDict):
    """Days of one rate; both ends are inclusive and earn interest. `annual_rate` is in per cent."""

    first_day: str
    last_day: str
    days: int
    annual_rate: str
    day_basis: int
    interest: str
    standing: str
    citation: str


@_open
class InterestAnswer(TypedDict):
    """The JSON of `ieeparefund interest`."""

    principal: str
    deposited: str
    liquidated: str
    payee: str
    interest: str
    factor: str
    schedule: list[Period]


@_open
class HeadingAnswer(TypedDict):
    """A row of the JSON of `ieeparefund headings`. Rates are per cent; `to` is excluded, US eastern time."""

    heading: str
    programme: str
    countries: str
    kind: str
    rate: str
    cap_total: str
    citation: str
    standing: str
    note: str


@_open
class HeadingsAnswer(TypedDict):
    """`authority` says under which law the number asked about stands, null where none was asked."""

    authority: str | None
    headings: list[HeadingAnswer]


@_open
class Hypothesis(TypedDict):
    """A set of assumptions. `chance`: the share, 0 to 1, of nearby figures that as few can reach."""

    departures: list[str]
    also: list[list[str]]
    sentence: str
    interest: str
    difference: str
    chance: str


@_open
class TraceAnswer(TypedDict):
    """What reproduces a paid interest figure. `matches` are the nearest to the law, `matches_found` counts all."""

    paid: str
    principal: str
    payee: str
    expected: str
    difference: str
    tried: int
    matches_found: int
    matches: list[Hypothesis]
    nearest: Hypothesis | None
    left_out: list[str]
    explanation: list[str]
