"""What is known and told before Qt is there: the version, and why the window cannot open."""

import ctypes
import os
import re
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

INSTALL_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/python main.py"
"""The command of the README that installs and starts the program."""

APT_COMMAND = (
    "sudo apt install python3-venv libegl1 libgl1 libfontconfig1 libglib2.0-0 libdbus-1-3 libx11-xcb1 "
    "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-randr0 libxcb-shape0 libxcb-sync1 "
    "libxcb-xfixes0"
)
"""The command of the README that installs the system libraries which Qt needs."""

CONNECTION_SECONDS = 5.0
"""How long a display, which may be another machine's, has to answer."""


def version() -> str:
    """Return the program's version, which is written in pyproject.toml and nowhere else, such as ``"1.0.0"``."""
    try:
        # A checkout may be newer than what pip noted when it was installed, and need not be installed at all.
        text = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    except OSError:
        from importlib import metadata  # 20 ms that a start from a checkout does not need

        return metadata.version("netcanvas")
    found = re.search(r'^version = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError('pyproject.toml has no line of the form: version = "..."')
    return found[1]


def find_problem(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return in a sentence why there is no screen for the window; None if there may be one.

    Only what Qt would not say is looked for: it asks for the screen that nobody has named, and waits for minutes for a
    machine that does not answer. The rest is told by :func:`explain_qt`.
    """
    names_platform = environment.get("QT_QPA_PLATFORM") or environment.get("WAYLAND_DISPLAY")
    if sys.platform != "linux" or names_platform or environment.get("XDG_SESSION_TYPE") == "wayland":
        return None
    display = environment.get("DISPLAY")
    if not display:
        return (
            "NetCanvas needs a screen, but neither DISPLAY nor WAYLAND_DISPLAY is set: start it from a graphical "
            "session, over `ssh -X`, or under `xvfb-run`."
        )
    if not x_server_answers(display):
        return (
            f"NetCanvas cannot reach the screen that DISPLAY={display} names: check that a display server runs there "
            "and lets you in, or start NetCanvas under `xvfb-run`."
        )
    return None


def x_server_answers(display: str) -> bool:
    """Return whether an X server takes a connection, in time; True if nobody can tell."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.POINTER(ctypes.c_int))
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    accepted = []

    def connect() -> None:
        connection = xcb.xcb_connect(os.fsencode(display), None)
        accepted.append(xcb.xcb_connection_has_error(connection) == 0)
        xcb.xcb_disconnect(connection)

    # Another machine can leave the connection hanging for minutes, which libxcb cannot be told to shorten.
    attempt = threading.Thread(target=connect, name="X connection", daemon=True)
    attempt.start()
    attempt.join(CONNECTION_SECONDS)
    return accepted == [True]


def explain_import(error: ImportError) -> str | None:
    """Return in a sentence what must be installed for an import that failed; None if the mistake is the program's."""
    package = (error.name or "").partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and package not in ("", "gui", "model", "resources"):
        return (
            f"NetCanvas needs the Python package {package}, which is not installed: install and start it with "
            f"`{INSTALL_COMMAND}`, as the README says."
        )
    library = re.match(r"(\S+\.so\S*): cannot open shared object file", str(error))
    if library is not None:
        return (
            f"NetCanvas needs the system library {library[1]}, which is missing: install what the README lists, on "
            f"Debian and Ubuntu with `{APT_COMMAND}`."
        )
    return None


def explain_qt(messages: Sequence[str]) -> str:
    """Return in a sentence what Qt said before it gave up."""
    said = "; ".join(" ".join(message.split()).rstrip(".") for message in messages)
    return (
        f"NetCanvas cannot open its window (Qt says: {said}): check that a screen is there and lets you in, and that "
        f"the libraries which the README lists are installed, with `{APT_COMMAND}`."
    )
