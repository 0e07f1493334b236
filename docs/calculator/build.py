"""Puts the calculator's program into a built documentation site: `python docs/calculator/build.py SITE`.

`mkdocs build` alone makes the page without the program, and the page says so. This adds the interpreter (the npm
package pyodide), the project's wheel and what it needs, as wheels for that interpreter, under
`SITE/calculator/runtime/`, lists them in `assets.json`, and forbids the page every other address. Needs npm, and
pip, build and hatchling in the Python that runs it. Nothing of it is kept in the repository.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PYODIDE = "314.0.7"
"""Version of the npm package. Another one may need other wheels, so it never changes by itself."""
INTERPRETER = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
SAMPLE = "es003_small.csv"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        "form-action 'none'",
    )
)
"""What the page may load: itself. The theme's scripts and styles in the page are the inline ones."""


def run(*command: str, cwd: Path = ROOT) -> None:
    """Run a command; what it prints goes to standard error."""
    subprocess.run(command, cwd=cwd, check=True, stdout=sys.stderr)


def interpreter(folder: Path) -> Path:
    """Fetch the npm package and return its folder."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(
            "npm is not on the path: install Node.js, or publish the site without the calculator."
        )
    run(
        npm,
        *("install", "--prefix", str(folder), "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"),
        *("--loglevel", "error", f"pyodide@{PYODIDE}"),
        cwd=folder,
    )
    return folder / "node_modules" / "pyodide"


def wheels(folder: Path, own: Path | None, info: dict[str, str]) -> list[Path]:
    """Gather the project's wheel and the wheels it needs on the interpreter that `info` describes."""
    if own is None:
        run(
            sys.executable,
            "-m",
            "build",
            "-q",
            "--wheel",
            "--no-isolation",
            "--outdir",
            str(folder),
            str(ROOT),
        )
        (own,) = folder.glob("ieeparefund-*.whl")
    major, minor, _ = info["python"].split(".")
    run(
        *(
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
        ),
        *("--platform", f"pyemscripten_{info['abi_version']}_{info['arch']}", "--implementation", "cp"),
        *("--python-version", f"{major}.{minor}", "--abi", f"cp{major}{minor}"),
        *("--dest", str(folder), f"{own}[excel]"),
    )
    return sorted(folder.glob("*.whl"))


def publish(site: Path, files: dict[str, bytes], facts: dict[str, Any]) -> dict[str, Any]:
    """Write the files under a folder named by their checksum, and `assets.json`, which lists them."""
    page = site / "calculator"
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name} {hashlib.sha256(files[name]).hexdigest()}\n".encode())
    version = whole.hexdigest()[:16]
    shutil.rmtree(page / "runtime", ignore_errors=True)
    runtime = page / "runtime" / version
    runtime.mkdir(parents=True)
    for name, data in files.items():
        (runtime / name).write_bytes(data)
    assets = {
        "version": version,
        "runtime": f"runtime/{version}/",
        "bytes": sum(map(len, files.values())),
        "sample": SAMPLE,
        "files": [{"name": name, "bytes": len(files[name])} for name in sorted(files)],
        **facts,
    }
    (page / "assets.json").write_text(json.dumps(assets, indent=2) + "\n", encoding="utf-8")
    return assets


def forbid_other_addresses(page: Path) -> None:
    """Put the content security policy first into the head of the page."""
    html = page.read_text(encoding="utf-8")
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    if policy not in html:
        page.write_text(html.replace("<head>", f"<head>{policy}", 1), encoding="utf-8")


def build(site: Path, own: Path | None = None) -> dict[str, Any]:
    """Add the program to a built site and return what `assets.json` says."""
    page = site / "calculator" / "index.html"
    if not page.is_file():
        raise SystemExit(f"{page} is not there: run mkdocs build first.")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        package = interpreter(work)
        lock = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
        (work / "wheels").mkdir()
        files = {name: (package / name).read_bytes() for name in INTERPRETER}
        # Without its list of packages the interpreter knows no other place to fetch any from.
        files["pyodide-lock.json"] = json.dumps({"info": lock["info"], "packages": {}}).encode()
        files |= {wheel.name: wheel.read_bytes() for wheel in wheels(work / "wheels", own, lock["info"])}
        files["glue.py"] = (Path(__file__).parent / "glue.py").read_bytes()
        files[SAMPLE] = (ROOT / "examples" / SAMPLE).read_bytes()
    forbid_other_addresses(page)
    return publish(site, files, {"pyodide": PYODIDE, "python": lock["info"]["python"]})


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", type=Path, help="folder that `mkdocs build` made")
    parser.add_argument("--wheel", type=Path, help="the project's wheel; made from this tree if not given")
    given = parser.parse_args()
    assets = build(given.site, given.wheel)
    print(
        f"calculator: {len(assets['files'])} files, {assets['bytes'] / 1e6:.1f} MB, Python {assets['python']}"
    )


if __name__ == "__main__":
    main()
