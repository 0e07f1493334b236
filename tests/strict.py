"""Options that make warnings errors in a Python that a test starts, where the environment does not decide on them.

`.ci/matrix lowest` does: old releases of one dependency warn of what new ones of another deprecate.
"""

import os

STRICT = () if "PYTHONWARNINGS" in os.environ else ("-W", "error")
