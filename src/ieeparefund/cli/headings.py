"""`ieeparefund headings`: the dated table of IEEPA headings, by number, country, programme and date."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from ieeparefund.cli.options import Format, FormatChoice, OutputFile, parse_day
from ieeparefund.cli.output import emit, plain_table, render, rows_as_csv, stdout_is_terminal, to_json
from ieeparefund.entries.hts import normalise_tariff_number
from ieeparefund.errors import InputError
from ieeparefund.law.headings import Heading, Programme, authority, ieepa_headings

__all__ = ["heading_to_json", "headings", "headings_found"]


def heading_to_json(heading: Heading) -> dict[str, str]:
    """Return a row of the table as text values."""
    return {
        "heading": heading.number,
        "programme": heading.programme.value,
        "countries": " ".join(sorted(heading.countries)) or "every other country",
        "kind": heading.kind.value,
        "rate": "" if heading.rate is None else str(heading.rate),
        "cap_total": "" if heading.cap_total is None else str(heading.cap_total),
        "from": heading.effective_from.isoformat(timespec="minutes"),
        "to": heading.effective_to.isoformat(timespec="minutes"),
        "citation": str(heading.citation),
        "standing": heading.standing.value,
        "note": heading.note,
    }


def headings_found(
    number: str | None, country: str | None, programme: Programme | None, on: dt.date | None
) -> tuple[Heading, ...]:
    """Return the rows that pass every filter given. Raises `InputError` for text that is no country code."""
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise InputError(
            f"{country!r} is not a country code.", remedy="Give two letters, such as CN.", value=country
        )
    found = ieepa_headings(country=country, programme=programme, on=on)
    if number is None:
        return found
    wanted = normalise_tariff_number(number)
    return tuple(row for row in found if row.number == wanted[:10])


def headings(
    number: Annotated[
        str | None, typer.Argument(metavar="[NUMBER]", help="Only this heading, such as 9903.01.25.")
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            "--country", metavar="CC", help="Only headings that goods of this country (two letters) can bear."
        ),
    ] = None,
    programme: Annotated[Programme | None, typer.Option("--programme", help="Only this programme.")] = None,
    on: Annotated[
        dt.date | None,
        typer.Option("--on", parser=parse_day, metavar="DATE", help="Only rows in force on this entry date."),
    ] = None,
    output_format: FormatChoice = Format.TABLE,
    output: OutputFile = None,
) -> None:
    """List IEEPA headings: rate, countries, first and last entry date, note.

    json and csv give the source too, and the clock times, US eastern, the end excluded.

    Example: ieeparefund headings --country IN --on 2025-12-01
    """
    found = headings_found(number, country, programme, on)
    rows = [heading_to_json(heading) for heading in found]
    if output_format is Format.JSON:
        text = to_json(rows)
    elif output_format is Format.CSV:
        text = rows_as_csv(rows)
    else:
        parts: list[object] = []
        if not rows:
            kind = "" if number is None else f" {number} is under {authority(number, on).value}."
            parts.append(f"No IEEPA heading fits.{kind}")
        else:
            parts.append(
                plain_table(
                    None,
                    [
                        ("Heading", True),
                        ("Rate %", True),
                        ("Kind", False),
                        ("First day", True),
                        ("Last day", True),
                        ("Countries", False),
                        ("Note", False),
                    ],
                    [
                        (
                            row["heading"],
                            row["rate"] or (f"<= {row['cap_total']}" if row["cap_total"] else ""),
                            row["kind"],
                            str(heading.first_day),
                            str(heading.last_day),
                            row["countries"],
                            row["note"],
                        )
                        for heading, row in zip(found, rows, strict=True)
                    ],
                )
            )
        text = render(parts, colour=output is None and stdout_is_terminal())
    emit(text, output)
