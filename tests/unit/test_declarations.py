"""Plans of CAPE declarations: order, groups, stops, nothing lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.books import DAY, book, entry, estimate, number

from ieeparefund.errors import FieldError, InputError
from ieeparefund.refunds.declarations import plan_declarations
from ieeparefund.refunds.preflight import Account, Stop, stop_reasons


def test_20000_entries_make_files_of_9999_9999_and_2() -> None:
    # CSMS 68315804: at most 9,999 entry numbers a file, several declarations allowed.
    one = estimate(entry())
    many = [_renumbered(one, count) for count in range(1, 20_001)]
    plan = plan_declarations(many)
    assert [len(declaration.numbers) for declaration in plan] == [9999, 9999, 2]
    assert {number for declaration in plan for number in declaration.numbers} == {
        e.entry.number for e in many
    }
    assert plan.excluded == ()


def _renumbered(one: Any, count: int) -> Any:
    """The same estimate under another number, without computing it anew."""
    from dataclasses import replace

    return replace(one, entry=replace(one.entry, number=number(count)))


def test_the_fewest_days_left_come_first() -> None:
    late = estimate(entry(1))
    soon = estimate(entry(2, liquidation_status="liquidated", liquidation_date=dt.date(2026, 3, 6)))
    sooner = estimate(entry(3, liquidation_status="liquidated", liquidation_date=dt.date(2026, 2, 27)))
    plan = plan_declarations([late, soon, sooner], most_entries=2)
    assert [[n.compact for n in declaration.numbers] for declaration in plan] == [
        [number(3).compact, number(2).compact],
        [number(1).compact],
    ]


def test_groups_by_importer_and_by_filer() -> None:
    first, second = entry(1), entry(2, importer="98-765432100", number=number(2, "ABC"))
    estimates = [estimate(first), estimate(second), estimate(entry(3))]
    by_importer = plan_declarations(estimates, group_by="importer")
    assert [(d.group, len(d.numbers)) for d in by_importer] == [("98-765432100", 1), ("12-345678900", 2)]
    assert [d.group for d in plan_declarations(estimates, group_by="filer")] == ["ABC", "ZT4"]
    assert [d.group for d in plan_declarations(estimates)] == [None]
    both = by_importer[0].by_importer()
    assert list(both) == ["**-*****2100"]
    assert both["**-*****2100"]["entries"] == 1
    with pytest.raises(FieldError, match="group_by"):
        plan_declarations(estimates, group_by="port")


def test_importers_with_the_same_mask_stay_apart() -> None:
    estimates = [
        estimate(entry(1, importer="11-345678900")),
        estimate(entry(2)),
        estimate(entry(3, importer=None)),
    ]
    (declaration,) = plan_declarations(estimates)
    assert sorted(declaration.by_importer()) == ["**-*****8900", "**-*****8900 (2)", "unknown"]


LIQUIDATED = {"liquidation_status": "liquidated"}


@pytest.mark.parametrize(
    ("changes", "stop"),
    [
        ({"correction_pending": True}, Stop.PENDING_CORRECTION),
        ({"protest": "open"}, Stop.OPEN_PROTEST),
        ({"on_drawback_claim": True}, Stop.DRAWBACK_CLAIM),
        ({"statement_paid": False}, Stop.UNPAID_STATEMENT),
        ({"paid_by_surety": True}, Stop.SURETY_PAID),
        (LIQUIDATED | {"liquidation_date": DAY - dt.timedelta(days=79)}, Stop.LAST_DAYS),
        (LIQUIDATED | {"liquidation_date": DAY - dt.timedelta(days=80)}, Stop.LAST_DAYS),
    ],
)
def test_stops_can_be_overridden_by_name(changes: dict[str, Any], stop: Stop) -> None:
    stopped = estimate(entry(1, **changes))
    plan = plan_declarations([stopped])
    assert list(plan) == []
    assert [reason.stop for reason in plan.excluded[0].reasons] == [stop]
    assert plan.excluded[0].reasons[0].remedy
    assert len(plan_declarations([stopped], allow=[stop.value])[0].numbers) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"entry_type": "08"},
        LIQUIDATED | {"liquidation_date": DAY - dt.timedelta(days=81)},
        {"liquidation_status": None},
        {"duty": "0.00"},
    ],
)
def test_what_cape_rejects_or_nobody_knows_is_never_listed(changes: dict[str, Any]) -> None:
    plan = plan_declarations([estimate(entry(1, **changes))], allow=[s for s in Stop if s.value[0] in "lops"])
    assert list(plan) == []
    assert {reason.stop for reason in plan.excluded[0].reasons} == {Stop.NOT_ACCEPTED}


def test_an_unknown_type_has_no_text_to_add() -> None:
    (reason,) = stop_reasons(estimate(entry(1, entry_type="86")))
    assert reason.stop is Stop.NOT_ACCEPTED


def test_two_reasons_need_two_overrides() -> None:
    stopped = estimate(entry(1, protest="open", on_drawback_claim=True))
    assert len(plan_declarations([stopped]).excluded[0].reasons) == 2
    assert list(plan_declarations([stopped], allow=["open_protest"])) == []
    assert len(plan_declarations([stopped], allow=["open_protest", "drawback_claim"])) == 1


@pytest.mark.parametrize(
    ("account", "importer", "stopped"),
    [
        # ACCOUNT MISMATCH: the importer of the account is not that of the entry.
        (Account(importer="12-3456789XX"), "98-7654321XX", True),
        (Account(importer="12-3456789XX"), "12-3456789XX", False),
        (Account(importer="12-3456789"), "12-3456789 XX", False),
        (Account(importer="12-3456789XX"), None, False),
        (Account(filer_code="zt4"), "12-3456789XX", False),
        (Account(filer_code="ABC"), "12-3456789XX", True),
        (Account(importer="1234"), "12345", True),
        (Account(), "12-3456789XX", False),
    ],
)
def test_the_account_must_own_the_entry(account: Account, importer: str | None, stopped: bool) -> None:
    reasons = stop_reasons(estimate(entry(1, importer=importer)), account=account)
    assert [reason.stop for reason in reasons] == ([Stop.OTHER_ACCOUNT] if stopped else [])


def test_unusable_arguments() -> None:
    one = estimate()
    for name in ("declared", "not_accepted", "everything"):
        with pytest.raises(FieldError, match="no stop that can be overridden"):
            plan_declarations([one], allow=[name])
    for size in (0, 10_000):
        with pytest.raises(FieldError, match="most_entries"):
            plan_declarations([one], most_entries=size)
    with pytest.raises(InputError, match="given twice"):
        plan_declarations([one, one])
    assert list(plan_declarations([])) == []
    assert len(book(3)) == 3
