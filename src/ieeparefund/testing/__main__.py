"""`python -m ieeparefund.testing` writes the published vectors as JSON to the standard output."""

from __future__ import annotations

import sys

from ieeparefund.testing.reading import vectors_json

if __name__ == "__main__":
    # Bytes, so that the answer is UTF-8 wherever it is written.
    sys.stdout.buffer.write(vectors_json().encode("utf-8"))
