"""`ieeparefund interest`: interest on a refund from deposit to (re)liquidation."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import typer

from ieeparefund.cli.options import JsonFormat, JsonFormatChoice, OutputFile, PayeeChoice, parse_day
from ieeparefund.cli.output import emit, plain_table, render, stdout_is_terminal, to_json
from ieeparefund.law import interest as law
from ieeparefund.money import format_dollars

__all__ = ["interest", "interest_to_json"]


def interest_to_json(found: law.Interest) -> dict[str, Any]:
    """Return interest and its schedule as JSON values."""
    return {
        "principal": f"{found.principal:f}",
        "deposited": found.deposited.isoformat(),
        "liquidated": found.liquidated.isoformat(),
        "payee": found.payee.value,
        "interest": f"{found.amount:.2f}",
        "factor": f"{found.factor:f}",
        "schedule": [
            {
                "first_day": period.first_day.isoformat(),
                "last_day": period.last_day.isoformat(),
                "days": period.days,
                "annual_rate": str(period.annual_rate),
                "day_basis": period.day_basis,
                "interest": f"{period.interest:.2f}",
                "standing": period.standing.value,
                "citation": str(period.citation),
            }
            for period in found.periods
        ],
    }


def interest(
    principal: Annotated[str, typer.Argument(metavar="PRINCIPAL", help="Dollars, such as 10000.00.")],
    deposited: Annotated[
        dt.date,
        typer.Option(
            "--deposited",
            parser=parse_day,
            metavar="DATE",
            help="Day of deposit, YYYY-MM-DD; itself not counted.",
        ),
    ],
    liquidated: Annotated[
        dt.date,
        typer.Option(
            "--liquidated",
            parser=parse_day,
            metavar="DATE",
            help="Day of (re)liquidation, not of payment; counted.",
        ),
    ],
    payee: PayeeChoice,
    schedule: Annotated[bool, typer.Option("--schedule", help="Show the schedule by quarter.")] = False,
    output_format: JsonFormatChoice = JsonFormat.TABLE,
    output: OutputFile = None,
) -> None:
    """Compute interest under 19 USC 1505(c), compounded daily at CBP's overpayment rates.

    Example: ieeparefund interest 10000 --deposited 2025-04-15 --liquidated 2026-02-23 --payee corporation
    """
    result = law.interest(principal.replace(",", ""), deposited=deposited, liquidated=liquidated, payee=payee)
    if output_format is JsonFormat.JSON:
        text = to_json(interest_to_json(result))
    else:
        parts: list[object] = []
        if schedule:
            parts.append(
                plain_table(
                    None,
                    [
                        ("From", False),
                        ("To", False),
                        ("Days", True),
                        ("Rate %", True),
                        ("Basis", True),
                        ("Interest", True),
                        ("Standing", False),
                    ],
                    [
                        (
                            period.first_day.isoformat(),
                            period.last_day.isoformat(),
                            str(period.days),
                            str(period.annual_rate),
                            str(period.day_basis),
                            format_dollars(period.interest),
                            period.standing.value,
                        )
                        for period in result.periods
                    ],
                )
            )
            parts.append("")
        parts.append(
            f"Interest {format_dollars(result.amount)} on {result.principal:,f} from {deposited} (not counted) "
            f"to {liquidated} (counted), {payee.value}."
        )
        text = render(parts, colour=output is None and stdout_is_terminal())
    emit(text, output)
