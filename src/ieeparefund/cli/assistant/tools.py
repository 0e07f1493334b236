"""The six tools. Each takes typed arguments and returns the JSON values the command line prints.

Their docstrings are what the assistant reads. They raise the package's errors; the server makes sentences of
them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import Field

from ieeparefund.ace.book import Book, read_book
from ieeparefund.cli.assistant.answers import (
    EligibilityAnswer,
    EstimateAnswer,
    HeadingsAnswer,
    InterestAnswer,
    TraceAnswer,
    WindowAnswer,
)
from ieeparefund.cli.assistant.parameters import Amount, AsOf, Day, EntryFacts, PayeeClass
from ieeparefund.cli.engine import with_book
from ieeparefund.cli.headings import heading_to_json, headings_found
from ieeparefund.cli.interest import interest_to_json
from ieeparefund.cli.windows import window_rows, windows_to_json
from ieeparefund.entries.entry import Entry
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.errors import InputError
from ieeparefund.law import interest as law_of_interest
from ieeparefund.law.eligibility import check_eligibility
from ieeparefund.law.headings import Programme, authority
from ieeparefund.refunds import trace
from ieeparefund.refunds.deposit import DepositRule
from ieeparefund.refunds.estimate import Column1Source
from ieeparefund.refunds.plain import finding_to_dict, remedy_to_dict
from ieeparefund.refunds.portfolio import estimate_portfolio
from ieeparefund.refunds.trace_result import InterestHypothesis

__all__ = ["TOOLS", "eligibility", "estimate", "explain_interest", "headings", "interest", "windows"]

_MOST_DAYS, _MOST_DEPARTURES = 10, 4

Files = Annotated[
    list[str] | None,
    Field(
        description="ES-003 exports, .csv or .xlsx, by their paths in the server's folder. Or give `entry`."
    ),
]
GivenEntry = Annotated[EntryFacts | None, Field(description="One entry as facts, instead of `files`.")]
Columns = Annotated[
    dict[str, str] | None,
    Field(description='Headings of a file with other ones, by field, such as {"tariff_duty": "Duty Paid"}.'),
]


def estimate(
    as_of: AsOf,
    payee: PayeeClass,
    files: Files = None,
    entry: GivenEntry = None,
    entry_numbers: Annotated[
        list[str] | None,
        Field(
            description="Entries to list in full; totals cover the whole input all the same. Left out: every "
            "entry, some 5,000 characters each. An empty list: totals only; ask so first for a large file."
        ),
    ] = None,
    liquidated_on: Annotated[
        Day | None, Field(description="End all interest on this day, as if everything were liquidated then.")
    ] = None,
    deposit_rule: Annotated[
        DepositRule,
        Field(
            description="What stands in for an unknown deposit date: entry summary date, else 10th working day "
            "(summary); periodic monthly statement (periodic); entry date (entry)."
        ),
    ] = DepositRule.SUMMARY,
    column1: Annotated[
        Column1Source,
        Field(
            description="Ordinary rate of an all-in line: as given, else a range (given); or the published "
            "tariff schedule's (schedule)."
        ),
    ] = Column1Source.GIVEN,
    columns: Columns = None,
) -> EstimateAnswer:
    """Estimate IEEPA refunds: what CAPE does with each entry, duty and interest that come back, deadlines.

    Give either `files` or `entry`. Tell the user what stands in `assumed`, `missing` and `problems`. Amounts of
    rejected and undetermined entries are at stake, not coming. `provisional` interest rests on projected rates.
    """
    book = _book(files, entry, columns)
    portfolio = estimate_portfolio(
        book.entries,
        as_of=as_of,
        payee=payee,
        liquidated_on=liquidated_on,
        deposit_rule=deposit_rule,
        column1=column1,
    )
    result = with_book(portfolio.to_dict(), book)
    if entry_numbers is not None:
        wanted = {str(_find(book.entries, number).number) for number in entry_numbers}
        result["entries"] = [one for one in result["entries"] if one["entry_number"] in wanted]
    return cast(EstimateAnswer, result)


def eligibility(
    as_of: AsOf,
    files: Files = None,
    entry_number: Annotated[
        str | None, Field(description="Which entry of the files; needed where they hold more than one.")
    ] = None,
    entry: GivenEntry = None,
    columns: Columns = None,
) -> EligibilityAnswer:
    """Say whether CAPE takes one entry on a day: outcome, rules with citations, next steps with their days.

    Give either `files` with `entry_number`, or `entry`. Outcomes: accepted, accepted_deferred (paid only when it
    liquidates in its normal course), rejected, undetermined (a needed fact is missing, see `missing`).
    """
    book = _book(files, entry, columns)
    if entry_number is not None:
        chosen = _find(book.entries, entry_number)
    elif len(book.entries) == 1:
        (chosen,) = book.entries
    else:
        raise InputError(
            f"the files hold {len(book.entries)} usable entries.", remedy="Say which with entry_number."
        )
    found = check_eligibility(chosen, as_of=as_of)
    return {
        "as_of": as_of.isoformat(),
        "entry_number": str(chosen.number),
        "outcome": found.outcome.value,
        "findings": [cast(Any, finding_to_dict(finding)) for finding in found.findings],
        "assumed": list(found.assumed),
        "missing": list(found.missing),
        "remedies": [cast(Any, remedy_to_dict(remedy)) for remedy in found.remedies],
        "explanation": found.explain().splitlines(),
    }


def windows(
    liquidated: Annotated[Day | None, Field(description="Liquidation date, YYYY-MM-DD.")] = None,
    entered: Annotated[Day | None, Field(description="Entry date, YYYY-MM-DD.")] = None,
) -> dict[str, WindowAnswer]:
    """List every deadline that runs from a liquidation date or from an entry date; give exactly one of them.

    First and last days are both inclusive; the note of a window says what is uncertain about it.
    """
    if (liquidated is None) == (entered is None):
        raise InputError("exactly one date is needed.", remedy="Give liquidated or entered.")
    return cast(dict[str, WindowAnswer], windows_to_json(window_rows(liquidated, entered)))


def interest(
    principal: Annotated[Amount, Field(description="Refunded duty, US dollars as text.")],
    deposited: Annotated[Day, Field(description="Day of deposit, not of entry; itself not counted.")],
    liquidated: Annotated[Day, Field(description="Day of (re)liquidation, not of payment; counted.")],
    payee: PayeeClass,
) -> InterestAnswer:
    """Compute interest on a refund under 19 USC 1505(c), to the cent, with the schedule by quarter.

    Only days with a known rate are answered. Rows whose standing is `inferred` rest on no CBP notice: say so.
    """
    found = law_of_interest.interest(principal, deposited=deposited, liquidated=liquidated, payee=payee)
    return cast(InterestAnswer, interest_to_json(found))


def headings(
    number: Annotated[str | None, Field(description="Only this heading, such as 9903.01.25.")] = None,
    country: Annotated[
        str | None, Field(description="Only headings that goods of this country can bear; two letters.")
    ] = None,
    programme: Annotated[Programme | None, Field(description="Only this programme.")] = None,
    on: Annotated[Day | None, Field(description="Only rows in force on this entry date.")] = None,
) -> HeadingsAnswer:
    """List IEEPA tariff headings: rate, countries, eastern times in force (the end is excluded), source.

    Give at least one filter: the whole table is long. For a number outside the table `authority` says under which
    law it stands, such as section_301: its duty is not refunded here.
    """
    rows = [heading_to_json(row) for row in headings_found(number, country, programme, on)]
    return {
        "authority": None if number is None else authority(number, on).value,
        "headings": cast(Any, rows),
    }


def explain_interest(
    paid: Annotated[Amount, Field(description="Interest CBP paid on one entry, US dollars as text.")],
    principal: Annotated[Amount, Field(description="Refunded duty it was paid on, US dollars as text.")],
    deposited: Day,
    liquidated: Annotated[Day, Field(description="The first liquidation.")],
    payee: Annotated[PayeeClass, Field(description="The class the refund is owed to by the law.")],
    entry_date: Day | None = None,
    entry_summary_date: Day | None = None,
    reliquidated: Annotated[Day | None, Field(description="Where the refund came on reliquidation.")] = None,
    certified: Annotated[Day | None, Field(description="Day CBP certified the refund to Treasury.")] = None,
    paid_on: Annotated[Day | None, Field(description="Day the money came.")] = None,
    netted: Annotated[Amount | None, Field(description="Sum of the entry's other adjustments.")] = None,
    window_days: Annotated[
        int, Field(ge=0, le=_MOST_DAYS, description="Working days either way each start is moved.")
    ] = 3,
    most_departures: Annotated[
        int, Field(ge=0, le=_MOST_DEPARTURES, description="Departures from the law to combine.")
    ] = _MOST_DEPARTURES,
    most_matches: Annotated[int, Field(ge=1, le=50, description="Matches to list.")] = 5,
) -> TraceAnswer:
    """Find assumptions under which the law's computation gives exactly the interest CBP paid on one entry.

    Every date given widens the search. A match shows how the figure can come about, not what CBP did: with a
    `chance` near 1 almost any figure would have matched. Never present a match as proof.
    """
    found = trace.explain_interest(
        paid,
        principal,
        deposited=deposited,
        liquidated=liquidated,
        payee=payee,
        entry_date=entry_date,
        entry_summary_date=entry_summary_date,
        reliquidated=reliquidated,
        certified=certified,
        paid_on=paid_on,
        netted=netted,
        window_days=window_days,
        most_departures=most_departures,
    )

    def hypothesis(match: InterestHypothesis) -> Any:
        return {
            "departures": list(match.departures),
            "also": [list(others) for others in match.also],
            "sentence": match.sentence,
            "interest": f"{match.amount:.2f}",
            "difference": f"{match.difference:.2f}",
            "chance": f"{found.chance(len(match.departures)):.2f}",
        }

    return {
        "paid": f"{found.case.paid:.2f}",
        "principal": f"{found.case.principal:.2f}",
        "payee": found.case.payee.value,
        "expected": f"{found.expected.amount:.2f}",
        "difference": f"{found.difference:.2f}",
        "tried": found.tried,
        "matches_found": len(found.minimal),
        "matches": [hypothesis(match) for match in found.minimal[:most_matches]],
        "nearest": None if found.nearest is None else hypothesis(found.nearest),
        "left_out": list(found.left_out),
        "explanation": found.explain(most_matches).splitlines(),
    }


TOOLS = (estimate, eligibility, windows, interest, headings, explain_interest)


def _book(files: list[str] | None, entry: EntryFacts | None, columns: dict[str, str] | None) -> Book:
    if not files and entry is not None:
        given = entry.entry()
        rows = sum(len(line.tariffs) for line in given.lines)
        return Book((given,), (), (), (), rows, rows, {})
    if not files or entry is not None:
        raise InputError("either files or an entry is needed.", remedy="Give files, or the facts as entry.")
    return read_book([_inside(name) for name in files], columns)


def _inside(name: str) -> Path:
    """Return the path if it lies in the folder the server was started for, links followed."""
    path = Path(name)
    if "\0" in name or not path.resolve().is_relative_to(Path.cwd()):
        raise InputError(
            f"{name!r} lies outside the folder this server may read.",
            remedy="Name a file inside it, or start `ieeparefund mcp` with another --folder.",
        )
    return path


def _find(entries: tuple[Entry, ...], text: str) -> Entry:
    number = EntryNumber.parse(text, check=False, pad=True)
    for entry in entries:
        if entry.number == number:
            return entry
    raise InputError(
        f"entry {number} is not among the {len(entries)} usable entries.",
        remedy="Check the number, and the problems that `estimate` lists for the files.",
    )
