"""Writes records of an entry summary query answer, column by column.

The columns are typed in here from the description of the records (ACE ABI CATAIR, Entry Summary Query,
version 26, as restated), not taken from the package, so that a wrong column in its layouts shows.
"""

from __future__ import annotations

import datetime as dt


def put(kind: str, *fields: tuple[int, str]) -> str:
    """Return a record of 80 columns with each text at its first column (from 1)."""
    line = list(kind.ljust(80))
    for start, text in fields:
        line[start - 1 : start - 1 + len(text)] = text
    assert len(line) == 80
    return "".join(line)


def mdy(day: dt.date | None) -> str:
    """Return MMDDYY, or blanks."""
    return day.strftime("%m%d%y") if day else " " * 6


def mdcy(day: dt.date | None) -> str:
    """Return MMDDYYYY, or blanks."""
    return day.strftime("%m%d%Y") if day else " " * 8


def cents(amount: int, width: int) -> str:
    """Return whole cents right-aligned with zeros, the minus first."""
    return f"{amount:0{width}d}"


def jb(
    number: str,
    *,
    version: str = "00001",
    psc: str = " ",
    psc_date: dt.date | None = None,
    status: str = " ",
    liquidated: dt.date | None = None,
) -> str:
    return put(
        "JB",
        (3, number[:3]),
        (8, number[3:]),
        (16, version),
        (35, psc),
        (36, mdy(psc_date)),
        (43, status),
        (44, mdy(liquidated)),
    )


def jc(
    *,
    control: str = "2",
    summary: str = "1",
    collection: str = "2",
    collected: dt.date | None = None,
    hold_date: dt.date | None = None,
    protest: str = "NO",
    fta: str = "",
    fta_due: str = "",
    other: str = "",
    other_due: str = "",
    holds: str = "",
) -> str:
    return put(
        "JC",
        (3, control),
        (4, summary),
        (20, collection),
        (21, mdy(collected)),
        (28, mdy(hold_date)),
        (42, protest),
        (45, fta),
        (50, fta_due),
        (58, other),
        (63, other_due),
        (71, holds),
    )


def jd(entered: dt.date | None, *, duty: str = "", interest: str = "", reasons: str = "") -> str:
    return put("JD", (4, mdy(entered)), (10, duty), (46, interest), (70, reasons))


def jf(importer: str = "12-345678900", kind: str = "01", filed: dt.date | None = None) -> str:
    return put("JF", (3, importer), (15, kind), (29, mdy(filed)))


def jg(lines: int) -> str:
    return put("JG", (16, f"{lines:03d}"))


def jh(party: str) -> str:
    return put("JH", (3, party))


def jj(number: str, status: str, decided: dt.date | None = None) -> str:
    return put("JJ", (3, number), (16, status), (18, mdy(decided)))


def jk(number: str, day: dt.date, state: str, total: int, paid: int) -> str:
    return put("JK", (3, number), (14, mdy(day)), (21, state), (23, cents(total, 11)), (34, cents(paid, 11)))


def jl(day: dt.date | None, amount: int) -> str:
    return put("JL", (3, mdy(day)), (9, cents(amount, 11)))


def line(number: int) -> str:
    return put("4A", (3, f"{number:05d}"))


def tariff(number: str, duty: int | None, value: int | None) -> str:
    return put(
        "50",
        (3, number),
        (14, "" if duty is None else cents(duty, 10)),
        (25, "" if value is None else f"{value:010d}"),
    )


def grand_total(duty: int) -> str:
    return put("90", (3, cents(duty, 11)))
