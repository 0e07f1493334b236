"""The testing kit: what is public, what it needs, its vectors as data and as JSON, its faults."""

from __future__ import annotations

import dataclasses
import importlib
import json
import runpy
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import Phase, find, settings

import ieeparefund
import ieeparefund.testing as kit
from ieeparefund.errors import MissingExtraError
from ieeparefund.testing import payment_faults
from ieeparefund.testing.paid_refunds import PaymentCase, payment_cases


def test_the_public_names_resolve_and_no_module_hides_one() -> None:
    modules = {path.stem for path in Path(kit.__file__).parent.glob("*.py")}
    for name in kit.__all__:
        assert getattr(kit, name) is not None
    assert not modules & set(kit.__all__)
    assert dir(kit) == sorted(kit.__all__)
    assert set(kit._HOME) == set(kit.__all__)
    with pytest.raises(AttributeError, match="no attribute 'everything'"):
        kit.everything  # noqa: B018


def test_strategies_without_hypothesis_name_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ieeparefund.testing.drawing")
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(MissingExtraError, match=r"ieeparefund\[testing\]"):
        importlib.import_module("ieeparefund.testing.drawing")


def test_vectors_need_no_hypothesis() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import ieeparefund.testing as kit\n"
        "print(len(kit.vectors().duty))\n"
        "try: kit.entries\n"
        "except ImportError as error: print(error)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    count, error = out.splitlines()
    assert count == "23"
    assert "install ieeparefund[testing]" in error


def test_the_package_does_not_load_its_testing_kit() -> None:
    code = (
        "import sys, ieeparefund as ir\n"
        "for name in ir.__all__: getattr(ir, name)\n"
        "print(sum(name.startswith(('ieeparefund.testing', 'hypothesis')) for name in sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert out.strip() == "0"


def test_the_vectors_of_each_subject() -> None:
    found = kit.vectors()
    assert found is kit.vectors()
    counts = {field.name: len(getattr(found, field.name)) for field in dataclasses.fields(found)}
    assert counts == {
        "interest": 27,
        "paid_interest": 10,
        "duty": 23,
        "entry_numbers": 15,
        "eligibility": 111,
        "windows": 12,
        "programme_rates": 825,
    }
    for name in counts:
        cases = getattr(found, name)
        assert len({case.id for case in cases}) == len(cases)
        assert all(case.source for case in cases)


def test_vectors_cannot_be_changed() -> None:
    case = kit.vectors().eligibility[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        case.outcome = "accepted"  # type: ignore[misc]  # that it is refused is the test
    with pytest.raises(TypeError):
        case.facts["protest"] = "open"  # type: ignore[index]  # likewise


def test_a_case_on_its_chapter_and_its_program() -> None:
    korea = next(case for case in kit.vectors().duty if case.id == "14")
    heading, goods = korea.rows
    assert (heading.hts, heading.special_program) == ("9903.02.80", None)
    assert (goods.hts, goods.special_program) == ("8471.30.01.00", "KR")
    entry = korea.entry()
    assert entry.lines[0].special_program == "KR"
    assert entry.lines[0].column1_rate == ieeparefund.Column1Rate()
    assert korea.entry(with_column1_rate=False).lines[0].column1_rate is None
    assert next(case for case in kit.vectors().duty if case.id == "13").country_of_origin == "DE"


def test_every_heading_there_was_can_be_drawn() -> None:
    found = kit.any_tariff_numbers()
    assert list(found) == sorted(set(found))
    assert {heading.number for heading in ieeparefund.ieepa_headings()} < set(found)
    assert {"9903.03.01", "9903.01.35", "8471.30.01.00", "A-570-979"} <= set(found)


def test_the_vectors_as_json(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    importlib.import_module("ieeparefund.testing.__main__")
    assert capfdbinary.readouterr().out == b""
    monkeypatch.delitem(sys.modules, "ieeparefund.testing.__main__")
    runpy.run_module("ieeparefund.testing", run_name="__main__")
    sys.stdout.flush()
    written = capfdbinary.readouterr().out
    assert written.decode("utf-8") == kit.vectors_json()
    found = json.loads(written)
    assert found["interest"][0] == {
        "id": "treasury-1982",
        "principal": "1424.66",
        "deposited": "1982-12-31",
        "liquidated": "1983-03-01",
        "payee": "other",
        "fixed_rate": None,
        "expected": "37.96",
        "origin": "outside",
        "source": "26 CFR 301.6622-1(c)(2) example (16%, 60 days)",
        "note": 'source names the underpayment rate, which equals the rate for payee "other" over this span',
    }
    case = next(case for case in found["eligibility"] if case["facts"].get("on_drawback_claim") is True)
    assert case["rows"][0] == {
        "line_number": 1,
        "hts": "9903.01.24",
        "special_program": None,
        "value": "0",
        "duty": "200.00",
    }


def test_the_same_from_the_command_line() -> None:
    out = subprocess.run(
        [sys.executable, "-m", "ieeparefund.testing"], check=True, capture_output=True
    ).stdout
    assert json.loads(out)["duty"][0]["column1_rate"] == {
        "ad_valorem": "0",
        "specific": "0.50",
        "quantity": "1",
    }


@cache
def some_refunds() -> PaymentCase:
    # The first that is drawn, not the smallest: amounts of every size.
    drawn = settings(database=None, derandomize=True, phases=[Phase.generate])
    return find(payment_cases(faults=()), lambda case: len(case.named) > 1, settings=drawn)


@pytest.mark.parametrize("fault", payment_faults.FAULTS, ids=lambda fault: fault.__name__)
def test_each_fault_alone(fault: payment_faults.Fault) -> None:
    case = some_refunds()
    book = payment_faults.RefundBook(list(case.estimates), list(case.rows), list(case.bank), case.as_of)
    named = fault(book, "RF100000")
    found = {
        payment.refund_numbers[0]: payment_faults.told(payment) for payment in book.reconciled().payments
    }
    assert found["RF100000"] == ([named] if named else [])
    assert fault.__doc__


def test_nothing_can_be_netted_in_a_refund_without_amounts() -> None:
    case = some_refunds()
    book = payment_faults.RefundBook(list(case.estimates), list(case.rows), [], case.as_of)
    for row in case.rows:
        book.change(row, principal=None, interest=None)
    with pytest.raises(ValueError, match="RF100000 lacks an amount or a date"):
        payment_faults.netted(book, "RF100000")
