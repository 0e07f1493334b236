"""Entry summary query answers of ABI (application ER) into entries, straight from a broker's system.

Layouts stand in `abi_records`, codes in `abi_codes`. The layouts carry no country of origin, so the lines of
these entries have none. A bad record is reported by its line and leaves out its whole entry, never the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ieeparefund.ace.abi_entry import AbiSummary, build_summary
from ieeparefund.ace.abi_lines import record_lines
from ieeparefund.ace.abi_records import RECORDS, parse_record, shown_record
from ieeparefund.ace.abi_states import AbiRecord
from ieeparefund.ace.file_repairs import FileRepair, FileRepairKind
from ieeparefund.entries.entry import Entry
from ieeparefund.errors import FileFormatError, InputError
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits, too_much
from ieeparefund.money import exactly, from_cents
from ieeparefund.problems import ExcludedRows, Exclusion, RowProblem, Totals

__all__ = ["AbiFile", "read_query_output"]

# The control records of a transmission and its blocks; their first character is the identifier.
_ENVELOPE = re.compile(r"[ABYZ][0-9A-Z ]")
# Condition records, by which CBP answers that a query failed.
_MESSAGE = re.compile(r"E[0-9]")
# The detail records of the entry summary (AE) that hold nothing an `Entry` keeps, such as fees.
_DETAIL = re.compile(r"[0-9]{2}")


@dataclass(frozen=True, slots=True)
class AbiFile:
    """What a query answer held.

    `summaries` are the entry summaries in the order of the file, each with its `Entry` and what else the
    answer tells; `problems` name the line (from 1) and the columns of what could not be used; `repairs` what
    was changed or left out for a reason. `totals` count records: those of `summaries` and the control records
    of the transmission are used; a bad record excludes all records of its entry; duty is that of the
    50-records.
    """

    file: str
    summaries: tuple[AbiSummary, ...]
    problems: tuple[RowProblem, ...]
    repairs: tuple[FileRepair, ...]
    totals: Totals

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries, in the order of the file."""
        return tuple(summary.entry for summary in self.summaries)


@dataclass(slots=True)
class _Group:
    """The records of one entry summary, from its JB to the next."""

    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    cents: int = 0
    unreadable: int = 0
    summary: AbiSummary | None = None
    torn: int | None = None


class _Reading:
    """One pass over the lines of a file."""

    def __init__(self, file: str, require_lines: bool, check_totals: bool, limits: ReadLimits) -> None:
        self.file = file
        self.limits = limits
        self.require_lines = require_lines
        self.check_totals = check_totals
        self.groups: list[_Group] = []
        self.problems: list[RowProblem] = []
        self.repairs: list[FileRepair] = []
        self.open = False
        self.read = self.control = self.blank = self.stray = 0

    def take(self, row: int, text: str) -> None:
        """Put one line where it belongs."""
        self.read += 1
        kind = text[:2]
        if not text.strip():
            self.blank += 1
        elif kind == "JB":
            self.groups.append(_Group([row], [text]))
            self.open = True
        elif _ENVELOPE.match(text):
            self.control += 1
            self.open = False
        elif _MESSAGE.match(text):
            self.open = False
            self._stray(
                row, text, "CBP's answer carries a message.", "Read it; the entry it speaks of is not here."
            )
        elif self.groups:
            group = self.groups[-1]
            group.rows.append(row)
            group.texts.append(text)
            # Nothing of an entry follows a control record or a message: that one may be a spoilt record.
            if not self.open and group.torn is None:
                group.torn = row
        else:
            self._stray(
                row,
                text,
                f"record {kind} stands before any JB.",
                "Ask ACE again: the JB of the entry is lost.",
            )

    def _stray(self, row: int, text: str, problem: str, remedy: str) -> None:
        self.stray += 1
        self._problem(RowProblem(self.file, row, text[:2], shown_record(text), problem, remedy))

    def _problem(self, problem: RowProblem) -> None:
        if len(self.problems) >= self.limits.problems:
            raise too_much("problems", self.limits, file=self.file, row=problem.row)
        self.problems.append(problem)

    def _fault(self, group: _Group, error: InputError, number: str | None) -> None:
        count = len(group.rows)
        self._problem(
            RowProblem(
                self.file,
                error.row or group.rows[0],
                error.column or "",
                error.value or "",
                error.problem,
                f"{error.remedy} The entry ({count} record{'s' * (count > 1)}) is left out.".lstrip(),
                entry_number=number,
            )
        )

    def finish(self, group: _Group) -> None:
        """Read the records of a group; with none bad, make its summary."""
        records: list[AbiRecord] = []
        number: str | None = None
        bad = False
        for row, text in zip(group.rows, group.texts, strict=True):
            kind = text[:2]
            try:
                if kind not in RECORDS and not _DETAIL.match(kind):
                    raise InputError(
                        f"record {kind!r} is not known.",
                        remedy="Check the line.",
                        column=kind,
                        value=shown_record(text),
                    )
                record = AbiRecord(row, kind, parse_record(text))
            except InputError as error:
                error.row = row
                self._fault(group, error, number)
                group.unreadable += kind == "50"
                bad = True
                continue
            records.append(record)
            if kind == "JB":
                number = f"{record.text('filer code') or ''}{record.text('entry number') or ''}"
            elif kind == "50":
                group.cents += record.whole("duty") or 0
        if not bad:
            try:
                if group.torn is not None:
                    raise InputError(
                        "the records of the entry are torn apart by a control record or a message.",
                        remedy="Ask ACE again: a record may be spoilt.",
                        row=group.torn,
                    )
                group.summary = build_summary(
                    records, require_lines=self.require_lines, check_totals=self.check_totals
                )
            except InputError as error:
                self._fault(group, error, number)

    def settle_repeats(self) -> set[int]:
        """Keep one summary an entry: repeats and older versions are dropped, contradictions are problems.

        Returns the places of the groups that were dropped.
        """
        places: dict[str, list[int]] = {}
        for place, group in enumerate(self.groups):
            if group.summary:
                places.setdefault(group.summary.entry.number.compact, []).append(place)
        dropped: set[int] = set()
        for number, found in places.items():
            if len(found) > 1:
                dropped |= self._settle(number, found)
        return dropped

    def _settle(self, number: str, found: list[int]) -> set[int]:
        newest = max(self._version(place) for place in found)
        kept = [place for place in found if self._version(place) == newest]
        dropped = set(found) - set(kept)
        for place in sorted(dropped):
            row = self.groups[place].rows[0]
            self.repairs.append(FileRepair(FileRepairKind.OLDER_VERSION, row, number))
        first = self.groups[kept[0]]
        for place in kept[1:]:
            group = self.groups[place]
            if [text.rstrip() for text in group.texts] != [text.rstrip() for text in first.texts]:
                for other in kept:
                    rival = self.groups[other]
                    self._fault(
                        rival,
                        InputError(
                            f"entry {number} stands {len(kept)} times with different records.",
                            remedy="Keep the newer answer.",
                            row=rival.rows[0],
                            column="JB 8-15 entry number",
                            value=number,
                        ),
                        number,
                    )
                return set(found)
        for place in kept[1:]:
            self.repairs.append(FileRepair(FileRepairKind.REPEAT, self.groups[place].rows[0], number))
        return dropped | set(kept[1:])

    def _version(self, place: int) -> str:
        summary = self.groups[place].summary
        return (summary.version if summary and summary.version else "").zfill(5)

    def result(self) -> AbiFile:
        """Read all groups and add up."""
        for group in self.groups:
            self.finish(group)
        dropped = self.settle_repeats()
        used = [g for place, g in enumerate(self.groups) if g.summary and place not in dropped]
        left = [g for place, g in enumerate(self.groups) if not g.summary or place in dropped]
        excluded = (
            ExcludedRows(Exclusion.BLANK, self.blank, from_cents(0)),
            ExcludedRows(Exclusion.BAD, self.stray, from_cents(0)),
            ExcludedRows(
                Exclusion.ENTRY, sum(len(g.rows) for g in left), from_cents(sum(g.cents for g in left))
            ),
        )
        return AbiFile(
            self.file,
            tuple(g.summary for g in used if g.summary),
            tuple(sorted(self.problems, key=lambda problem: problem.row)),
            tuple(self.repairs),
            Totals(
                rows_read=self.read,
                rows_used=self.control + sum(len(g.rows) for g in used),
                duty_read=from_cents(sum(g.cents for g in self.groups)),
                duty_used=sum(
                    (
                        tariff.duty
                        for g in used
                        if g.summary
                        for line in g.summary.entry.lines
                        for tariff in line.tariffs
                        if tariff.duty
                    ),
                    from_cents(0),
                ),
                duty_unreadable=sum(g.unreadable for g in self.groups),
                excluded=tuple(group for group in excluded if group.rows),
            ),
        )


@exactly
def read_query_output(
    source: str | os.PathLike[str] | Iterable[str],
    *,
    require_lines: bool = True,
    check_totals: bool = True,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> AbiFile:
    """Read an entry summary query answer from a file, or from an iterable of its records.

    Text and path objects are paths; a list or an open text file gives records. The records may stand one a
    line or follow each other every 80 columns; blanks cut off their end do not matter. With `require_lines`
    (the default) an entry without line details is left out with a problem, because its duty is not known;
    without it such entries come with no lines, for their states alone. With `check_totals` (the default) an
    entry whose 90-record gives another duty than its 50-records together is left out; without it a note says so.

    Dates have two-digit years: 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069.
    Where an entry stands more than once, the highest version counts; equal records are dropped; different
    records of one version leave the entry out.

    Raises `LimitError` past a limit, `FileFormatError` for a file that cannot be opened, is empty or holds no JB
    record and no message.
    """
    file, lines, repairs = record_lines(source, limits)
    reading = _Reading(file, require_lines, check_totals, limits)
    reading.repairs += repairs
    for row, text in enumerate(lines, start=1):
        reading.take(row, text)
    if reading.read == reading.blank:
        raise FileFormatError("is empty.", remedy="Save the answer of the query.", file=file)
    if not reading.groups and any(not _MESSAGE.match(problem.column) for problem in reading.problems):
        raise FileFormatError(
            "holds no JB record: it is not an answer to an entry summary query.",
            remedy="Save the ER output as sent, 80 columns a record.",
            file=file,
        )
    return reading.result()
