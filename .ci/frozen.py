"""What the built program starts with: ``main.py``, or a process that the program starts for itself.

Compiling and the work on formulas have processes of their own, started as ``python -m MODULE``. There is no Python in
the built program but the program: it answers to this alone of what Python does.
"""

import runpy
import sys

from main import main

PROCESSES = ("model.training.compiled", "gui.dialogs.formula.process")

if len(sys.argv) > 2 and sys.argv[1] == "-m" and sys.argv[2] in PROCESSES:
    module = sys.argv[2]
    del sys.argv[1:3]
    runpy.run_module(module, run_name="__main__")
else:
    sys.exit(main())
