"""Findings on a line before it is declared in CAPE. Sources: `tables/line_checks.toml`, rule by rule."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from ieeparefund.entries.column1 import Column1Rate
from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
from ieeparefund.errors import FieldError
from ieeparefund.law.cape_rules import cape_rules
from ieeparefund.law.citations import Standing, cite, table_text
from ieeparefund.law.duty import ieepa_duty
from ieeparefund.law.findings import Effect, Finding
from ieeparefund.law.line_findings import entry_findings, line_findings, merge_findings

D = dt.date
BASE = "8479.89.95.00"  # 2.5 per cent in column 1, general
SUMMER = D(2026, 7, 1)
JULY = D(2025, 7, 1)
RULES = tomllib.loads(table_text("line_checks.toml"))["rule"]


def line(
    country: str | None,
    rows: dict[str, Any],
    value: Any = 10000,
    base: Any = "250.00",
    spi: str | None = None,
) -> EntryLine:
    """A line with the duty of each chapter 99 number, and one chapter 1-97 number with value and duty."""
    tariffs = [TariffLine(number, 0, duty) for number, duty in rows.items()]
    return EntryLine(1, country, [*tariffs, TariffLine(BASE, value, base)], special_program=spi)


def findings(
    filed: EntryLine, on: dt.date | dt.datetime, as_of: dt.date = SUMMER, **facts: Any
) -> dict[str, Finding]:
    """Findings by rule; a rule found twice fails the test that asks for it."""
    found = line_findings(filed, on, as_of=as_of, **facts)
    by_rule = {finding.rule: finding for finding in found}
    assert len(by_rule) == len(found)
    return by_rule


def test_a_sound_line_has_no_finding() -> None:
    assert findings(line("CN", {"9903.01.24": 1000, "9903.01.25": 1000}), D(2025, 12, 1)) == {}
    assert findings(line("CA", {"9903.01.14": 0, "9903.01.26": 0}, spi="S"), D(2025, 12, 1)) == {}
    assert findings(line("CN", {"9903.88.03": 2500}), D(2026, 2, 24)) == {}


class TestDates:
    def test_out_of_its_dates(self) -> None:
        filed = line("CN", {"9903.01.20": 1000, "9903.01.25": 1000, "9903.01.24": 0})
        found = findings(filed, D(2025, 12, 1), mode="air")["heading_not_in_force"]
        assert (found.effect, found.ace_text, found.standing) == (
            Effect.REJECT,
            "INVALID HTS",
            Standing.PUBLISHED,
        )
        assert found.amount == 1000
        assert found.line_number == 1
        assert "it was in force from 2025-02-04 to 2025-03-03" in found.explanation
        assert "CAPE refuses the entry for it on 2026-07-01: INVALID HTS [CSMS 69056483" in found.explanation

    @pytest.mark.parametrize(
        ("as_of", "effect", "standing"),
        [
            # CSMS 69056483, about 2026-06-25: the day lies between 06-23 and 06-29.
            (D(2026, 6, 24), Effect.WARN, Standing.PUBLISHED),
            (D(2026, 6, 25), Effect.REJECT, Standing.INFERRED),
            (D(2026, 6, 28), Effect.REJECT, Standing.INFERRED),
            (D(2026, 6, 29), Effect.REJECT, Standing.PUBLISHED),
        ],
    )
    def test_cape_tests_the_dates_of_numbers_since_june(
        self, as_of: dt.date, effect: Effect, standing: Standing
    ) -> None:
        filed = line("CN", {"9903.01.20": 1000, "9903.01.25": 1000})
        found = findings(filed, D(2025, 12, 1), as_of)["heading_not_in_force"]
        assert (found.effect, found.standing) == (effect, standing)
        assert (found.ace_text is not None) is (effect is Effect.REJECT)
        assert ("By inference CAPE" in found.explanation) is (
            effect is Effect.REJECT and standing is Standing.INFERRED
        )

    def test_never_a_rate_line(self) -> None:
        found = findings(line("VN", {"9903.01.35": 500, "9903.02.69": 2000}), D(2025, 12, 1))
        assert set(found) == {"unassigned_heading"}
        assert (found["unassigned_heading"].ace_text, found["unassigned_heading"].standing) == (
            "INVALID HTS",
            Standing.INFERRED,
        )

    def test_after_the_end(self) -> None:
        found = findings(line("CN", {"9903.01.24": 1000, "9903.01.25": 1000}), D(2026, 2, 23))
        assert found == {}
        filed = line("CN", {"9903.01.24": 1000})
        assert set(findings(filed, D(2026, 2, 24))) == {"heading_not_in_force"}
        early = dt.datetime(2026, 2, 23, 23, 59, tzinfo=ZoneInfo("America/New_York"))
        assert set(findings(filed, early)) == {"missing_heading"}

    def test_goods_from_a_zone(self) -> None:
        filed = line("CN", {"9903.01.24": 1000, "9903.01.25": 1000})
        found = line_findings(filed, D(2026, 3, 1), as_of=SUMMER, entry_type="06")
        assert [(one.rule, one.effect) for one in found] == [("zone_rate_of_another_date", Effect.NOTE)] * 2
        assert "privileged_status_on" in (found[0].remedy or "")
        known = line_findings(
            filed, D(2026, 3, 1), as_of=SUMMER, entry_type="06", privileged_status_on=D(2025, 12, 1)
        )
        assert [one.rule for one in known] == ["zone_rate_of_another_date"] * 2
        assert known[0].remedy is None
        assert "the day on which privileged foreign status was elected" in known[0].explanation
        wrong = line_findings(
            filed, D(2026, 3, 1), as_of=SUMMER, entry_type="06", privileged_status_on=D(2025, 1, 2)
        )
        assert [one.rule for one in wrong] == ["heading_not_in_force"] * 2

    def test_goods_from_a_warehouse(self) -> None:
        filed = line("CN", {"9903.01.20": 1000})
        found = findings(filed, D(2025, 6, 1), entry_type="31")
        assert set(found) == {"heading_of_another_date"}
        assert found["heading_of_another_date"].effect is Effect.NOTE
        known = findings(filed, D(2025, 6, 1), entry_type="31", withdrawn_on=D(2025, 2, 20))
        assert set(known) == {"heading_of_another_date"}
        assert (
            "the day of withdrawal from warehouse, which decides"
            in known["heading_of_another_date"].explanation
        )
        assert known["heading_of_another_date"].remedy is None
        # The day of withdrawal decides, so a heading that ended before it is wrong.
        wrong = findings(filed, D(2025, 2, 10), entry_type="31", withdrawn_on=D(2025, 6, 1))
        assert "heading_not_in_force" in wrong

    @pytest.mark.parametrize(
        ("number", "country", "first", "last", "newer"),
        [
            # 90 FR 44638 (ACE from 2025-09-16), 90 FR 55964 (12-04), 90 FR 59281 (12-18).
            ("9903.02.30", "JP", D(2025, 8, 7), D(2025, 9, 15), "9903.02.73"),
            ("9903.02.56", "KR", D(2025, 11, 14), D(2025, 12, 3), "9903.02.80"),
            ("9903.02.58", "CH", D(2025, 11, 14), D(2025, 12, 17), "9903.02.83"),
            ("9903.02.36", "LI", D(2025, 11, 14), D(2025, 12, 17), "9903.02.88"),
        ],
    )
    def test_deals_with_effect_back(
        self, number: str, country: str, first: dt.date, last: dt.date, newer: str
    ) -> None:
        filed = line(country, {number: 1500})
        day = dt.timedelta(days=1)
        for on in (first, last):
            found = findings(filed, on)["heading_ended_retroactively"]
            assert found.effect is Effect.NOTE
            assert found.amount == 1500
            # 15 per cent of 10000 less the ordinary 2.5 per cent.
            assert f"Under {newer} 1250.00 would be IEEPA duty, 250.00 less." in found.explanation
            assert "already_refunded" in (found.remedy or "")
        assert "heading_ended_retroactively" not in findings(filed, first - day)
        assert "heading_ended_retroactively" not in findings(filed, last + day)

    def test_the_difference_needs_the_column_1_rate(self) -> None:
        filed = EntryLine(1, "KR", [TariffLine("9903.02.56", 0, 1500)])
        found = findings(filed, D(2025, 12, 1))["heading_ended_retroactively"]
        assert "cannot be told" in found.explanation
        # Nor without the duty of the row.
        blank = findings(line("KR", {"9903.02.56": None}), D(2025, 12, 1))["heading_ended_retroactively"]
        assert "cannot be told" in blank.explanation


class TestOrigin:
    def test_another_country(self) -> None:
        rows = {"9903.02.68": 1500, "9903.01.24": 2000}
        found = line_findings(line("VN", rows), D(2025, 12, 1), as_of=SUMMER)
        assert [finding.rule for finding in found] == ["heading_of_another_country"] * 2
        assert "theirs is 9903.02.69" in found[0].explanation
        assert "they owe no such duty" in found[1].explanation
        assert "still IEEPA duty" in found[0].explanation
        assert found[0].ace_text is None

    def test_reciprocal_duty_on_canada_and_mexico(self) -> None:
        found = findings(line("MX", {"9903.01.25": 1000, "9903.01.04": 0}, spi="S"), D(2025, 12, 1))
        assert set(found) == {"reciprocal_on_canada_mexico"}
        assert "their heading is 9903.01.27" in found["reciprocal_on_canada_mexico"].explanation

    def test_reciprocal_duty_on_column_2_goods(self) -> None:
        found = findings(line("RU", {"9903.01.25": 1000}), D(2025, 12, 1))
        assert set(found) == {"reciprocal_on_column_2"}
        assert "their heading is 9903.01.29" in found["reciprocal_on_column_2"].explanation

    def test_an_exemption_of_another_country_is_not_a_duty(self) -> None:
        found = findings(line("CA", {"9903.96.01": 0, "9903.01.14": 0}, spi="S"), D(2025, 12, 1))
        assert set(found) == {"heading_of_another_country"}

    def test_usmca_goods_that_paid(self) -> None:
        rows = {"9903.01.01": 2500, "9903.01.27": 0}
        found = findings(line("MX", rows, spi="S"), D(2025, 12, 1))
        assert set(found) == {"duty_on_usmca_goods"}
        assert "1520(d)" in (found["duty_on_usmca_goods"].remedy or "")
        assert found["duty_on_usmca_goods"].explanation.startswith(
            "USMCA goods of MX are exempt under 9903.01.04 on 2025-12-01, yet 2,500.00 was paid on 9903.01.01."
        )
        # Before 2025-03-07 they paid rightly.
        assert findings(line("MX", {"9903.01.01": 2500}, spi="S"), D(2025, 3, 6)) == {}
        unpaid = findings(line("MX", {"9903.01.01": 0, "9903.01.27": 0}, spi="S"), D(2025, 12, 1))
        assert set(unpaid) == {"heading_not_for_these_goods"}

    def test_no_origin_no_finding_about_it(self) -> None:
        assert findings(line(None, {"9903.01.25": 1000}), D(2025, 12, 1)) == {}


class TestGoods:
    def test_in_transit(self) -> None:
        filed = line("VN", {"9903.01.28": 0})
        assert findings(filed, D(2025, 5, 1)) == {}
        assert findings(filed, D(2025, 5, 1), loaded=D(2025, 4, 4), mode="vessel") == {}
        found = findings(filed, D(2025, 5, 1), loaded=D(2025, 4, 5), mode="vessel")
        assert "in_transit_clause_not_met" in found
        assert "loaded 2025-04-05, not before 12:01 a.m. eastern on 2025-04-05" in (
            found["in_transit_clause_not_met"].explanation
        )
        general = findings(line("VN", {"9903.01.25": 1000}), D(2025, 9, 1), mode="air")
        assert set(general) == {"in_transit_clause_not_met"}

    def test_other_goods(self) -> None:
        found = findings(line("VN", {"9903.02.69": 2000}), D(2025, 12, 1), exempt_under=["9903.01.32"])
        assert set(found) == {"heading_not_for_these_goods"}
        assert "9903.01.32 takes them out" in found["heading_not_for_these_goods"].explanation
        potash = findings(line("CA", {"9903.01.15": 1000, "9903.01.26": 0}), D(2025, 12, 1), potash=False)
        assert set(potash) == {"heading_not_for_these_goods"}
        # Australia has no rate of its own: its general rate turns on no loading.
        general = findings(line("AU", {"9903.01.25": 1000}), D(2025, 12, 1), exempt_under=["9903.01.32"])
        assert set(general) == {"heading_not_for_these_goods"}

    @pytest.mark.parametrize(
        ("country", "on", "rows"),
        [
            # Vietnam's 46 per cent stood for a day of April, its 20 from 2025-08-07: in June it had the general rate.
            ("VN", D(2025, 6, 2), {"9903.01.25": 1000}),
            # China had a row of its own for the fentanyl duty, and none for the reciprocal 10 per cent.
            ("CN", D(2025, 4, 7), {"9903.01.24": 2000, "9903.01.25": 1000}),
        ],
    )
    def test_the_general_rate_is_for_goods_in_transit_only_beside_a_rate_of_the_country(
        self, country: str, on: dt.date, rows: dict[str, Any]
    ) -> None:
        found = findings(line(country, rows), on, exempt_under=["9903.01.32"])
        assert set(found) == {"heading_not_for_these_goods"}

    def test_column_1_above_fifteen_per_cent(self) -> None:
        # CSMS 66319804: above 15 per cent no duty is added, and another heading says so.
        found = findings(
            line("DE", {"9903.02.20": 1500}, base=2000), D(2025, 12, 1), column1_rate=Column1Rate(Decimal(20))
        )
        assert "column 1 is 20 per cent of the value" in found["heading_not_for_these_goods"].explanation


class TestDuty:
    def test_on_an_exemption_heading(self) -> None:
        found = findings(line("VN", {"9903.01.32": 2000}), D(2025, 12, 1))
        assert set(found) == {"exemption_heading_carries_duty"}
        assert found["exemption_heading_carries_duty"].amount == 2000

    def test_on_a_suspended_heading(self) -> None:
        rows = {"9903.01.24": 2000, "9903.01.63": 3400, "9903.01.25": 1000}
        found = findings(line("CN", rows), D(2025, 7, 1))
        assert set(found) == {"suspended_heading_carries_duty", "two_headings_of_one_programme"}
        assert set(findings(line("CN", {**rows, "9903.01.63": 0}), D(2025, 7, 1))) == set()

    def test_merged_with_the_ordinary_duty(self) -> None:
        rows = {"9903.01.24": 0, "9903.01.25": 0}
        found = findings(line("CN", rows, base="3250.00"), D(2025, 7, 1))["merged_duty"]
        assert (
            "3,250.00 against 250.00, which is more by just the IEEPA duty of 3,000.00" in found.explanation
        )
        assert found.ace_text is None
        partly = findings(line("CN", rows, base="2000.00"), D(2025, 7, 1))["merged_duty"]
        assert "2,000.00 against 250.00." in partly.explanation
        # The ordinary duty as it should be: nothing is merged, and the check says what is missing.
        none = line_findings(line("CN", rows), D(2025, 7, 1), as_of=SUMMER)
        assert [finding.rule for finding in none] == ["duty_differs", "duty_differs"]

    def test_merged_on_one_heading(self) -> None:
        found = findings(line("CN", {"9903.01.24": 3000, "9903.01.25": 0}), D(2025, 7, 1))
        assert set(found) == {"merged_headings"}
        assert "3,000.00: It is the duty of reciprocal, 1000.00, on top of its own. Each" in (
            found["merged_headings"].explanation
        )

    def test_without_column_1_merging_cannot_be_told(self) -> None:
        rows = {"9903.01.24": 0, "9903.01.25": 1000}
        found = findings(line("CN", rows, base=None), D(2025, 7, 1))
        assert set(found) == {"duty_differs"}

    def test_other_than_the_table_gives(self) -> None:
        found = findings(line("CN", {"9903.01.24": 2000, "9903.01.25": 1000}), D(2025, 11, 10))
        text = found["duty_differs"].explanation
        assert text.startswith("The duty on 9903.01.24 is 2,000.00, the table gives 1,000.00: 10 per cent")
        assert "It is the rate of 9903.01.24 to 2025-11-09" in text
        assert found["duty_differs"].effect is Effect.WARN
        odd = findings(line("CN", {"9903.01.24": 1, "9903.01.25": 1000}), D(2025, 12, 1))
        assert odd["duty_differs"].explanation.endswith("10 per cent of 10000.")
        # Without the day that decides, the duty is not held against the table.
        assert findings(line("CN", {"9903.01.24": 1}), D(2025, 12, 1), entry_type="31") == {}


class TestValue:
    def test_on_the_ieepa_row(self) -> None:
        filed = EntryLine(1, "VN", [TariffLine("9903.02.69", 10000, 2000), TariffLine(BASE, 10000, "250.00")])
        found = findings(filed, D(2025, 12, 1), D(2026, 5, 1))
        assert set(found) == {"value_on_ieepa_row"}
        assert found["value_on_ieepa_row"].ace_text == "GOODS VALUE AMOUNT NOT ALLOWED ON IEEPA HTS LINE"
        assert found["value_on_ieepa_row"].effect is Effect.REJECT
        # No removal of this test is documented, though its twin was dropped in June.
        assert findings(filed, D(2025, 12, 1))["value_on_ieepa_row"].standing is Standing.INFERRED

    def test_off_the_ordinary_row(self) -> None:
        filed = EntryLine(
            1,
            "VN",
            [TariffLine("9903.88.01", 10000, 0), TariffLine("9903.02.69", 0, 2000), TariffLine(BASE, 0, 0)],
        )
        may = findings(filed, D(2025, 12, 1), D(2026, 5, 1))
        assert set(may) == {"value_on_chapter_99_row", "value_off_ordinary_row"}
        assert may["value_off_ordinary_row"].ace_text == "GOODS VALUE AMOUNT MUST BE REPORTED ON THE CH 1-97"
        assert may["value_on_chapter_99_row"].effect is Effect.NOTE
        assert "10,000.00" in may["value_off_ordinary_row"].explanation
        july = findings(filed, D(2025, 12, 1))
        assert (july["value_off_ordinary_row"].effect, july["value_off_ordinary_row"].ace_text) == (
            Effect.WARN,
            None,
        )
        returned = findings(filed, D(2025, 12, 1), chapter_98="9801.00.10")
        assert "value_off_ordinary_row" not in returned

    def test_no_value_anywhere_is_not_one_on_the_wrong_row(self) -> None:
        assert "value_off_ordinary_row" not in findings(line("VN", {"9903.02.69": 0}, value=0, base=0), JULY)


class TestTogether:
    def test_both_fentanyl_steps(self) -> None:
        found = findings(line("CN", {"9903.01.20": 1000, "9903.01.24": 2000}), D(2025, 3, 10))
        assert set(found) == {"heading_not_in_force", "both_fentanyl_steps"}
        assert found["both_fentanyl_steps"].amount == 3000
        assert "9903.01.20 and 9903.01.24" in found["both_fentanyl_steps"].explanation

    def test_in_lieu_added(self) -> None:
        rows = {"9903.01.16": 4000, "9903.01.10": 3500, "9903.01.26": 0}
        assert set(findings(line("CA", rows), D(2025, 9, 1))) == {"in_lieu_heading_added"}
        rows = {"9903.02.01": 4000, "9903.02.69": 2000}
        assert set(findings(line("VN", rows), D(2025, 12, 1))) == {"in_lieu_heading_added"}

    def test_two_alternatives(self) -> None:
        rows = {"9903.01.25": 1000, "9903.02.69": 2000}
        found = findings(line("VN", rows), D(2025, 9, 1))
        assert set(found) == {"two_headings_of_one_programme"}
        assert "alternatives of one duty (the reciprocal duty)" in (
            found["two_headings_of_one_programme"].explanation
        )

    def test_two_rows_of_one_heading_are_no_alternatives(self) -> None:
        rows = [TariffLine("9903.01.24", 0, 1000), TariffLine("9903.01.24", 0, 1000)]
        filed = EntryLine(
            1, "CN", [*rows, TariffLine("9903.01.25", 0, 1000), TariffLine(BASE, 10000, "250.00")]
        )
        assert findings(filed, D(2025, 7, 1)) == {}

    def test_exemption_beside_duty(self) -> None:
        found = findings(line("VN", {"9903.01.32": 0, "9903.02.69": 2000}), D(2025, 12, 1))
        assert set(found) == {"exemption_beside_duty"}
        beside = found["exemption_beside_duty"]
        assert (beside.amount, beside.line_number) == (2000, 1)
        assert beside.explanation == (
            "9903.01.32 exempts the goods from the duty that was paid on 9903.02.69, 2,000.00, on the same line."
        )


class TestMissing:
    """CSMS 64649265: from 2025-04-05 every line needs a reciprocal heading, at least one that exempts."""

    def test_from_the_first_day_to_the_last(self) -> None:
        bare = line("VN", {})
        assert findings(bare, D(2025, 4, 4)) == {}
        found = findings(bare, D(2025, 4, 5))["missing_heading"]
        assert (found.effect, found.ace_text, found.standing) == (
            Effect.REJECT,
            "HTS RELATIONSHIP MISMATCH",
            Standing.INFERRED,
        )
        assert "the reciprocal duty" in found.explanation
        assert "By inference CAPE refuses the entry for it on 2026-07-01" in found.explanation
        assert "missing_heading" in findings(bare, D(2026, 2, 23))
        assert findings(bare, D(2026, 2, 24)) == {}

    def test_the_older_text(self) -> None:
        found = findings(line("VN", {}), D(2025, 6, 1), D(2026, 5, 1))["missing_heading"]
        assert found.ace_text == "HTS RELATIONSHIP/SEQUENCE MISMATCH"
        before = findings(line("VN", {}), D(2025, 6, 1), D(2026, 4, 19))["missing_heading"]
        assert (before.effect, before.ace_text) == (Effect.WARN, None)

    def test_by_programme_with_its_source(self) -> None:
        found = line_findings(line("CN", {}), D(2025, 12, 1), as_of=SUMMER)
        assert [(one.rule, one.citation.id) for one in found] == [
            ("missing_heading", "eo-14357"),
            ("missing_heading", "eo-14298"),
        ]
        assert (
            "9903.02.79 and 9903.02.80"
            in findings(line("KR", {}), D(2025, 12, 10))["missing_heading"].explanation
        )
        assert set(findings(line("CA", {"9903.01.26": 0}), D(2025, 12, 1))) == {"missing_heading"}
        lifted = findings(line("GB", {"9903.96.01": 0}), D(2025, 12, 1))
        assert lifted == {}

    def test_section_232_goods_of_canada_have_no_heading_to_miss(self) -> None:
        rows = {"9903.94.05": 2500, "9903.01.26": 0}
        assert findings(line("CA", rows), D(2025, 12, 1)) == {}
        # Steel of Canada to 2025-06-03 owed IEEPA duty first (E.O. 14289).
        steel = {"9903.81.91": 2500, "9903.01.26": 0}
        assert set(findings(line("CA", steel), D(2025, 5, 1))) == {"missing_heading"}
        assert set(findings(line("BR", {"9903.02.09": 1000, "9903.94.05": 2500}), D(2025, 12, 1))) >= {
            "missing_heading"
        }

    def test_entries_without_ieepa_headings_or_without_their_day(self) -> None:
        bare = line("VN", {})
        assert findings(bare, D(2025, 6, 1), entry_type="86") == {}
        assert findings(bare, D(2025, 6, 1), entry_type="06") == {}
        assert "missing_heading" in findings(
            bare, D(2025, 6, 1), entry_type="06", privileged_status_on=D(2025, 5, 1)
        )


class TestRemedies:
    """NCBFAA: a post summary correction to the earlier of entry + 300 and scheduled liquidation - 15 days."""

    filed = line("VN", {"9903.02.68": 1500})

    def remedy(self, as_of: dt.date, liquidation_date: dt.date | None = None) -> str:
        found = findings(self.filed, D(2025, 12, 1), as_of, liquidation_date=liquidation_date)
        return found["heading_of_another_country"].remedy or ""

    def test_the_source_is_that_of_the_clock(self) -> None:
        source = cite("cbp-psc-window")
        assert self.remedy(D(2026, 9, 27)).endswith(
            f"before the scheduled liquidation if earlier [{source}]."
        )

    def test_by_the_entry_date(self) -> None:
        assert "can be filed to 2026-09-27, or 15 days before" in self.remedy(D(2026, 9, 27))
        assert "could be filed to 2026-09-27; an entry past it waits" in self.remedy(D(2026, 9, 28))

    def test_by_the_scheduled_liquidation(self) -> None:
        scheduled = D(2026, 5, 29)
        assert "can be filed to 2026-05-14 [" in self.remedy(D(2026, 5, 14), scheduled)
        assert "could be filed to 2026-05-14" in self.remedy(D(2026, 5, 15), scheduled)


def entry(*lines: EntryLine, on: dt.date = JULY, entry_type: str = "01", **facts: Any) -> Entry:
    return Entry("ABC-1234567-6", entry_type, on, lines, **facts)


class TestEntries:
    def test_lines_in_order_with_their_facts(self) -> None:
        one = EntryLine(1, "VN", [TariffLine("9903.01.25", 0, 1000), TariffLine(BASE, 10000, "250.00")])
        two = EntryLine(2, "VN", [TariffLine("9903.01.28", 0, 0), TariffLine(BASE, 10000, "250.00")])
        found = entry_findings(entry(one, two, on=D(2025, 5, 1)), as_of=SUMMER, goods={2: {"mode": "truck"}})
        assert [(finding.rule, finding.line_number) for finding in found] == [
            ("in_transit_clause_not_met", 2)
        ]
        with pytest.raises(FieldError, match="goods speaks of line 3") as error:
            entry_findings(entry(one, two), as_of=SUMMER, goods={3: {}})
        assert (error.value.column, error.value.value) == ("goods", "3")

    def test_merged_duty_leaves_the_entry_without_ieepa_duty(self) -> None:
        merged = line("CN", {"9903.01.24": 0, "9903.01.25": 0}, base="3250.00")
        (found,) = entry_findings(entry(merged), as_of=SUMMER)
        assert (found.rule, found.effect, found.ace_text) == ("merged_duty", Effect.REJECT, "NO IEEPA HTS")
        other = EntryLine(
            2,
            "CN",
            [
                TariffLine("9903.01.24", 0, 2000),
                TariffLine("9903.01.25", 0, 1000),
                TariffLine(BASE, 10000, "250.00"),
            ],
        )
        (found,) = entry_findings(entry(merged, other), as_of=SUMMER)
        assert (found.rule, found.effect, found.ace_text) == ("merged_duty", Effect.WARN, None)
        blank = EntryLine(2, "CN", [TariffLine("9903.01.24", 0, None), TariffLine(BASE, 10000, 0)])
        found = entry_findings(entry(merged, blank), as_of=SUMMER)[0]
        assert (found.rule, found.ace_text) == ("merged_duty", None)

    def test_duty_on_a_heading_of_either_range_makes_an_entry_bear_ieepa_duty(self) -> None:
        merged = line("CN", {"9903.01.24": 0, "9903.01.25": 0}, base="2250.00")
        # 9903.02.69 and 9903.01.72 are IEEPA headings of Vietnam; section 122's 9903.03.01 is none.
        for number, effect in (
            ("9903.02.69", Effect.WARN),
            ("9903.01.72", Effect.WARN),
            ("9903.03.01", Effect.REJECT),
        ):
            other = EntryLine(2, "VN", [TariffLine(number, 0, 2000), TariffLine(BASE, 10000, "250.00")])
            found = entry_findings(entry(merged, other, on=D(2025, 12, 1)), as_of=SUMMER)
            (of_line_1,) = [finding for finding in found if finding.line_number == 1]
            assert (of_line_1.rule, of_line_1.effect) == ("merged_duty", effect)

    def test_the_entry_adds_its_type_and_its_liquidation(self) -> None:
        filed = line("CN", {"9903.01.24": 1000, "9903.01.25": 1000})
        zone = entry(filed, on=D(2026, 3, 1), entry_type="06")
        assert {found.rule for found in entry_findings(zone, as_of=SUMMER)} == {"zone_rate_of_another_date"}
        scheduled = entry(
            line("VN", {"9903.02.68": 1500}), on=D(2025, 12, 1), liquidation_date=D(2026, 8, 14)
        )
        (found,) = entry_findings(scheduled, as_of=SUMMER)
        assert "can be filed to 2026-07-30 [" in (found.remedy or "")

    def test_nothing_is_told_twice(self) -> None:
        filed = entry(line("CN", {"9903.01.20": 1000, "9903.88.99": 5, "9903.01.25": 1000}))
        ours, theirs = entry_findings(filed, as_of=SUMMER), ieepa_duty(filed).findings
        assert "heading_not_in_force" in {finding.rule for finding in ours} & {
            finding.rule for finding in theirs
        }
        merged = merge_findings(ours, theirs)
        assert merged[: len(ours)] == ours
        told = [(finding.rule, finding.line_number) for finding in merged]
        assert told.count(("heading_not_in_force", 1)) == 1
        assert {finding.rule for finding in theirs} <= {finding.rule for finding in merged}


def test_bad_arguments_are_named() -> None:
    filed = line("CN", {"9903.01.24": 1000})
    with pytest.raises(FieldError, match="as_of") as error:
        line_findings(filed, D(2025, 7, 1), as_of="2026-07-01")  # type: ignore[arg-type]  # the point of the test
    assert error.value.column == "as_of"
    with pytest.raises(FieldError, match="liquidation_date") as error:
        line_findings(filed, D(2025, 7, 1), as_of=SUMMER, liquidation_date="soon")  # type: ignore[arg-type]  # the same
    assert error.value.column == "liquidation_date"
    with pytest.raises(FieldError, match="entry_type is '1'") as error:
        line_findings(filed, D(2025, 7, 1), as_of=SUMMER, entry_type="1")
    assert (error.value.column, error.value.value) == ("entry_type", "1")
    with pytest.raises(FieldError, match="entry_date is 2025-07-01T08:00:00, a clock time without a zone"):
        line_findings(filed, dt.datetime(2025, 7, 1, 8), as_of=SUMMER)
    with pytest.raises(FieldError, match="mode is 'ship'"):
        line_findings(filed, D(2025, 7, 1), as_of=SUMMER, mode="ship")


def test_a_specific_column_1_rate_given_by_the_user_counts() -> None:
    rate = Column1Rate(specific=Decimal("0.05"), quantity=Decimal(1000))
    filed = line("CN", {"9903.01.24": 0, "9903.01.25": 1000}, base="2050.00")
    found = findings(filed, D(2025, 7, 1), column1_rate=rate)["merged_duty"]
    assert "2,050.00 against 50.00, which is more by just the IEEPA duty of 2,000.00" in found.explanation


class TestTable:
    @pytest.mark.parametrize("rule", RULES)
    def test_every_rule_has_words_a_source_and_texts_that_ace_knows(self, rule: str) -> None:
        row = RULES[rule]
        assert Effect(row["effect"]) in (Effect.WARN, Effect.NOTE)
        assert cite(row["citation"])
        assert Standing(row["standing"])
        assert row["text"].endswith((".", "{other}"))
        assert row["remedy"].endswith(".")
        known = {known.ace_text for known in cape_rules().rules}
        assert set(row.get("cape", ())) <= known
        assert ("cape" in row) is ("cape_standing" in row)

    def test_every_rule_has_a_test_that_makes_it_fire(self) -> None:
        text = Path(__file__).read_text(encoding="utf-8")
        for rule in RULES:
            assert f'"{rule}"' in text


class TestMergedIntoTheOrdinaryRow:
    """CSMS 64235342: each duty stands on its own number. Column 1 asks for 250.00 here."""

    rows: ClassVar = {"9903.01.24": 0, "9903.01.25": 1000}

    def test_only_the_heading_without_duty_is_named(self) -> None:
        found = findings(line("CN", self.rows, base="2250.00"), JULY)["merged_duty"]
        assert found.explanation.startswith("No duty stands on 9903.01.24, while the chapter 1-97 number")
        # Nothing was paid on it, which is zero dollars and not an amount that is unknown.
        assert found.amount == 0

    def test_a_cent_too_much_is_rounding(self) -> None:
        assert "merged_duty" not in findings(line("CN", self.rows, base="250.01"), JULY)
        assert "merged_duty" in findings(line("CN", self.rows, base="250.02"), JULY)

    def test_by_just_the_duty_within_a_cent_for_each_heading(self) -> None:
        rows = {"9903.01.24": 0, "9903.01.25": 0}
        for base, just in (("3249.97", False), ("3249.98", True), ("3250.02", True), ("3250.03", False)):
            found = findings(line("CN", rows, base=base), JULY)["merged_duty"]
            assert ("more by just the IEEPA duty of 3,000.00" in found.explanation) is just, base

    def test_a_blank_heading_or_an_exemption_is_not_one_without_duty(self) -> None:
        # A blank is not zero, and a heading that exempts bears none.
        blank = findings(line("CN", {"9903.01.24": None, "9903.01.25": 1000}, base="2250.00"), JULY)
        assert "merged_duty" not in blank
        exempt = findings(line("VN", {"9903.01.32": 0}, base="2250.00"), JULY, exempt_under=[])
        assert "merged_duty" not in exempt


def test_usmca_speaks_of_the_fentanyl_duty_only() -> None:
    # CSMS 64649265: goods of Canada owe no reciprocal duty by origin (9903.01.26), USMCA or not.
    filed = line("CA", {"9903.01.14": 0, "9903.02.01": 4000}, base=0)
    found = findings(filed, D(2025, 12, 1), usmca=True)
    assert "duty_on_usmca_goods" not in found
    assert "9903.01.26 takes them out" in found["heading_not_for_these_goods"].explanation


DECEMBER = D(2025, 12, 1)
SEPTEMBER = D(2025, 9, 1)
MARCH = D(2025, 3, 10)
USMCA = {"usmca": True}


class TestEveryPartOfAFinding:
    """Rule, source, standing, amount, and the figures and numbers of the text."""

    @pytest.mark.parametrize(
        ("country", "rows", "on", "facts", "rule", "source", "standing", "amount", "told"),
        [
            (
                "CN", {"9903.01.20": 1000, "9903.01.24": 2000}, MARCH, {},
                "heading_not_in_force", "csms-69056483", "published", 1000,
                "9903.01.20 was not in force on 2025-03-10; it was in force from 2025-02-04 to 2025-03-03.",
            ),
            (
                "CN", {"9903.01.20": 1000, "9903.01.24": 2000}, MARCH, {},
                "both_fentanyl_steps", "csms-64299816", "published", 3000,
                "9903.01.20 and 9903.01.24: both stand on one line with duty, 3,000.00 together.",
            ),
            (
                "VN", {"9903.01.35": 2000, "9903.02.69": 2000}, DECEMBER, {},
                "unassigned_heading", "htsus-99-iii", "inferred", 2000,
                "9903.01.35 lies in the IEEPA range but never had a rate line. Duty on it, 2,000.00,",
            ),
            (
                "KR", {"9903.02.56": 1500}, DECEMBER, {},
                "heading_ended_retroactively", "htsus-99-2-v", "published", 1500,
                "Under 9903.02.80 1250.00 would be IEEPA duty, 250.00 less.",
            ),
            (
                "VN", {"9903.02.68": 1500}, DECEMBER, {},
                "heading_of_another_country", "htsus-99-iii", "published", 1500,
                "9903.02.68 is not for goods of VN on 2025-12-01; theirs is 9903.02.69. Duty paid on it, 1,500.00,",
            ),
            (
                "DE", {"9903.02.73": 1500}, DECEMBER, {},
                "heading_of_another_country", "htsus-99-iii", "published", 1500,
                "9903.02.73 is not for goods of DE on 2025-12-01; theirs is 9903.02.19, 9903.02.20.",
            ),
            (
                "VN", {"9903.02.69": 2000, "9903.01.77": 4000}, DECEMBER, {},
                "heading_of_another_country", "htsus-99-iii", "published", 4000,
                "9903.01.77 is not for goods of VN on 2025-12-01; they owe no such duty.",
            ),
            (
                "MX", {"9903.01.25": 1000, "9903.01.04": 0}, DECEMBER, USMCA,
                "reciprocal_on_canada_mexico", "csms-64649265", "published", 1000,
                "Goods of MX owe no reciprocal duty, USMCA or not; their heading is 9903.01.27.",
            ),
            (
                "RU", {"9903.01.25": 1000}, DECEMBER, {},
                "reciprocal_on_column_2", "htsus-99-2-v", "published", 1000,
                "their heading is 9903.01.29. Duty paid on 9903.01.25, 1,000.00,",
            ),
            (
                "MX", {"9903.01.01": 2500, "9903.01.27": 0}, DECEMBER, USMCA,
                "duty_on_usmca_goods", "csms-64336037", "published", 2500,
                "exempt under 9903.01.04 on 2025-12-01, yet 2,500.00 was paid on 9903.01.01.",
            ),
            (
                "VN", {"9903.01.25": 1000}, SEPTEMBER, {"mode": "air"},
                "in_transit_clause_not_met", "cbp-ieepa-faq", "published", 1000,
                "9903.01.25 is for goods in transit, and these are not: they came by air, not by vessel alone.",
            ),
            (
                "VN", {"9903.02.69": 2000}, DECEMBER, {"exempt_under": ["9903.01.32"]},
                "heading_not_for_these_goods", "htsus-99-iii", "published", 2000,
                "9903.02.69 is not for these goods: 9903.01.32 takes them out: exempt under 9903.01.32.",
            ),
            (
                "VN", {"9903.01.32": 2000}, DECEMBER, {},
                "exemption_heading_carries_duty", "ieepa-refund-base", "inferred", 2000,
                "9903.01.32 exempts goods from IEEPA duty, yet 2,000.00 stands on it.",
            ),
            (
                "CN", {"9903.01.24": 2000, "9903.01.63": 3400}, JULY, {},
                "suspended_heading_carries_duty", "csms-65029337", "published", 3400,
                "9903.01.63 was suspended on 2025-07-01 and collected nothing, yet 3,400.00 was paid on it.",
            ),
            (
                "CN", {"9903.01.24": 3000, "9903.01.25": 0}, JULY, {},
                "merged_headings", "csms-64235342", "inferred", 3000,
                "9903.01.24 carries the duty of two programmes, 3,000.00:",
            ),
            (
                "CN", {"9903.01.24": 2000, "9903.01.25": 1000}, D(2025, 11, 10), {},
                "duty_differs", "ieepa-refund-base", "inferred", 2000,
                "The duty on 9903.01.24 is 2,000.00, the table gives 1,000.00: 10 per cent of 10000.",
            ),
            (
                "CA", {"9903.01.16": 4000, "9903.01.10": 3500, "9903.01.26": 0}, SEPTEMBER, {},
                "in_lieu_heading_added", "htsus-99-2-m", "published", 7500,
                "9903.01.16 and 9903.01.10: both stand on one line with duty, 7,500.00 together.",
            ),
            (
                "VN", {"9903.01.25": 1000, "9903.02.69": 2000}, SEPTEMBER, {},
                "two_headings_of_one_programme", "htsus-99-iii", "inferred", 3000,
                "9903.01.25 and 9903.02.69: both stand on one line with duty, 3,000.00 together,",
            ),
            (
                "VN", {"9903.01.32": 0, "9903.01.34": 0, "9903.02.69": 2000}, DECEMBER, {},
                "exemption_beside_duty", "htsus-99-iii", "inferred", 2000,
                "9903.01.32, 9903.01.34 exempts the goods from the duty that was paid on 9903.02.69, 2,000.00,",
            ),
            (
                "KR", {}, D(2025, 12, 10), {},
                "missing_heading", "90-fr-55964", "inferred", None,
                "Goods of KR need a heading of the reciprocal duty on 2025-12-10, at least one that exempts them; "
                "the line has none. By origin alone it is 9903.02.79 and 9903.02.80.",
            ),
            (
                "CN", {"9903.01.20": 1000}, D(2025, 6, 1), {"entry_type": "31"},
                "heading_of_another_date", "19-cfr-141-68", "inferred", 1000,
                "9903.01.20 was not in force on the date of entry; it was in force from 2025-02-04 to 2025-03-03.",
            ),
            (
                "CN", {"9903.01.24": 1000}, D(2026, 3, 1), {"entry_type": "06"},
                "zone_rate_of_another_date", "19-cfr-146-65", "inferred", 1000,
                "9903.01.24 was not in force on the date of entry; it was in force from 2025-03-04 to 2026-02-23.",
            ),
        ],
    )  # fmt: skip
    def test_on_a_line(
        self,
        country: str,
        rows: dict[str, Any],
        on: dt.date,
        facts: dict[str, Any],
        rule: str,
        source: str,
        standing: str,
        amount: int | None,
        told: str,
    ) -> None:
        found = findings(line(country, rows), on, **facts)[rule]
        assert (found.citation.id, found.standing.value, found.amount, found.line_number) == (
            source, standing, amount, 1,
        )  # fmt: skip
        assert told in found.explanation

    def test_on_values_that_stand_on_the_wrong_row(self) -> None:
        rows = [
            TariffLine("9903.88.01", 10000, 12),
            TariffLine("9903.02.69", 500, 2000),
            TariffLine(BASE, 0, 0),
        ]
        found = findings(EntryLine(7, "VN", rows), DECEMBER, D(2026, 5, 1))
        assert {rule: (one.citation.id, one.amount, one.line_number) for rule, one in found.items()} == {
            "value_on_chapter_99_row": ("csms-64235342", 12, 7),
            "value_on_ieepa_row": ("cape-guides", 2000, 7),
            "value_off_ordinary_row": ("csms-69056483", None, 7),
        }
        assert "A value of 10,000.00 stands on 9903.88.01" in found["value_on_chapter_99_row"].explanation
        assert "A value of 500.00 stands on 9903.02.69" in found["value_on_ieepa_row"].explanation
        assert "while 9903.88.01 does (10,000.00)" in found["value_off_ordinary_row"].explanation
