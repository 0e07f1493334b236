"""Runs commands in one process and takes down what they do to the system; see `test_no_network.py`.

Usage: `python watched.py JOBS.json RESULT.json [--filter]`. Python's audit events tell of sockets, processes and files.
With `--filter` the kernel besides ends the process at the first `socket` call, from C code too; `socketpair`, with
which asyncio wakes itself, has a number of its own and is let through.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import pkgutil
import platform
import sys
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

NETWORK = (
    "socket.",
    "ssl.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "imaplib.",
    "poplib.",
    "nntplib.",
    "telnetlib.",
)
PROCESSES = (
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.startfile",
    "pty.",
    "webbrowser.",
)
CHANGES = (
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "shutil.",
    "tempfile.",
    "sqlite3.connect",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
# Numbers of the call `socket`, by machine, with what the kernel calls the machine.
_SOCKET_CALLS = {"x86_64": (41, 0xC000003E), "aarch64": (198, 0xC00000B7)}


class Filter(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_ushort),
        ("jt", ctypes.c_ubyte),
        ("jf", ctypes.c_ubyte),
        ("k", ctypes.c_uint32),
    ]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filters", ctypes.POINTER(Filter))]


def forbid_sockets() -> str:
    """Ask the kernel to end this process at a `socket` call. Returns why it cannot be done, blank where it is."""
    if sys.platform != "linux" or platform.machine() not in _SOCKET_CALLS:
        return f"no filter is written for {sys.platform} on {platform.machine()}"
    call, machine = _SOCKET_CALLS[platform.machine()]
    load, equal, answer, allow, end = 0x20, 0x15, 0x06, 0x7FFF0000, 0x80000000
    steps = (
        Filter(load, 0, 0, 4),  # the machine
        Filter(equal, 0, 2, machine),
        Filter(load, 0, 0, 0),  # the number of the call
        Filter(equal, 1, 0, call),
        Filter(answer, 0, 0, allow),
        Filter(answer, 0, 0, end),
    )
    kernel = ctypes.CDLL(None, use_errno=True)
    program = Program(len(steps), (Filter * len(steps))(*steps))
    no_new_privileges, seccomp, with_filter = 38, 22, 2
    if kernel.prctl(no_new_privileges, 1, 0, 0, 0) or kernel.prctl(
        seccomp, with_filter, ctypes.byref(program)
    ):
        return f"the kernel refuses the filter: {os.strerror(ctypes.get_errno())}"
    return ""


class Watch:
    """What happened since `start`."""

    def __init__(self) -> None:
        self.on = False
        self.found: dict[str, Any] = {}

    def start(self) -> None:
        self.found = {
            "network": [],
            "processes": [],
            "changes": [],
            "writes": [],
            "reads": [],
            "environment": [],
        }
        self.on = True

    def stop(self) -> dict[str, Any]:
        self.on = False
        return self.found

    def event(self, name: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if name.startswith(NETWORK):
            # Without the object itself, whose text says nothing yet.
            told = arguments[1:] if name == "socket.__new__" else arguments
            self.found["network"].append(f"{name} {told!r}")
        elif name.startswith(PROCESSES):
            self.found["processes"].append(f"{name} {arguments!r}")
        elif name.startswith(CHANGES):
            self.found["changes"].append(
                [name, *(str(one) for one in arguments if isinstance(one, str | os.PathLike))]
            )
        elif name == "open" and isinstance(arguments[0], str | os.PathLike):
            path, _, flags = arguments
            self.found["writes" if flags & _WRITING else "reads"].append(os.path.abspath(path))


def watch_environment(watch: Watch) -> None:
    plain = os._Environ.__getitem__

    def watched(self: os._Environ[str], key: str) -> str:
        if watch.on:
            watch.found["environment"].append(key)
        return plain(self, key)

    os._Environ.__getitem__ = watched  # type: ignore[method-assign]  # there is no other place that sees every reading


def import_everything() -> None:
    import ieeparefund

    for module in pkgutil.walk_packages(ieeparefund.__path__, "ieeparefund."):
        try:
            import_module(module.name)
        except ImportError as error:
            # Its extra is not installed.
            sys.stderr.write(f"not imported: {module.name}: {error}\n")


def run(job: dict[str, Any], watch: Watch) -> dict[str, Any]:
    out, code = io.StringIO(), 0
    stdin, arguments, where = sys.stdin, sys.argv, Path.cwd()
    os.chdir(job["folder"])
    sys.argv = ["ieeparefund", *job["arguments"]]
    watch.start()
    try:
        # The server for assistants talks over the true standard output.
        serving = job["arguments"][:1] == ["mcp"]
        with nullcontext() if serving else redirect_stdout(out), redirect_stderr(out):
            if job["arguments"]:
                from ieeparefund.cli import main

                main()
            else:
                import_everything()
    except SystemExit as error:
        code = int(error.code or 0)
    finally:
        found = watch.stop()
        sys.stdin, sys.argv = stdin, arguments
        os.chdir(where)
    return {**found, "code": code, "printed": out.getvalue()}


def main() -> None:
    jobs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    refused = forbid_sockets() if "--filter" in sys.argv else "not asked for"
    watch = Watch()
    sys.addaudithook(watch.event)
    watch_environment(watch)
    results = [run(job, watch) for job in jobs]
    Path(sys.argv[2]).write_text(json.dumps({"refused": refused, "results": results}), encoding="utf-8")


if __name__ == "__main__":
    main()
