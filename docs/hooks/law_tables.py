"""MkDocs hook: `<!-- law: NAME key=value -->` on a page becomes a table built from the shipped law tables.

The tables are made anew at every build from the very objects the library computes with, so a page cannot say
anything else than the code. `TABLES` lists the names; an unknown one stops the build.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ieeparefund.ace.ace_texts import ace_texts
from ieeparefund.law.authorities import look_alikes
from ieeparefund.law.cape_rules import CapeRule, Condition, cape_rules
from ieeparefund.law.citations import Citation, cite, table_text
from ieeparefund.law.declaration_file import declaration_limits
from ieeparefund.law.headings import Heading, heading_rows, ieepa_headings, measures_without_heading
from ieeparefund.law.manifest import rules_version
from ieeparefund.law.rates import PUBLISHED_RATES
from ieeparefund.law.refund_practice import refund_practice
from ieeparefund.law.working_days import is_working_day

MARKER = re.compile(r"^<!-- law: (\w+)((?: \w+=\S+)*) -->$", re.MULTILINE)
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_CITATIONS_PAGE = "law/citations.md"
_EUROPE = heading_rows("9903.02.20")[0].countries


class Sources:
    """Citations as links, relative to the page they stand on."""

    def __init__(self, page: str) -> None:
        self._target = posixpath.relpath(_CITATIONS_PAGE, posixpath.dirname(page) or ".")

    def link(self, citation: Citation) -> str:
        """Return the citation as a link to its row on the page of sources."""
        return f"[{_cell(citation.text)}]({self._target}#{citation.id})"


def _cell(value: object) -> str:
    """Escape a value for a cell, and keep dates on one line."""
    text = str(value).replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
    return _DAY.sub(lambda found: f'<span class="day">{found[0]}</span>', text)


def _code(name: str) -> str:
    """Return a name as code that may break after an underscore."""
    return f"<code>{name.replace('_', '_<wbr>')}</code>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _caption(*files: str) -> str:
    names = " and ".join(_code(name) for name in files)
    return f"\n\n*Made from {names}, rules version {rules_version()}, when this page was built.*{{ .made }}\n"


def _span(first: dt.date | None, last: dt.date | None) -> str:
    """Both ends included."""
    if first is None or first == dt.date.min:
        return "always" if last is None else f"to {last}"
    return f"from {first}" if last is None else f"{first} to {last}"


def rates(sources: Sources, since: str = "", before: str = "") -> str:
    """Interest rates: one row a band, first and last day included."""
    start = dt.date.fromisoformat(since) if since else dt.date.min
    end = dt.date.fromisoformat(before) if before else dt.date.max
    rows = [
        [
            _cell(band.first_day),
            _cell(band.last_day),
            f"{band.underpayment}",
            f"{band.corporation}",
            f"{band.other}",
            band.standing.value,
            sources.link(band.citation),
        ]
        for band in PUBLISHED_RATES.bands
        if start <= band.first_day < end
    ]
    head = ("First day", "Last day", "Underpayment", "Corporation", "Others", "Standing", "Source")
    return _table(head, rows) + _caption("law/tables/interest_rates.csv")


def _countries(row: Heading) -> str:
    if not row.countries:
        return "every other"
    rest = row.countries - _EUROPE if row.countries >= _EUROPE else row.countries
    return " ".join([*(["EU"] if row.countries >= _EUROPE else []), *sorted(rest)])


def headings(sources: Sources) -> str:
    """Every IEEPA heading, one row a heading, set of countries and period."""
    rows = []
    for row in ieepa_headings():
        rate = "" if row.rate is None else f"{row.rate}"
        rows.append(
            [
                row.number,
                f"all-in {row.cap_total}" if row.is_all_in else rate,
                _countries(row),
                _cell(row.first_day),
                _cell(row.last_day),
                row.kind.value,
                row.ground.value.replace("_", " "),
                row.programme.value.replace("_", " "),
                row.standing.value,
                "; ".join(sources.link(citation) for citation in row.citations),
            ]
        )
    head = ("Heading", "Per cent", "Countries", "First day", "Last day", "Kind", "Ground", "Programme")
    return _table((*head, "Standing", "Sources"), rows) + _caption("law/tables/ieepa_headings.csv")


def measures(sources: Sources) -> str:
    """IEEPA measures that never stood on an entry line."""
    rows = [
        [
            row.programme.value.replace("_", " "),
            "" if row.rate is None else f"{row.rate}",
            _cell(row.note),
            "; ".join(sources.link(cite(identifier)) for identifier in row.citation_ids),
        ]
        for row in measures_without_heading()
    ]
    return _table(("Programme", "Per cent", "What is known", "Sources"), rows)


def look_alike_headings(_: Sources) -> str:
    """Numbers that look like IEEPA headings and are not."""
    rows = [
        [
            _cell(row.heading_range),
            _cell(row.name),
            _cell(row.rate_and_dates),
            _cell(row.note),
            row.standing.value,
        ]
        for row in look_alikes()
    ]
    head = ("Numbers", "What they are", "Rate and dates", "Note", "Standing")
    return _table(head, rows) + _caption("law/tables/look_alikes.csv")


CLOCK_FUNCTIONS = {
    "cape": "cape_window",
    "voluntary_reliquidation": "voluntary_reliquidation_window",
    "protest": "protest_window",
    "denied_protest_suit": "denied_protest_suit_window",
    "residual_suit": "residual_suit_window",
    "correction_after_entry": "post_summary_correction_window",
    "correction_before_liquidation": "post_summary_correction_window",
    "normal_liquidation": "expected_liquidation_date",
    "deemed_liquidation": "deemed_liquidation_date",
    "deemed_liquidation_limit": "deemed_liquidation_date",
    "entry_summary": "entry_summary_due_date",
    "periodic_statement": "periodic_statement_due_date",
    "refund_due": "refund_due_date",
    "refund_due_deemed": "refund_due_date",
    "reconciliation": "reconciliation_due_date",
    "reconciliation_free_trade": "reconciliation_due_date",
    "reconciliation_first": "check_eligibility",
    "cape_unliquidated": "estimate_refund",
}
"""The public function that asks each clock."""


def _length(count: int, unit: str) -> str:
    words = unit.replace("_", " ")
    return f"{count} {words.removesuffix('s') if count == 1 else words}"


def clocks(sources: Sources) -> str:
    """Every legal clock: how many days, months or years run from what."""
    rows = []
    for name, versions in tomllib.loads(table_text("clocks.toml")).items():
        for row in versions:
            roll = f" On a day off: {row['roll']}." if "roll" in row else ""
            rows.append(
                [
                    f"{_code(name)}<br>{_code(CLOCK_FUNCTIONS[name])}",
                    _length(row["count"], row["unit"]),
                    _cell(row["anchor"]),
                    _cell(_span(row["from"], row.get("to"))),
                    _cell(row["note"] + roll),
                    row["standing"],
                    sources.link(cite(row["citation"])),
                ]
            )
    head = ("Clock, function", "Length", "Day 0", "In force", "What to know", "Standing", "Source")
    return _table(head, rows) + _caption("law/tables/clocks.toml")


def practice(sources: Sources) -> str:
    """How long a refund takes: announced and observed, no law."""
    row = refund_practice()
    rows = [
        [
            f"money {row.least_days} to {row.most_days} days after acceptance",
            "announced",
            row.days_standing.value,
            sources.link(row.days_citation),
        ],
        [
            f"money {row.observed_days} days after (re)liquidation, on average",
            "observed",
            row.observed_standing.value,
            sources.link(row.observed_citation),
        ],
    ]
    caption = _caption("law/tables/refund_practice.toml")
    return _table(("What", "How known", "Standing", "Source"), rows) + f"\n\n{row.note}" + caption


def declaration_file(sources: Sources) -> str:
    """What the portal takes as a declaration file."""
    row = declaration_limits(dt.date(2026, 4, 20))
    rows = [
        ["Header", f"`{row.header}`, nothing else", sources.link(row.file_citation)],
        ["Entries a file", f"at most {row.entries:,}", sources.link(row.entries_citation)],
        ["Size", f"below {row.size:,} bytes", sources.link(row.file_citation)],
        ["In force", _cell(_span(row.first_day, row.last_day)), row.standing.value],
    ]
    caption = _caption("law/tables/declaration_file.toml")
    return _table(("What", "Limit", "Source or standing"), rows) + f"\n\n{row.note}" + caption


def closures(_: Sources) -> str:
    """Executive orders that closed the federal offices."""
    lines = table_text("executive_order_closures.csv").splitlines()[1:]
    rows = [[_cell(cell) for cell in line.split(",", 3)] for line in reversed(lines)]
    caption = _caption("law/tables/executive_order_closures.csv")
    return _table(("Day", "Closed", "Order", "Occasion"), rows) + caption


def days_off(_: Sources, years: str) -> str:
    """Weekdays that are no working days, by year."""
    rows = []
    for year in years.split(","):
        first = dt.date(int(year), 1, 1)
        days = (first + dt.timedelta(days=place) for place in range(366))
        off = [
            day for day in days if day.year == first.year and day.weekday() < 5 and not is_working_day(day)
        ]
        rows.append([year, ", ".join(f'<span class="day">{day:%m-%d %a}</span>' for day in off)])
    return _table(("Year", "Mondays to Fridays that are no working days"), rows) + _caption("working_days.py")


def _values(values: Iterable[str | bool]) -> str:
    words = {True: "yes", False: "no"}
    return " or ".join(sorted(words[value] if isinstance(value, bool) else value for value in values))


def _condition(condition: Condition) -> str:
    if not condition:
        return "always"
    return ", and ".join(f"`{name}` is {_values(values)}" for name, values in condition)


_SUBJECTS = (
    ("Whether CAPE is open", ()),
    ("Antidumping and countervailing duty", ("ad_cvd",)),
    ("Reconciliation", ("reconciliation_filed", "reconciliation_due")),
    ("Entry types", ("entry_type",)),
    ("Liquidation and the clocks", ("liquidation", "cape_clock", "liquidation_conflict")),
    ("Protest and drawback", ("protest", "on_drawback_claim")),
    ("What there is to refund", ("ieepa_duty", "paid_by_surety")),
    ("State of the summary", ("in_ace", "summary_status", "statement_paid", "correction_pending")),
    ("Data of the lines", ("value_on_ieepa_number", "value_off_chapter_1_97", "ieepa_number_out_of_dates")),
    ("Refusals whose cause only ACE sees", ("ace_refusal",)),
)
_EFFECTS = {
    "settled": "already accepted by CBP",
    "reject": "refused",
    "undetermined": "not known",
    "defer": "taken, paid later",
    "accept": "taken",
    "warn": "warning",
    "note": "note",
}


def _subject(rule: CapeRule) -> str:
    tested = {name for name, _ in rule.when}
    for subject, names in _SUBJECTS:
        if tested & set(names):
            return subject
    return _SUBJECTS[0][0]


def cape(sources: Sources) -> str:
    """Every CAPE rule: an overview and, by subject, each rule in full."""
    rules = cape_rules().rules
    parts: list[str] = []
    for subject, _ in _SUBJECTS:
        chosen = [rule for rule in rules if _subject(rule) == subject]
        rows = [
            [
                _code(rule.id),
                _cell(_span(rule.first_day, rule.last_day)),
                f"**{_EFFECTS[rule.effect]}**",
                _cell(rule.explanation)
                + (f" ACE prints: `{rule.ace_text}`." if rule.ace_text else "")
                + f"<br><small>When {_condition(rule.when)}.</small>"
                + (
                    f"<br><small>Next: {', '.join(_code(step.id) for step in rule.remedies)}.</small>"
                    if rule.remedies
                    else ""
                ),
                rule.standing.value,
                sources.link(rule.citation),
            ]
            for rule in chosen
        ]
        head = ("Rule", "Days, both included", "CAPE", "What it says", "Standing", "Source")
        parts.append(f"### {subject}\n\n{_table(head, rows)}")
    return "\n\n".join(parts) + _caption("law/tables/cape_rules.toml")


def cape_facts(_: Sources) -> str:
    """The facts a CAPE rule may test, and what stands in for an unknown one."""
    rows = []
    for fact in cape_rules().facts.values():
        if fact.missing:
            unknown = f"needed: {fact.missing}"
        elif fact.assumed:
            unknown = fact.assumed
        elif fact.absent is not None:
            unknown = f"counts as {_values([fact.absent])}"
        else:
            unknown = "computed from the dates of the entry"
        values = "entry types" if fact.name == "entry_type" else _values(fact.values).replace(" or ", ", ")
        rows.append([_code(fact.name), _cell(values), _cell(unknown)])
    return _table(("Fact", "Values", "Where it is not known"), rows) + _caption("law/tables/cape_rules.toml")


def remedies(sources: Sources) -> str:
    """The next steps, with what their last day is computed from."""
    table = tomllib.loads(table_text("cape_rules.toml"))["remedies"]
    rows = [
        [
            _code(name),
            _code(row["action"]),
            _cell(row["text"]),
            _code(row["deadline"]) if "deadline" in row else "none known",
            sources.link(cite(row["citation"])),
        ]
        for name, row in table.items()
    ]
    head = ("Step", "Action", "What to do", "Last day by", "Source")
    return _table(head, rows) + _caption("law/tables/cape_rules.toml")


def ace_words(sources: Sources) -> str:
    """The texts ACE prints, what they mean and what to do."""
    rows = []
    for row in ace_texts():
        after = ""
        if row.after is not None:
            after = f" **After {_cell(row.last_day)}**: {_cell(row.after.remedy)} ({sources.link(row.after.citation)})"
        rows.append(
            [
                f"`{row.text}`",
                _cell(_span(row.first_day, row.last_day)),
                _cell(row.meaning),
                f"`{row.action.value}`: {_cell(row.remedy)}{after}",
                row.standing.value,
                sources.link(row.citation),
            ]
        )
    head = ("Text", "Days, both included", "Meaning", "What to do", "Standing", "Source")
    return _table(head, rows) + _caption("ace/tables/ace_texts.toml")


def findings(sources: Sources) -> str:
    """What the duty of an entry can make the library say."""
    table: dict[str, dict[str, Any]] = tomllib.loads(table_text("duty_findings.toml"))
    names = {"number": "the heading", "amount": "amount", "date": "the entry date", "other": "…"}
    names |= {"line": "line", "low": "low", "high": "high"}
    rows = [
        [
            _code(name),
            row["effect"],
            _cell(re.sub(r"\{(\w+)\}", lambda found: f"[{names[found[1]]}]", row["text"])),
            _cell(row.get("remedy", "")),
            row["standing"],
            sources.link(cite(row["citation"])),
        ]
        for name, row in table.items()
    ]
    head = ("Finding", "Effect", "What it says", "What to do", "Standing", "Source")
    return _table(head, rows) + _caption("law/tables/duty_findings.toml")


def line_checks(sources: Sources) -> str:
    """What the checks of a line can say, and what ACE prints for it."""
    table: dict[str, dict[str, Any]] = tomllib.loads(table_text("line_checks.toml"))["rule"]
    names = {
        "number": "the heading",
        "amount": "amount",
        "date": "the day",
        "country": "the origin",
        "other": "…",
    }
    rows = [
        [
            _code(name),
            _cell(re.sub(r"\{(\w+)\}", lambda found: f"[{names.get(found[1], found[1])}]", row["text"])),
            _cell(", ".join(row.get("cape", ())) + (f" ({row['cape_standing']})" if row.get("cape") else "")),
            _cell(row.get("remedy", "")),
            row["standing"],
            sources.link(cite(row["citation"])),
        ]
        for name, row in table.items()
    ]
    head = ("Rule", "What it says", "ACE prints (standing)", "What to do", "Standing", "Source")
    return _table(head, rows) + _caption("law/tables/line_checks.toml", "law/tables/cape_rules.toml")


_STACKING = {
    "cumulative": "owed beside section 232",
    "lifted": "not owed",
    "on_rest": "owed on what is not metal",
    "doubtful": "doubtful: `None`",
    "open": "no source: `None`",
}


def stacking(sources: Sources) -> str:
    """Which IEEPA duty goods owe that are subject to a section 232 action; the first row that fits counts."""
    rows = [
        [
            _cell(", ".join(row["actions"])),
            _cell(", ".join(row["programmes"])),
            _span(row.get("from"), row.get("to")),
            _STACKING[row["effect"]],
            row["standing"],
            sources.link(cite(row["citation"])),
        ]
        for row in tomllib.loads(table_text("expected_duty.toml"))["section_232"]["row"]
    ]
    head = ("Goods under", "IEEPA duty", "Days, both included", "Effect", "Standing", "Source")
    return _table(head, rows) + _caption("law/tables/expected_duty.toml")


def citations(_: Sources) -> str:
    """Every source the tables name, each with an anchor."""
    table = tomllib.loads(table_text("citations.toml"))
    rows = [
        [
            f'<a id="{name}"></a>{_cell(row["text"])}',
            _cell(row["title"]),
            row["standing"],
            _code(name),
        ]
        for name, row in sorted(table.items(), key=lambda item: item[1]["text"].casefold())
    ]
    head = ("Source", "What it settles", "Standing", "Name in the tables")
    return _table(head, rows) + _caption("law/tables/citations.toml")


def manifest(_: Sources) -> str:
    """Where each table is from, with its checksum."""
    table = tomllib.loads(table_text("manifest.toml"))["table"]
    rows = [
        [f"`{row['file']}`", _cell(row["source"]), _cell(row["read_on"]), f"`{row['sha256'][:16]}`"]
        for row in table
    ]
    head = ("Table", "Made from", "Read on", "sha256 begins")
    return _table(head, rows) + _caption("law/tables/manifest.toml")


TABLES: dict[str, Callable[..., str]] = {
    "rates": rates,
    "headings": headings,
    "measures": measures,
    "look_alikes": look_alike_headings,
    "clocks": clocks,
    "practice": practice,
    "declaration_file": declaration_file,
    "closures": closures,
    "days_off": days_off,
    "cape": cape,
    "cape_facts": cape_facts,
    "remedies": remedies,
    "ace_texts": ace_words,
    "findings": findings,
    "line_checks": line_checks,
    "stacking": stacking,
    "citations": citations,
    "manifest": manifest,
}


def expand(markdown: str, page: str) -> str:
    """Return the text of a page (`law/rates.md`) with its markers replaced by tables."""

    def table(found: re.Match[str]) -> str:
        options = dict(pair.split("=", 1) for pair in found[2].split())
        made = TABLES[found[1]](Sources(page), **options)
        # The class lets the style sheet give a column the width its text needs.
        return f'<div class="law {found[1]}" markdown="1">\n\n{made}\n</div>'

    return MARKER.sub(table, markdown)


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Called by MkDocs for every page."""
    return expand(markdown, page.file.src_uri)
