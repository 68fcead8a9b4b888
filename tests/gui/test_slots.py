import importlib
import inspect
import pkgutil

from PySide6.QtCore import QObject

import gui


def slots_of_the_window():
    """Return each method that is declared as a slot, with the number of arguments that Qt calls it with."""
    found = []
    for module in pkgutil.walk_packages(gui.__path__, "gui."):
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, QObject) and kind.__module__ == module.name:
                meta = kind.staticMetaObject
                for index in range(meta.methodOffset(), meta.methodCount()):
                    method = vars(kind).get(bytes(meta.method(index).name()).decode())
                    if inspect.isfunction(method):
                        found.append((method, meta.method(index).parameterCount()))
    return found


def takes(method, n_arguments):
    try:
        inspect.signature(method).bind(None, *range(n_arguments))
    except TypeError:
        return False
    return True


def test_each_slot_takes_the_arguments_that_it_is_declared_with():
    slots = slots_of_the_window()
    assert len(slots) > 50
    assert [method.__qualname__ for method, n_arguments in slots if not takes(method, n_arguments)] == []
