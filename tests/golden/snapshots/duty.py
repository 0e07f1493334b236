"""What duty comes back of fixed lines, what each heading should bear, and what is noticed, by entry date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from tests.books import entry
from tests.golden.snapshots.headings import turning_days
from tests.golden.snapshots.runs import runs, table

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import EntryLine, TariffLine
from ieeparefund.law.duty import ieepa_duty
from ieeparefund.law.duty_split import split_duty
from ieeparefund.law.expected_duty import expected_duty
from ieeparefund.law.headings import HeadingKind, country_headings, ieepa_headings
from ieeparefund.law.line_checks import check_line
from ieeparefund.law.line_findings import line_findings

D = dt.date
AS_OF = D(2026, 7, 8)
VALUE = 10000


def line(country: str, rows: dict[str, Any], base: Any = "250.00", **more: Any) -> EntryLine:
    """A line of 10,000 dollars with the duty of each chapter 99 number, and of one chapter 1-97 number."""
    tariffs = [TariffLine(number, 0, duty) for number, duty in rows.items()]
    number = more.pop("number", "8479.89.95.00")
    return EntryLine(1, country, [*tariffs, TariffLine(number, VALUE, base)], **more)


LINES: dict[str, EntryLine] = {
    "CN fentanyl 20, reciprocal 10": line("CN", {"9903.01.24": 2000, "9903.01.25": 1000}),
    "CN fentanyl 10, reciprocal 10": line("CN", {"9903.01.24": 1000, "9903.01.25": 1000}),
    "CN fentanyl, both numbers": line("CN", {"9903.01.20": 1000, "9903.01.24": 2000}),
    "CN fentanyl, reciprocal 125": line("CN", {"9903.01.24": 2000, "9903.01.63": 12500}),
    "CN section 301 only": line("CN", {"9903.88.03": 2500}),
    "CN fentanyl, section 301 and 232": line(
        "CN", {"9903.88.03": 2500, "9903.01.24": 2000, "9903.81.91": 5000}
    ),
    "HK fentanyl, exempt by list": line("HK", {"9903.01.24": 2000, "9903.01.32": 0}),
    "CA 25": line("CA", {"9903.01.10": 2500, "9903.01.26": 0}),
    "CA 35": line("CA", {"9903.01.10": 3500, "9903.01.26": 0}),
    "CA energy 10": line("CA", {"9903.01.13": 1000, "9903.01.26": 0}),
    "CA USMCA": line("CA", {"9903.01.14": 0, "9903.01.26": 0}, 0, special_program="S"),
    "MX 25": line("MX", {"9903.01.01": 2500, "9903.01.27": 0}),
    "MX potash 10": line("MX", {"9903.01.05": 1000, "9903.01.27": 0}),
    "VN 20": line("VN", {"9903.02.69": 2000}),
    "VN 10 under 9903.01.25": line("VN", {"9903.01.25": 1000}),
    "VN in transit": line("VN", {"9903.01.28": 0}),
    "BR 40 and 10": line("BR", {"9903.01.77": 4000, "9903.01.25": 1000}),
    "IN 25 and 25": line("IN", {"9903.01.84": 2500, "9903.02.26": 2500}),
    "DE all-in, drawback style": line("DE", {"9903.02.20": 1250}),
    "DE all-in, whole 15 on it": line("DE", {"9903.02.20": 1500}, 0),
    "DE all-in, whole 15, rate 2.5 known": line(
        "DE", {"9903.02.20": 1500}, 0, column1_rate=Column1Rate(ad_valorem="2.5")
    ),
    "DE all-in, column 1 above 15": line("DE", {"9903.02.19": 0}, 1600),
    "JP flat 15 on 2.5": line("JP", {"9903.02.30": 1500}),
    "JP all-in": line("JP", {"9903.02.73": 1250}),
    "KR all-in, free by SPI": line("KR", {"9903.02.80": 1500}, 0, special_program="KR"),
    "CH flat 39": line("CH", {"9903.02.58": 3900}),
    "CH all-in": line("CH", {"9903.02.83": 1250}),
    "GB 10": line("GB", {"9903.01.25": 1000}),
    "AU 10": line("AU", {"9903.01.25": 1000}),
    "AU exemption with duty": line("AU", {"9903.01.32": 1000}),
    "AU number never assigned": line("AU", {"9903.01.36": 1000}),
    "AU nothing": line("AU", {}),
    "AU duty merged into the ordinary": line("AU", {"9903.01.25": 0}, 1250),
    "AU blank duty": line("AU", {"9903.01.25": None}),
    "AU section 122": line("AU", {"9903.03.01": 1500}),
    "CU column 2": line("CU", {"9903.01.29": 0}),
}


def _amounts(made: EntryLine, day: dt.date) -> str:
    duty = ieepa_duty(entry(lines=[made], entry_date=day, deposit_date=None))
    programmes = " ".join(f"{name}={amount}" for name, amount in sorted(duty.by_programme.items()))
    findings = " ".join(finding.rule for finding in duty.findings)
    return table(f"paid {duty.paid}", f"{duty.low}..{duty.high}", programmes, findings)


def _check(made: EntryLine, day: dt.date) -> str:
    found = check_line(made, day)
    parts = []
    for each in found.programmes:
        causes = "+".join(cause.kind.value for cause in each.causes)
        parts.append(
            f"{each.programme} {each.verdict} {each.paid}/{each.expected}{' ' + causes if causes else ''}"
        )
    return table("; ".join(parts), f"{len(found.assumed)} assumed" if found.assumed else "")


def _findings(made: EntryLine, day: dt.date) -> str:
    found = line_findings(made, day, as_of=AS_OF, entry_type="01")
    return " ".join(f"{each.rule}{'!' if each.effect == 'reject' else ''}" for each in found) or "-"


def duty() -> Iterator[str]:
    """Each line by entry date: amounts, check against the table, findings."""
    yield f"# Lines of {VALUE} dollars, by entry date. First: paid, refundable from..to, by programme, findings."
    yield "# check: each programme with verdict and paid/expected, causes. notices: findings of a declaration on"
    yield f"# {AS_OF}, with ! where CAPE refuses."
    days = turning_days()
    for name, made in LINES.items():
        yield name
        for label, function in (("", _amounts), ("check: ", _check), ("notices: ", _findings)):
            for span, text in runs(days, lambda day, function=function, made=made: function(made, day)):
                yield f"    {label}{table(span, text)}"
        split = split_duty(entry(lines=[made]))
        parts = (f"{law}={amount}" for law, amount in split.by_authority.items() if amount)
        yield f"    all duty: {table(split.total, ' '.join(parts), ' '.join(split.unknown_numbers))}"


def expected() -> Iterator[str]:
    """What goods of each country should bear on 10,000 dollars under the headings of the day."""
    yield f"# Duty on {VALUE} dollars by heading and entry date; with a column-1 rate of 2.5 where it is all-in."
    countries = sorted({country for row in ieepa_headings() for country in row.countries} | {"AU", "SG"})

    def answer(country: str, day: dt.date) -> str:
        found = []
        for row in country_headings(country, day):
            if row.kind is not HeadingKind.EXEMPTION:
                rate = {"column1_rate": Column1Rate(ad_valorem="2.5")} if row.is_all_in else {}
                found.append(f"{row.number} {expected_duty(row.number, VALUE, day, country, **rate)}")
        return " + ".join(found) or "nothing"

    days = turning_days()
    lines: dict[str, list[str]] = {}
    for country in countries:
        spans = runs(days, lambda day, country=country: answer(country, day))
        lines.setdefault("\n".join(f"    {table(*span)}" for span in spans), []).append(country)
    for text, same in lines.items():
        yield " ".join(same)
        yield text
