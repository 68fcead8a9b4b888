import subprocess
import sys
from pathlib import Path

import model

LIST_LOADED_MODULES = """
import importlib, pkgutil, sys
import model
for module in pkgutil.walk_packages(model.__path__, "model."):
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        if error.name not in ("llvmlite", "numba"):  # NumPy trains without them.
            raise
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_model_loads_no_window_library():
    checkout = Path(model.__file__).parents[1]
    result = subprocess.run(
        [sys.executable, "-c", LIST_LOADED_MODULES], cwd=checkout, capture_output=True, text=True, check=True
    )

    loaded = set(result.stdout.split())

    assert {"model", "numpy"} <= loaded
    assert not loaded & {"PySide6", "shiboken6", "pyqtgraph", "contourpy", "gui"}
