"""No command opens a socket, starts a process, writes outside what it was given, or looks around on the computer.

The commands come from the application itself: a new one without a line in `COMMANDS` fails the test.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

typer = pytest.importorskip("typer", reason="the cli extra is not installed")
for _module, _extra in (
    ("mcp", "mcp"),
    ("jinja2", "report"),
    ("python_calamine", "excel"),
    ("pyarrow", "arrow"),
):
    pytest.importorskip(_module, reason=f"the {_extra} extra is not installed")

from ieeparefund.cli.app import app  # noqa: E402  # after the checks that its libraries are there

EXAMPLES = Path(__file__).parents[2] / "examples"
WATCHED = Path(__file__).with_name("watched.py")
AS_OF = ("--as-of", "2026-05-15")
ASKED = (*AS_OF, "--payee", "corporation")
BOOK, CLAIMS = "es003_small.csv", "claim_details.csv"
ENTRY = "009-6131459-8"
REPORT_MAP = (
    'report = "ES-022"\n[columns]\nrefund_number = "Refund"\nentry_number = "Entry"\ntotal = "Total"\n'
)
BANK_MAP = 'report = "bank"\n[columns]\ndate = "Date"\namount = "Amount"\n'
# By command, in the order in which they run: calls, each of which may write below `out` alone.
COMMANDS: dict[str, list[tuple[str, ...]]] = {
    "estimate": [
        *(("estimate", BOOK, *ASKED, "--format", form) for form in ("table", "json", "csv")),
        ("estimate", BOOK, *ASKED, "--engine", "columns", "--format", "json", "--output", "out/e.json"),
        ("estimate", BOOK, *ASKED, "--column1", "schedule", "--format", "csv", "--output", "out/e.csv"),
        ("estimate", "broken.csv", *ASKED),
        ("estimate", "missing.csv", *ASKED),
    ],
    "explain": [("explain", BOOK, "--entry", ENTRY, *ASKED, "--output", "out/x.txt")],
    "check": [("check", BOOK, *AS_OF, "--notes", "--format", "csv", "--output", "out/c.csv")],
    "declare": [
        ("declare", BOOK, *ASKED, "--output", "out/cape", "--ledger", "out/cape.db"),
        ("declare", BOOK, *ASKED, "--output", "out/plain", "--format", "json"),
    ],
    "ledger record": [("ledger", "record", "out/cape.db", CLAIMS, "--on", "2026-05-18")],
    "ledger export": [("ledger", "export", "out/cape.db", "--format", "csv", "--output", "out/l.csv")],
    "reconcile": [
        (
            *(
                "reconcile",
                BOOK,
                "--payments",
                "es022.csv",
                "--columns",
                "es022.toml",
                *ASKED,
                "--bank",
                "bank.csv",
            ),
            *("--bank-columns", "bank.toml", "--format", "json", "--output", "out/r.json"),
        )
    ],
    "columns": [
        ("columns", "ES-022", "--template", "--output", "out/map.toml"),
        ("columns", "bank", "--suggest", "bank.csv"),
    ],
    "report write": [
        *(("report", BOOK, *ASKED, "--output", f"out/s.{form}") for form in ("html", "md", "xlsx")),
        *(
            ("report", BOOK, "--entry", ENTRY, *ASKED, "--output", f"out/x.{form}")
            for form in ("html", "md", "xlsx")
        ),
    ],
    "report verify": [*(("report", "verify", f"out/x.{form}") for form in ("html", "md", "xlsx"))],
    "interest": [
        (
            *("interest", "1000.00", "--deposited", "2025-05-01", "--liquidated", "2026-03-06"),
            *("--payee", "corporation", "--schedule", "--output", "out/i.txt"),
        )
    ],
    "windows": [("windows", "--liquidated", "2026-03-06", "--output", "out/w.txt")],
    "rates": [("rates", "--format", "json", "--output", "out/rates.json")],
    "headings": [("headings", "9903.01.25", "--output", "out/h.txt")],
    "working-days add": [("working-days", "add", "2026-03-06", "10")],
    "working-days between": [("working-days", "between", "2026-03-06", "2026-04-06")],
    "working-days check": [("working-days", "check", "2026", "2026")],
    "working-days nth": [("working-days", "nth", "2026", "3", "15")],
    "mcp": [("mcp", "--folder", ".")],
}
# Libraries ask the environment for colours, widths and switches of their own. None of these is anybody's business.
SECRET = re.compile("KEY|SECRET|TOKEN|PASSW|CREDENTIAL|COOKIE|AUTH|PROXY|NETRC|AWS|AZURE|GOOGLE|SSH", re.I)
# A library of the server looks up, when it is imported, where the C library for the names of threads lies.
LDCONFIG = re.compile(r"subprocess\.Popen \('(/usr)?/sbin/ldconfig', \['(/usr)?/sbin/ldconfig', '-p'\]")


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command of the application by its words."""
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(path)
        return
    for name, inner in below.items():
        yield from commands(inner, (*path, name))


def test_every_command_is_watched() -> None:
    assert sorted(COMMANDS) == sorted(commands(typer.main.get_command(app)))


def prepare(folder: Path) -> None:
    for name in (BOOK, CLAIMS):
        shutil.copy(EXAMPLES / name, folder)
    (folder / "out").mkdir()
    (folder / "home").mkdir()
    text = (folder / BOOK).read_text(encoding="utf-8")
    (folder / "broken.csv").write_text(text.replace("2025", "soon", 3), encoding="utf-8")
    (folder / "es022.csv").write_text(f"Refund,Entry,Total\nR-1,{ENTRY},10.00\n", encoding="utf-8")
    (folder / "bank.csv").write_text("Date,Amount\n2026-07-01,10.00\n", encoding="utf-8")
    (folder / "es022.toml").write_text(REPORT_MAP, encoding="utf-8")
    (folder / "bank.toml").write_text(BANK_MAP, encoding="utf-8")


def unshare() -> list[str]:
    """The words that run a command without any network, none where the system does not let us."""
    program = shutil.which("unshare")
    words = [program, "--map-root-user", "--net"] if program else []
    if words and subprocess.run([*words, "true"], check=False, capture_output=True).returncode != 0:
        return []
    return words


def watch(
    folder: Path,
    calls: list[tuple[str, ...]],
    *,
    kernel: bool,
    words: list[str],
    ask: str = "",
    until: str = "",
) -> tuple[dict[str, Any], str]:
    """Run the calls in one process of their own; what was seen, and what was printed.

    `ask` goes to standard input, which stays open until a line with `until` is printed.
    """
    jobs, result = folder / "jobs.json", folder / "result.json"
    jobs.write_text(
        json.dumps([{"folder": str(folder), "arguments": call} for call in calls]), encoding="utf-8"
    )
    home = str(folder / "home")
    places = {
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "XDG_CACHE_HOME": home,
        "AWS_SECRET_ACCESS_KEY": "unseen",
    }
    with (
        (folder / "errors.txt").open("w+", encoding="utf-8") as errors,
        subprocess.Popen(
            [
                *words,
                sys.executable,
                "-B",
                str(WATCHED),
                str(jobs),
                str(result),
                *(["--filter"] if kernel else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **places, "PYTHONDONTWRITEBYTECODE": "1"},
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(ask)
        process.stdin.flush()
        printed = ""
        while until and until not in printed and (line := process.stdout.readline()):
            printed += line
        process.stdin.close()
        printed += process.stdout.read()
        code = process.wait()
        errors.seek(0)
        # The kernel's filter ends the process with a signal, which is no zero either.
        assert code == 0, errors.read()
    return json.loads(result.read_text(encoding="utf-8")), printed


CALLS = [call for name, calls in COMMANDS.items() if name != "mcp" for call in calls]


def the_calls_do_their_work(seen: dict[str, Any]) -> None:
    codes = {call: result["code"] for call, result in zip(CALLS, seen["results"], strict=False)}
    bad = {call: code for call, code in codes.items() if code == 2 and "missing.csv" not in call}
    assert not bad, seen["results"]
    written = {path.name for path in (seen["folder"] / "out").rglob("*") if path.is_file()}
    asked = {Path(word).name for call in CALLS for word in call if word.startswith("out/") and "." in word}
    assert asked <= written


def no_socket_is_opened_and_no_process_started(seen: dict[str, Any]) -> None:
    for call, result in zip([*CALLS, "imports"], seen["results"], strict=True):
        assert result["network"] == [], call
        assert [one for one in result["processes"] if call != "imports" or not LDCONFIG.match(one)] == [], (
            call
        )


def nothing_is_written_elsewhere(seen: dict[str, Any]) -> None:
    folder: Path = seen["folder"]
    for call, result in zip([*CALLS, "imports"], seen["results"], strict=True):
        touched = [*result["writes"], *(path for _, *paths in result["changes"] for path in paths)]
        touched = [path for path in touched if path != os.devnull]
        for path in touched:
            assert (folder / path).is_relative_to(folder / "out"), (call, path)
        outputs = [word for word in call if word.startswith("out/")]
        assert outputs or not touched, call


def no_settings_and_no_secrets_are_read(seen: dict[str, Any]) -> None:
    home = str(seen["folder"] / "home")
    for call, result in zip([*CALLS, "imports"], seen["results"], strict=True):
        assert [path for path in result["reads"] if path.startswith((home, "/etc/passwd"))] == [], call
        # Libraries ask, when they are imported, for names of their own too, such as those of build servers.
        if call != "imports":
            assert [name for name in result["environment"] if SECRET.search(name)] == [], call
        assert "AWS_SECRET_ACCESS_KEY" not in result["environment"], call


def test_what_the_calls_do(tmp_path: Path) -> None:
    """All calls but the server's, then every module of the package, under every watch this system allows.

    That the run ends well under the kernel's filter says that no C library asked for a socket either; and where
    `unshare` is allowed, it all works in a network that has no device.
    """
    prepare(tmp_path)
    found, _ = watch(tmp_path, [*CALLS, ()], kernel=True, words=unshare())
    seen = {"folder": tmp_path, **found}
    the_calls_do_their_work(seen)
    no_socket_is_opened_and_no_process_started(seen)
    nothing_is_written_elsewhere(seen)
    no_settings_and_no_secrets_are_read(seen)


def test_this_system_allows_every_watch(tmp_path: Path) -> None:
    found, _ = watch(tmp_path, [], kernel=True, words=[])
    refused = [
        found["refused"],
        *([] if unshare() else ["no program may leave the network by `unshare --net`"]),
    ]
    if any(refused):
        pytest.skip("; ".join(filter(None, refused)))


def message(number: int | None, method: str, **parameters: Any) -> str:
    head = {"jsonrpc": "2.0", "method": method, "params": parameters}
    return json.dumps(head if number is None else {**head, "id": number}) + "\n"


@pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="here asyncio wakes itself over the loopback address"
)
def test_the_server_for_assistants_opens_no_socket(tmp_path: Path) -> None:
    prepare(tmp_path)
    client = {"name": "test", "version": "1"}
    arguments = {"files": [BOOK], "as_of": "2026-05-15", "payee": "corporation"}
    asked = (
        message(1, "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo=client)
        + message(None, "notifications/initialized")
        + message(2, "tools/call", name="estimate", arguments=arguments)
    )
    found, printed = watch(tmp_path, COMMANDS["mcp"], kernel=True, words=unshare(), ask=asked, until='"id":2')
    (result,) = found["results"]
    assert "417997.14" in printed
    assert [one for one in result["processes"] if not LDCONFIG.match(one)] == []
    assert [*result["writes"], *result["changes"]] == []
    # asyncio wakes its own loop through a pair of sockets without a name or an address (`socketpair`): those alone.
    pair = f"socket.__new__ ({int(socket.AF_UNIX)}, "
    assert all(event.startswith(pair) for event in result["network"]), result["network"]


def test_the_watch_sees_a_socket_and_a_process(tmp_path: Path) -> None:
    code = (
        "import sys, socket, subprocess; sys.path.insert(0, sys.argv[1]); import watched\n"
        "watch = watched.Watch(); sys.addaudithook(watch.event); watch.start()\n"
        "socket.socket().close(); subprocess.run([sys.executable, '-c', '']); open(sys.argv[2], 'w').close()\n"
        "found = watch.stop(); assert found['network'] and found['processes'] and found['writes']\n"
        "print(watched.forbid_sockets() or 'filter', flush=True); socket.socket()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(WATCHED.parent), str(tmp_path / "x")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr
    assert done.stdout.strip() != "filter" or done.returncode < 0
