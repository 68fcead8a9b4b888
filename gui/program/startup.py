"""What is known and checked before Qt is there: the version, and what would keep the window from opening.

Qt ends the process with `abort()` when it finds no screen or cannot load its platform plugin, and Python can only show
a traceback when a shared library is missing. So this module, without importing Qt, looks for those reasons first.
"""

import ctypes
import importlib.util
import os
import re
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

INSTALL_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/python main.py"
"""The command of the README that installs and starts the program."""

PYTHON_PACKAGES = ("numpy", "PySide6", "pyqtgraph", "contourpy", "platformdirs")
"""What is imported for the window, as `import` names it."""

# Gathered with readelf from the PySide6-Essentials 6.11.3 wheel: what its libraries need and it does not bring along.
# tests/gui/test_startup.py holds the tables against the wheel that is installed.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""Shared library -> Debian package, without which importing QtWidgets fails on Linux."""

PLATFORM_LIBRARIES = {
    "xcb": {
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-render.so.0": "libxcb-render0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-shm.so.0": "libxcb-shm0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-util.so.1": "libxcb-util1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
        "libxcb.so.1": "libxcb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    },
    "wayland": {
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
    },
}
"""Platform plugin of Qt -> shared library -> Debian package, which only this plugin needs."""

CONNECTION_SECONDS = 5.0
"""How long a display, which may be another machine's, has to answer."""

Loader = Callable[[str], object]
Connector = Callable[[str, Mapping[str, str]], bool]


def version() -> str:
    """Tell the program's version, which is written in pyproject.toml and nowhere else.

    Returns
    -------
    str
        Such as ``"0.1.0"``.
    """
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


def find_problem(environment: Mapping[str, str] | None = None) -> str | None:
    """Look for whatever would keep the window from opening.

    Parameters
    ----------
    environment : mapping of str to str, optional
        The environment variables; those of this process when left out.

    Returns
    -------
    str or None
        One sentence that says what is missing and what to do, or None when nothing is.
    """
    environment = os.environ if environment is None else environment
    problem = find_missing_python_packages()
    if problem is None and sys.platform == "linux":
        problem = find_linux_problem(environment)
    return problem


def find_missing_python_packages(find: Callable[[str], object | None] = importlib.util.find_spec) -> str | None:
    """Look for Python packages that are not installed.

    Parameters
    ----------
    find : callable
        Gives None for a package that cannot be imported.

    Returns
    -------
    str or None
        One sentence with the command that installs them, or None when all are there.
    """
    missing = [name for name in PYTHON_PACKAGES if find(name) is None]
    if not missing:
        return None
    return (
        f"NetCanvas needs Python packages that are not installed ({', '.join(missing)}): "
        f"install and start it with `{INSTALL_COMMAND}`, as the README says."
    )


def find_linux_problem(
    environment: Mapping[str, str], load: Loader = ctypes.CDLL, connects: Connector | None = None
) -> str | None:
    """Look for a missing screen or missing shared libraries on Linux.

    One platform of `platforms` that works is enough, because Qt tries them one after the other.

    Parameters
    ----------
    environment : mapping of str to str
        The environment variables.
    load : callable
        Loads a shared library by its name and raises OSError when it cannot.
    connects : callable, optional
        Tells whether the screen of a platform answers; `answers` when left out.

    Returns
    -------
    str or None
        One sentence that says what is missing and what to do, or None when nothing is.
    """
    connects = answers if connects is None else connects
    wanted = platforms(environment)
    if not wanted:
        return (
            "NetCanvas needs a screen, but neither DISPLAY nor WAYLAND_DISPLAY is set: start it from a graphical "
            "session, over `ssh -X`, or under `xvfb-run`."
        )
    reachable = [platform for platform in wanted if connects(platform, environment)]
    if not reachable:
        named = " and ".join(_screen_name(platform, environment) for platform in wanted)
        return (
            f"NetCanvas cannot reach the screen that {named} names: check that a display server runs there and "
            "lets you in, or start NetCanvas under `xvfb-run`."
        )
    missing = min((missing_libraries(platform, load) for platform in reachable), key=len)
    if not missing:
        return None
    packages = sorted(set(missing.values()))
    return (
        f"NetCanvas needs system libraries that are missing: install them with `sudo apt install {' '.join(packages)}` "
        f"(not found: {', '.join(missing)})."
    )


def platforms(environment: Mapping[str, str]) -> list[str]:
    """Tell which platform plugins Qt will try, in its order.

    Parameters
    ----------
    environment : mapping of str to str
        The environment variables.

    Returns
    -------
    list of str
        Such as ``["wayland", "xcb"]``; empty when nothing names a screen.

    Notes
    -----
    After `QGuiApplicationPrivate::createPlatformIntegration` of Qt 6.
    """
    if chosen := environment.get("QT_QPA_PLATFORM"):
        # Such as "wayland;xcb" or "offscreen:size=800x600"; "wayland-egl" is an older name of the same plugin.
        names = [entry.partition(":")[0].removesuffix("-egl") for entry in chosen.split(";")]
        return [name for name in names if name]
    named = []
    if environment.get("WAYLAND_DISPLAY") or environment.get("XDG_SESSION_TYPE") == "wayland":
        named.append("wayland")
    if environment.get("DISPLAY"):
        named.append("xcb")
    return named


def missing_libraries(platform: str, load: Loader = ctypes.CDLL) -> dict[str, str]:
    """Tell which of the shared libraries that Qt needs cannot be loaded.

    Parameters
    ----------
    platform : str
        The platform plugin, such as ``"xcb"``; only Qt's own needs are looked at for others than xcb and wayland.
    load : callable
        Loads a shared library by its name and raises OSError when it cannot.

    Returns
    -------
    dict of str to str
        Shared library -> Debian package.
    """
    missing = {}
    for library, package in {**QT_LIBRARIES, **PLATFORM_LIBRARIES.get(platform, {})}.items():
        try:
            load(library)
        except OSError:
            missing[library] = package
    return missing


def answers(platform: str, environment: Mapping[str, str]) -> bool:
    """Tell whether the screen of a platform takes a connection.

    Parameters
    ----------
    platform : str
        The platform plugin. Those that draw on no display server (offscreen, minimal, vnc, ...) always answer.
    environment : mapping of str to str
        The environment variables.

    Returns
    -------
    bool
        False only when the connection was tried and failed.
    """
    if platform == "xcb":
        return _x_server_answers(environment.get("DISPLAY", ""))
    if platform == "wayland":
        return _wayland_answers(environment)
    return True


def _x_server_answers(display: str) -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Nobody can tell without it; the check of the libraries names it.
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.POINTER(ctypes.c_int))
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    accepted = []

    def connect() -> None:
        connection = xcb.xcb_connect(os.fsencode(display), None)
        accepted.append(xcb.xcb_connection_has_error(connection) == 0)
        xcb.xcb_disconnect(connection)

    # A DISPLAY on another machine can leave the connection hanging for minutes, which libxcb cannot be told to shorten.
    attempt = threading.Thread(target=connect, name="X connection", daemon=True)
    attempt.start()
    attempt.join(CONNECTION_SECONDS)
    return accepted == [True]


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    if environment.get("WAYLAND_SOCKET"):
        return True  # An open connection, handed over as the number of a file descriptor.
    path = Path(environment.get("XDG_RUNTIME_DIR", "")) / (environment.get("WAYLAND_DISPLAY") or "wayland-0")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(CONNECTION_SECONDS)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def _screen_name(platform: str, environment: Mapping[str, str]) -> str:
    if platform == "wayland":
        return f"WAYLAND_DISPLAY={environment.get('WAYLAND_DISPLAY') or 'wayland-0'}"
    return f"DISPLAY={environment.get('DISPLAY', '')}"
