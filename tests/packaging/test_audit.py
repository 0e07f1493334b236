"""The audit of what is installed: each check finds its fault, and this environment has none."""

from __future__ import annotations

from importlib.metadata import PathDistribution, distribution
from pathlib import Path

import pytest
from tests.packaging import audit
from tests.packaging.audit import (
    Installed,
    check_closure,
    check_licences,
    check_ranges,
    check_record,
    check_wheel,
    installed,
    main,
)

OURS = Installed("ieeparefund", "1.0", ("holidays>=0.60", 'rich>=13; extra == "cli"'), ("Apache-2.0",))
HOLIDAYS = Installed("holidays", "0.61", ("python-dateutil",), ("MIT",))
DATEUTIL = Installed("python-dateutil", "2.9", (), ("Apache Software License", "BSD License"))


def here(*found: Installed) -> dict[str, Installed]:
    return {one.name: one for one in found}


def test_ranges() -> None:
    assert check_ranges([], here(OURS, HOLIDAYS, DATEUTIL)) == []
    assert check_ranges([], here(OURS, HOLIDAYS)) == [
        "holidays needs python-dateutil, which is not installed."
    ]
    old = Installed("holidays", "0.59", (), ("MIT",))
    assert check_ranges([], here(OURS, old)) == ["ieeparefund needs holidays>=0.60, but 0.59 is installed."]
    (missing,) = check_ranges(["cli"], here(OURS, HOLIDAYS, DATEUTIL))
    assert missing.startswith("ieeparefund needs rich")


def test_nothing_beyond_what_is_declared() -> None:
    stray = Installed("left-pad", "1", (), ("MIT",))
    everything = here(OURS, HOLIDAYS, DATEUTIL, stray, Installed("pip", "1", (), ()))
    assert check_closure([], everything) == ["left-pad is installed, but nothing declared needs it."]
    assert check_closure([], everything, ["Left_Pad"]) == []


def test_an_extra_of_the_package_itself_is_followed() -> None:
    ours = Installed("ieeparefund", "1", ('ieeparefund[cli]; extra == "dev"', 'rich; extra == "cli"'), ())
    rich = Installed("rich", "13", (), ("MIT License",))
    assert check_closure(["dev"], here(ours, rich)) == []
    assert check_closure([], here(ours, rich)) == ["rich is installed, but nothing declared needs it."]


@pytest.mark.parametrize(
    ("licences", "said"),
    [
        (("MIT",), None),
        (("Apache-2.0 OR (BSD-3-Clause AND MIT)",), None),
        (("GNU General Public License v3 (GPLv3)",), "GNU General Public License v3"),
        (("MIT AND AGPL-3.0-only",), "AGPL-3.0-only"),
        ((), "no named licence"),
        (("",), "no named licence"),
    ],
)
def test_licences(licences: tuple[str, ...], said: str | None) -> None:
    faults = check_licences(here(Installed("thing", "1", (), licences)))
    assert len(faults) == (said is not None)
    assert said is None or said in faults[0]


def test_every_exception_is_one_and_has_a_reason() -> None:
    assert all(len(reason.split(": ", 1)) == 2 for reason in audit.EXCEPTIONS.values())
    needed = set(audit._closure((), installed()))
    assert not needed & set(audit.EXCEPTIONS)


def write(folder: Path, text: str, digest: str) -> PathDistribution:
    (folder / "thing.py").write_text(text, encoding="utf-8")
    head = folder / "thing-1.dist-info"
    head.mkdir(exist_ok=True)
    (head / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1\n", encoding="utf-8")
    (head / "RECORD").write_text(
        f"thing.py,sha256={digest},2\nthing-1.dist-info/RECORD,,\n", encoding="utf-8"
    )
    return PathDistribution(head)


def test_record(tmp_path: Path) -> None:
    # sha256 of "x\n", url-safe and without padding.
    right = "c8s4WKaHqElMozIwUwFigvPa051Cz2LKTnndoqrH2aw"
    found = write(tmp_path, "x\n", right)
    assert check_record(found) == []
    assert check_record(write(tmp_path, "y\n", right)) == ["thing.py is not the file of its RECORD."]
    (tmp_path / "thing.py").unlink()
    assert check_record(found) == ["thing.py is in RECORD, but not on the disk."]


def test_wheel() -> None:
    head = "Root-Is-Purelib: true\nTag: py3-none-any\n"
    assert check_wheel(["ieeparefund/a.py", "ieeparefund-1.dist-info/WHEEL"], head) == []
    assert len(check_wheel(["ieeparefund/a.so", "evil.pth", "other/b.py"], "Root-Is-Purelib: false")) == 5


def test_this_environment_holds_for_what_the_library_needs() -> None:
    found = installed()
    assert check_ranges([], found) == []
    needed = {"ieeparefund", *audit._closure((), found)}
    assert {"holidays", "python-dateutil"} < needed
    assert check_licences({name: one for name, one in found.items() if name in needed}) == []
    for name in sorted(needed):
        assert check_record(distribution(name)) == []


def test_the_command_says_what_does_not_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stray = Installed("left-pad", "1", (), ("MIT",))
    monkeypatch.setattr(audit, "installed", lambda: here(OURS, HOLIDAYS, DATEUTIL, stray))
    assert main(["--extra", ""]) == 1
    said = capsys.readouterr().out
    assert "nothing beyond what is declared: does not hold\n  left-pad" in said
    assert "licences on the list: holds" in said
    assert main(["--extra", "", "--allow", "left-pad"]) == 0
