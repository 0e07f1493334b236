"""Files made to do harm: bombs, vast fields, links, devices. Each is refused, in bounded memory and time."""

from __future__ import annotations

import io
import os
import socket
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hostile.corpus import GOOD, TEXTS, WORKBOOKS, bomb, many_parts, sheet
from tests.hostile.seeds import parts_of, with_sheet, workbook
from tests.hostile.targets import LIMITS, READERS

from ieeparefund.ace.abi import read_query_output
from ieeparefund.ace.cape_declaration import read_declaration
from ieeparefund.ace.claim_details import read_claim_details
from ieeparefund.ace.es003 import read_entries
from ieeparefund.ace.offsets import read_offsets
from ieeparefund.errors import FieldError, FileFormatError, LimitError
from ieeparefund.inputs.files import read_file
from ieeparefund.inputs.limits import DEFAULT_LIMITS, ReadLimits, too_much

MIB = 1 << 20
BOUND = 40 * MIB


@pytest.fixture
def given(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(data: bytes) -> Path:
        path = tmp_path / "given.csv"
        path.write_bytes(data)
        return path

    return write


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks_are_refused(name: str, given: Callable[[bytes], Path]) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
    make, words = WORKBOOKS[name]
    path = given(make())
    limits = LIMITS if "bomb" not in name else ReadLimits()
    began = time.perf_counter()

    def read() -> None:
        with pytest.raises(FileFormatError, match=words) as caught:
            read_entries(path, limits=limits)
        assert caught.value.file == str(path)
        assert caught.value.remedy

    assert peak_of(read) < BOUND
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_refused(name: str, given: Callable[[bytes], Path]) -> None:
    make, words = TEXTS[name]
    limits = (
        LIMITS
        if "past the limit" in name or "never ends" in name
        else ReadLimits(rows=20_000, columns=2_000, problems=5_000)
    )
    with pytest.raises(FileFormatError, match=words) as caught:
        read_entries(given(make()), limits=limits)
    assert caught.value.remedy


def test_a_field_of_64_mib_is_refused_within_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "vast.csv"
    with path.open("wb") as file:
        file.write(GOOD.encode())
        for _ in range(64):
            file.write(b"x" * MIB)

    def read() -> None:
        with pytest.raises(LimitError, match="characters of a row") as caught:
            read_entries(path)
        assert caught.value.row == 3

    assert peak_of(read) < BOUND


def test_limits_are_inclusive(given: Callable[[bytes], Path]) -> None:
    path = given(GOOD.encode())
    width = len(GOOD.splitlines()[0].split(","))
    size = path.stat().st_size
    just = ReadLimits(rows=2, columns=width, file_bytes=size, row_characters=len(GOOD.splitlines()[0]))
    assert read_entries(path, limits=just).totals.rows_used == 1
    for name in ("rows", "columns", "file_bytes", "row_characters"):
        less = {name: getattr(just, name) - 1}
        with pytest.raises(LimitError, match=f"ReadLimits\\({name}="):
            read_entries(path, limits=ReadLimits(**less))


def test_a_limit_is_a_whole_number_from_1() -> None:
    for value in (0, -1, True, 1.5, "9", 1 << 63, 10**5000):
        with pytest.raises(FieldError, match="the limit rows is"):
            ReadLimits(rows=value)  # type: ignore[arg-type]  # the mistakes the error is for
    with pytest.raises(FieldError, match="unchecked_workbooks"):
        ReadLimits(unchecked_workbooks=1)  # type: ignore[arg-type]  # the same
    for text in ("rows", "rows=", "rows=-1", "rows=1e3", "rows=１", "lines=5", "=5", "rows=" + "9" * 20):
        with pytest.raises(FieldError, match="is no limit"):
            ReadLimits.parse([text])
    assert ReadLimits.parse(["rows=7", "columns=8", "rows=9"]) == ReadLimits(rows=9, columns=8)
    assert ReadLimits.parse([]) == DEFAULT_LIMITS


def test_an_error_past_a_limit_names_everything() -> None:
    error = too_much("columns", ReadLimits(columns=5), 9, file="a.csv", sheet="S", row=3, column="4")
    assert str(error).startswith(
        "file a.csv, sheet S, row 3, column 4: too many cells of a row: 9, more than the limit of 5."
    )
    assert (error.value, too_much("rows", ReadLimits()).value) == ("9", None)


SPECIAL = ("folder", "device", "pipe", "loop", "socket", "nowhere")


@pytest.fixture
def special(tmp_path: Path) -> Callable[[str], Path]:
    def make(kind: str) -> Path:
        path = tmp_path / f"{kind}.csv"
        if kind == "folder":
            path.mkdir()
        elif kind == "device":
            path.symlink_to("/dev/zero")
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "loop":
            path.symlink_to(path)
        elif kind == "socket":
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(str(path))
        return path

    return make


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes of this kind are of POSIX")
@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("reader", sorted(set(READERS) - {"cape_rules"}))
def test_only_regular_files_are_read(
    reader: str, kind: str, special: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in {
        "exhibit": ("jinja2", "python_calamine"),
        "columns": ("pyarrow",),
    }.get(reader.split("_")[0], ()):
        pytest.importorskip(module, reason="an extra is not installed")
    path = special(kind)
    monkeypatch.setattr("tests.hostile.targets.given", lambda _data, name: _named(path, name))
    with pytest.raises(FileFormatError, match=r"it is a (folder|device|pipe)|cannot be opened"):
        READERS[reader](b"")


def _named(path: Path, name: str) -> Path:
    """The special file under a name with the end the reader wants."""
    wanted = path.with_suffix(Path(name).suffix)
    return path.rename(wanted) if path.is_symlink() or path.exists() else wanted


def test_a_link_to_a_regular_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert read_entries(tmp_path / "link.csv").totals.rows_used == 1


@pytest.mark.parametrize("path", ["a\0b", "\ud800"])
def test_paths_no_file_can_have(path: str) -> None:
    for read in (read_entries, read_query_output, read_declaration):
        with pytest.raises(FileFormatError, match=r"is no path|cannot be opened"):
            read(path)  # type: ignore[operator]  # three readers of a path


@pytest.mark.skipif(not os.path.exists("/proc/self/limits"), reason="there is no /proc")
def test_a_file_of_the_system_that_says_it_is_empty() -> None:
    assert read_file("/proc/self/limits")
    with pytest.raises(LimitError, match="too many bytes of a file"):
        read_file("/proc/self/limits", ReadLimits(file_bytes=5))


def test_a_sheet_within_the_limits_but_written_oddly_is_read(given: Callable[[bytes], Path]) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
    cells, values = (
        b"".join(b"<x:c t='str'><x:v>%s</x:v></x:c>" % text.encode() for text in line.split(","))
        for line in GOOD.splitlines()
    )
    odd = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b"<x:row>" + cells + b"</x:row><x:row>" + values + b"</x:row></x:sheetData></x:worksheet>"
    )
    found = read_entries(given(with_sheet(odd)))
    assert str(found.totals.duty_used) == "100.00"


def test_a_workbook_may_grow_as_far_as_the_limit(given: Callable[[bytes], Path]) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
    path = given(bomb(20 * MIB))
    with pytest.raises(LimitError, match="zip_ratio"):
        read_entries(path)
    with pytest.raises(LimitError, match="unzipped_bytes"):
        read_entries(path, limits=ReadLimits(zip_ratio=10_000, unzipped_bytes=MIB))
    with pytest.raises(FileFormatError, match="none of the first 25 rows"):
        read_entries(path, limits=ReadLimits(zip_ratio=10_000))


def test_the_directory_is_measured_before_it_is_read(given: Callable[[bytes], Path]) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
    with pytest.raises(LimitError, match="parts of a workbook: more than the limit of 5"):
        read_entries(given(many_parts()), limits=ReadLimits(workbook_parts=5))


def test_a_long_text_that_few_cells_name_is_read(given: Callable[[bytes], Path]) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
    cells = b"".join(b'<c r="A%d" t="s"><v>1</v></c>' % at for at in range(1, 5001))
    texts = b"<sst><six/><si><t>" + b"x" * 10_000 + b"</t></si><si><t>y</t></si></sst>"
    path = given(with_sheet(sheet(cells), sharedStrings=texts))
    with pytest.raises(FileFormatError, match="none of the first 25 rows"):
        read_entries(path, limits=LIMITS)


def test_old_workbooks_are_handed_to_the_reader_where_asked(given: Callable[[bytes], Path]) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    path = given(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with pytest.raises(FileFormatError, match=r"cannot be read as a workbook: (?!it is an \.xls)"):
        read_entries(path, limits=ReadLimits(unchecked_workbooks=True))


def test_what_the_user_stops_is_no_fault_of_the_file(
    given: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    calamine = pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")

    def stopped(error: BaseException) -> type:
        def from_path(_path: str) -> None:
            raise error

        return type("Stopped", (), {"from_path": staticmethod(from_path)})

    path = given(workbook())
    monkeypatch.setattr(calamine, "CalamineWorkbook", stopped(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        read_entries(path)
    panic = type("PanicException", (BaseException,), {})
    monkeypatch.setattr(calamine, "CalamineWorkbook", stopped(panic("out of range")))
    with pytest.raises(FileFormatError, match="cannot be read as a workbook: out of range"):
        read_entries(path)


def test_a_quoted_row_past_the_limit_of_its_characters(given: Callable[[bytes], Path]) -> None:
    path = given((GOOD + '"' + "x\n" * 1000).encode())
    with pytest.raises(LimitError, match="characters of a row"):
        read_entries(path, limits=ReadLimits(row_characters=1000))


def test_reports_past_a_limit_in_their_first_rows(given: Callable[[bytes], Path]) -> None:
    path = given(b"x," * 3000 + b"\n")
    for read in (read_claim_details, read_offsets):
        with pytest.raises(LimitError, match="cells of a row"):
            read(path, limits=LIMITS)  # type: ignore[operator]  # two readers of a path


def test_a_workbook_that_is_not_packed_is_read(given: Callable[[bytes], Path]) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {**parts_of(workbook()), "odd.xml": b"<six/>"}.items():
            archive.writestr(name, content)
    assert len(read_entries(given(out.getvalue())).entries) == 2


def test_a_part_that_cannot_be_unzipped(given: Callable[[bytes], Path]) -> None:
    pytest.importorskip("python_calamine", reason="the excel extra is not installed")
    pytest.importorskip("xlsxwriter", reason="the excel extra is not installed")
    data = bytearray(workbook())
    name, extra = struct.unpack_from("<HH", data, 26)
    data[30 + name + extra] = 0xFF  # no block of deflate begins so
    with pytest.raises(FileFormatError, match="a part cannot be unzipped"):
        read_entries(given(bytes(data)))
