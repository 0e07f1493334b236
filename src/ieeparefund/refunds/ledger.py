"""The ledger: which entry went on which declaration, its claim number and its result. One SQLite file.

The schema is plain and stays readable with any SQLite tool; `SCHEMA` below is its documentation. Every change
is one transaction, so a crash leaves the old or the new state. Two processes may use one ledger: the second
waits for the first.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

from ieeparefund.entries.entry import Entry
from ieeparefund.entries.entry_number import EntryNumber
from ieeparefund.entries.identifiers import mask_importer, mask_sentence
from ieeparefund.errors import FileFormatError
from ieeparefund.law.cape_rules import ONLY_ACE_KNOWS, ace_text_rules, is_known_ace_text
from ieeparefund.law.manifest import rules_version
from ieeparefund.money import to_cents
from ieeparefund.refunds.declarations import Declaration
from ieeparefund.refunds.estimate import RefundEstimate
from ieeparefund.refunds.preflight import Stop, StopReason

__all__ = ["SCHEMA", "TEXTS_APART", "Ledger", "Result", "ResultState", "facts_fingerprint"]

VERSION = 1
TEXTS_APART = "; "
"""What keeps several texts of ACE for one entry apart in `Result.ace_text`."""
SCHEMA = """
-- One row: the version of this schema.
CREATE TABLE ledger (version INTEGER NOT NULL);
-- One row for each upload file. Dates are ISO text, amounts whole cents, sha256 is of the file's bytes.
CREATE TABLE declaration (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file_name TEXT NOT NULL, folder TEXT NOT NULL, sha256 TEXT NOT NULL,
  as_of TEXT NOT NULL, rules_version TEXT NOT NULL, group_name TEXT,
  entries INTEGER NOT NULL, principal_cents INTEGER NOT NULL, interest_cents INTEGER NOT NULL);
-- One row for each entry on a declaration. facts_sha256 tells whether the facts of the entry changed later.
CREATE TABLE declared_entry (
  declaration_id INTEGER NOT NULL REFERENCES declaration(id), entry_number TEXT NOT NULL,
  principal_cents INTEGER NOT NULL, interest_cents INTEGER NOT NULL, facts_sha256 TEXT NOT NULL,
  PRIMARY KEY (declaration_id, entry_number));
CREATE INDEX declared_entry_number ON declared_entry (entry_number);
-- What CBP answered for the entry on that declaration. state is accepted or rejected, claim_number and ace_text
-- are blank where not known. The row with the highest id is the latest. declaration_id 0 means that the entry
-- was declared elsewhere.
CREATE TABLE result (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  declaration_id INTEGER NOT NULL, entry_number TEXT NOT NULL,
  claim_number TEXT NOT NULL, state TEXT NOT NULL, ace_text TEXT NOT NULL, recorded_on TEXT NOT NULL,
  UNIQUE (declaration_id, entry_number, claim_number, state, ace_text));
CREATE INDEX result_entry_number ON result (entry_number);
"""
_TABLES = ("declaration", "declared_entry", "result")
_WAIT_SECONDS = 60.0
_ELSEWHERE = 0


class ResultState(StrEnum):
    """What CBP said of an entry on a declaration."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Result:
    """CBP's answer for one entry: the claim number and, where rejected, the words ACE printed."""

    number: EntryNumber
    state: ResultState
    claim_number: str | None = None
    ace_text: str | None = None


def facts_fingerprint(entry: Entry) -> str:
    """Return a sha256 over the facts of an entry, to tell later whether one of them changed."""
    text = json.dumps(asdict(entry), default=str, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Ledger:
    """An open ledger. Use it as a context manager, or call `close`. Made by `Ledger.open`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: Path | str) -> Ledger:
        """Open the ledger at `path`, or make a new one there.

        Raises `FileFormatError` for a file that is no ledger, or one of a later version of this package.
        """
        place = Path(path)
        connection = sqlite3.connect(place, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            cls._prepare(connection, place)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise FileFormatError(
                f"the ledger cannot be read: {error}.",
                remedy="Give the path of a ledger, or of a file that does not exist yet.",
                file=str(place),
            ) from None
        except BaseException:
            connection.close()
            raise
        return cls(connection, place)

    @staticmethod
    def _prepare(connection: sqlite3.Connection, place: Path) -> None:
        connection.execute("BEGIN IMMEDIATE")
        tables = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if not tables:
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute("INSERT INTO ledger VALUES (?)", (VERSION,))
        connection.execute("COMMIT")
        found = connection.execute("SELECT version FROM ledger").fetchone()[0]
        if found != VERSION:
            raise FileFormatError(
                f"the ledger is of version {found}, this package reads version {VERSION}.",
                remedy="Update ieeparefund.",
                file=str(place),
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the ledger for writing: nobody else changes it until the block ends, and all of it counts or
        none."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def next_id(self) -> int:
        """Return the number the next declaration will have."""
        row = self._connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'declaration'"
        ).fetchone()
        return 1 if row is None else int(row[0]) + 1

    def add_declaration(self, declaration: Declaration, *, file_name: str, folder: str, sha256: str) -> int:
        """Record a declaration with its entries; call it inside `transaction`. Returns its number."""
        cursor = self._connection.execute(
            "INSERT INTO declaration (file_name, folder, sha256, as_of, rules_version, group_name, entries,"
            " principal_cents, interest_cents) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                file_name,
                folder,
                sha256,
                declaration.as_of.isoformat(),
                rules_version(),
                mask_importer(declaration.group),
                len(declaration.estimates),
                to_cents(declaration.principal),
                to_cents(declaration.interest),
            ),
        )
        identifier = int(cursor.lastrowid or 0)
        self._connection.executemany(
            "INSERT INTO declared_entry VALUES (?, ?, ?, ?, ?)",
            [
                (
                    identifier,
                    estimate.entry.number.compact,
                    to_cents(estimate.refundable_duty),
                    to_cents(estimate.interest),
                    facts_fingerprint(estimate.entry),
                )
                for estimate in declaration.estimates
            ],
        )
        return identifier

    def record(self, results: Iterable[Result], *, recorded_on: dt.date) -> int:
        """Record CBP's answers; the same answer again changes nothing. Returns how many were new.

        An answer for an entry that no declaration of this ledger holds is kept as well: somebody else, such as
        the broker, declared it, and what CBP accepted must not be declared again.
        """
        new = 0
        with self.transaction():
            for result in results:
                cursor = self._connection.execute(
                    "INSERT OR IGNORE INTO result"
                    " (declaration_id, entry_number, claim_number, state, ace_text, recorded_on)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        self._declaration_of(result),
                        result.number.compact,
                        result.claim_number or "",
                        result.state.value,
                        mask_sentence(result.ace_text or ""),
                        recorded_on.isoformat(),
                    ),
                )
                new += cursor.rowcount
        return new

    def _declaration_of(self, result: Result) -> int:
        """The declaration an answer belongs to: the one its claim number was seen for, else the latest."""
        if result.claim_number:
            row = self._connection.execute(
                "SELECT declaration_id FROM result WHERE entry_number = ? AND claim_number = ? LIMIT 1",
                (result.number.compact, result.claim_number),
            ).fetchone()
            if row is not None:
                return int(row[0])
        return self._latest_declaration(result.number)[0]

    def _latest_declaration(self, number: EntryNumber) -> tuple[int, str]:
        row = self._connection.execute(
            "SELECT declaration_id, facts_sha256 FROM declared_entry WHERE entry_number = ?"
            " ORDER BY declaration_id DESC LIMIT 1",
            (number.compact,),
        ).fetchone()
        return (_ELSEWHERE, "") if row is None else (int(row[0]), str(row[1]))

    def reason_to_leave_out(self, estimate: RefundEstimate) -> StopReason | None:
        """Return why an entry is not declared again, `None` where it may be.

        Left out: an entry CBP accepted; one that was declared and has no answer yet; one that was rejected
        where neither the fact behind the rejection nor the rule has changed since.
        """
        declaration, fingerprint = self._latest_declaration(estimate.entry.number)
        answer = self._answer(estimate.entry.number, declaration)
        if answer is None and declaration == _ELSEWHERE:
            return None
        if answer is None:
            return StopReason(
                Stop.DECLARED,
                f"It is on declaration {declaration}, which has no result yet.",
                "Record the claim details of that declaration first.",
            )
        result, answered_on = answer
        if result.state is ResultState.ACCEPTED:
            return StopReason(
                Stop.DECLARED,
                f"CBP accepted it on claim {result.claim_number or 'unknown'}.",
                "Follow the refund; an accepted entry cannot be declared again.",
            )
        if _mended(estimate, result, fingerprint, answered_on):
            return None
        return StopReason(
            Stop.DECLARED,
            f"CBP rejected it with {result.ace_text}, and nothing in the entry or the rule has changed since.",
            "Mend the cause, give the changed fact, and declare it again.",
        )

    def _answer(self, number: EntryNumber, declaration: int) -> tuple[Result, dt.date] | None:
        row = self._connection.execute(
            "SELECT state, claim_number, ace_text, recorded_on FROM result"
            " WHERE entry_number = ? AND declaration_id = ? ORDER BY id DESC LIMIT 1",
            (number.compact, declaration),
        ).fetchone()
        if row is None:
            return None
        result = Result(number, ResultState(row[0]), row[1] or None, row[2] or None)
        return result, dt.date.fromisoformat(row[3])

    def export(self) -> dict[str, list[dict[str, Any]]]:
        """Return every table as rows of plain values, in the order they were written."""
        return {
            name: [
                dict(zip([column[0] for column in cursor.description], row, strict=True))
                for cursor in [self._connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2")]  # noqa: S608
                for row in cursor
            ]
            for name in _TABLES
        }


def _mended(estimate: RefundEstimate, result: Result, fingerprint: str, answered_on: dt.date) -> bool:
    """Whether a rejected entry may be listed again: its cause is mended, or a rule behind the text is gone.

    Mended means that the facts given have changed since, and that none of the facts the rule tests is still
    unknown (what only ACE sees cannot be told here; there the change alone counts).
    """
    if result.ace_text is None:
        return True
    changed = facts_fingerprint(estimate.entry) != fingerprint
    return all(
        _text_mended(estimate, text, changed, answered_on) for text in result.ace_text.split(TEXTS_APART)
    )


def _text_mended(estimate: RefundEstimate, text: str, changed: bool, answered_on: dt.date) -> bool:
    rules = ace_text_rules(text, estimate.as_of)
    if not rules and is_known_ace_text(text):
        return True
    # Several rules print one text. Where one of them has ended, it may be the one that refused the entry.
    now = {rule.id for rule in rules}
    if any(rule.id not in now for rule in ace_text_rules(text, answered_on)):
        return True
    tested = {name for rule in rules for name, _ in rule.when} - {ONLY_ACE_KNOWS}
    return changed and all(getattr(estimate.eligibility.facts, name) is not None for name in tested)
