"""``python -m model.training.compiled`` compiles, and puts the code where the program looks for it."""

import os
import sys

from model.training.compiled.cache import GENTLY, NOWHERE, build, is_ready

if __name__ == "__main__" and not is_ready():
    if GENTLY in sys.argv and hasattr(os, "nice"):
        os.nice(5)
    try:
        build()
    except OSError:
        sys.exit(NOWHERE)
