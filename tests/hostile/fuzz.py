"""Coverage-guided fuzzing of the readers: `python tests/hostile/fuzz.py TARGET --seconds N`.

Needs atheris (`pip install atheris`), in an environment of its own; the project does not depend on it. TARGET is
one of `READERS` in targets.py, or `all`, each for N seconds. A file that breaks the law is written to the current
folder as `crash-...`; give it back with `--file` to see the error again.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("target", help="a reader, or all")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--file", type=Path, help="read this one file instead of fuzzing")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _fuzz(target: str, seconds: int, seed: int) -> None:
    try:
        import atheris
    except ImportError:
        raise SystemExit("atheris is not installed: pip install atheris") from None
    with atheris.instrument_imports(include=["ieeparefund"]):
        from tests.hostile.seeds import SEEDS, changed, changed_workbook
        from tests.hostile.targets import hold

    def choose(data: bytes, most: int, number: int) -> bytes:
        draw = random.Random(number).randint
        way = changed_workbook if data[:2] == b"PK" and draw(0, 3) else changed
        try:
            return way(data, draw)[:most]
        except Exception:  # the archive was broken before
            return changed(data, draw)[:most]

    with tempfile.TemporaryDirectory() as corpus:
        Path(corpus, "good").write_bytes(SEEDS[target]())
        arguments = [sys.argv[0], corpus, f"-max_total_time={seconds}", f"-seed={seed}", "-max_len=200000"]
        arguments += ["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=0"]
        atheris.Setup(arguments, lambda data: hold(target, data) and None, custom_mutator=choose)
        atheris.Fuzz()


def main() -> None:
    """Fuzz one reader, or each in a process of its own, since libFuzzer ends the process."""
    asked = _arguments()
    if asked.file is not None:
        from tests.hostile.targets import hold

        sys.stdout.write(f"{hold(asked.target, asked.file.read_bytes())}\n")
    elif asked.target == "all":
        import subprocess

        from tests.hostile.targets import READERS

        codes = {
            name: subprocess.call([sys.executable, __file__, name, "--seconds", str(asked.seconds)])
            for name in READERS
        }
        sys.stdout.writelines(f"{name}: {'crash' if code else 'clean'}\n" for name, code in codes.items())
        raise SystemExit(any(codes.values()))
    else:
        _fuzz(asked.target, asked.seconds, asked.seed)


if __name__ == "__main__":
    main()
