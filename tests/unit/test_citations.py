"""The citation registry: look-up, printing, and that no row is empty."""

from __future__ import annotations

import pickle
import tomllib

import pytest

from ieeparefund.errors import IeepaRefundError
from ieeparefund.law.citations import Citation, Standing, cite, table_text
from ieeparefund.law.manifest import rules_version

REGISTRY = tomllib.loads(table_text("citations.toml"))


def test_a_citation_prints_as_a_lawyer_writes_it() -> None:
    citation = cite("19-usc-1501")
    assert str(citation) == citation.text == "19 U.S.C. 1501; 19 CFR 173.3"
    assert citation.title == "CBP may reliquidate within 90 days of the original liquidation"
    assert citation.standing is Standing.PUBLISHED


def test_what_is_inferred_says_so() -> None:
    assert cite("cbp-liquidation-cycle").standing is Standing.INFERRED


def test_a_rule_without_source_is_a_defect() -> None:
    with pytest.raises(IeepaRefundError, match=r"citation 'hearsay' is not in law/tables/citations\.toml"):
        cite("hearsay")


@pytest.mark.parametrize("identifier", REGISTRY)
def test_every_row_is_whole(identifier: str) -> None:
    assert set(REGISTRY[identifier]) == {"text", "title", "standing"}
    citation = cite(identifier)
    assert citation.id == identifier
    assert citation.text == citation.text.strip() != ""
    assert citation.title == citation.title.strip() != ""
    assert citation.standing in (Standing.PUBLISHED, Standing.INFERRED)


def test_no_source_is_registered_twice() -> None:
    rows = [(row["text"], row["title"]) for row in REGISTRY.values()]
    assert len(set(rows)) == len(rows)


def test_one_object_per_citation_and_a_round_trip() -> None:
    assert cite("19-usc-1514") is cite("19-usc-1514")
    assert pickle.loads(pickle.dumps(cite("19-usc-1514"))) == cite("19-usc-1514")


def test_a_citation_is_published_unless_it_says_otherwise() -> None:
    assert Citation("x", "text", "title").standing is Standing.PUBLISHED


def test_tables_are_read_by_name() -> None:
    assert table_text("clocks.toml").startswith("# The legal clocks")
    with pytest.raises(FileNotFoundError):
        table_text("no_such_table.toml")


def test_the_version_of_the_rules_is_that_of_the_manifest() -> None:
    assert rules_version() == tomllib.loads(table_text("manifest.toml"))["version"]
