"""What a Linux desktop knows of the program: its place in the menu, its icons, and which files it opens."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from gui.headless.interruption import Signals
from gui.headless.output import CommandError, Output
from gui.icons import ICON_FOLDER

ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""In pixels; beside them stands the icon as SVG."""

_ROOT = ICON_FOLDER.parent.parent
_TEMPLATES = _ROOT / "resources" / "desktop"
_ICON = ICON_FOLDER / "netcanvas.svg"
_QUOTED = '\\"`$'
"""What a backslash stands before within the quotation marks of an Exec line."""

_UPDATES = (
    ("update-mime-database", "mime"),
    ("update-desktop-database", "applications"),
    ("gtk-update-icon-cache", "icons/hicolor", "--quiet", "--ignore-theme-index"),
)
"""Programs that tell the desktop what is new in a folder; those that are there are run."""


def change_desktop(arguments: argparse.Namespace, output: Output, _signals: Signals) -> int:
    """Enter the program into the desktop of the person who asks, or take it out again.

    Raises
    ------
    CommandError
        If there is no such desktop, or a file cannot be written.
    """
    if sys.platform != "linux":
        raise CommandError("the desktop's menu is entered on Linux alone; elsewhere open files with “Open with…”")
    folder = data_folder()
    try:
        if arguments.remove:
            names = remove(folder)
            output.line(f"Removed {len(names)} files from {folder}." if names else "There was nothing to remove.")
        else:
            names = install(folder, program())
            output.line(f"NetCanvas is in the menu of the desktop, and opens .netcanvas files ({folder}).")
    except OSError as error:
        raise CommandError(f"{error.filename or folder} cannot be written: {error.strerror or error}") from error
    output.result(folder=str(folder), files=names)
    return 0


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of a person's own menu entries, icons and types."""
    named = Path(environment.get("XDG_DATA_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".local" / "share"


def program() -> list[str]:
    """Return the command that starts this very program."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(_ROOT / "main.py")]


def files(command: list[str]) -> dict[str, bytes]:
    """Return what is written: for each path below the data folder its content."""
    entry = (_TEMPLATES / "netcanvas.desktop").read_text(encoding="utf-8")
    line = f"Exec={' '.join(_quoted(part) for part in command)} %f"
    icons = {f"icons/hicolor/{size}x{size}/apps/netcanvas.png": icon_of(size) for size in ICON_SIZES}
    return {
        "applications/netcanvas.desktop": entry.replace("Exec=netcanvas %f", line).encode(),
        "mime/packages/netcanvas.xml": (_TEMPLATES / "netcanvas-mime.xml").read_bytes(),
        "metainfo/org.netcanvas.netcanvas.metainfo.xml": (_TEMPLATES / "netcanvas.metainfo.xml").read_bytes(),
        "icons/hicolor/scalable/apps/netcanvas.svg": _ICON.read_bytes(),
        **icons,
    }


def install(folder: Path, command: list[str]) -> list[str]:
    """Write the entry, the type and the icons into a folder, tell the desktop, and return which files those are."""
    names = write(folder, command)
    _tell_desktop(folder)
    return names


def write(folder: Path, command: list[str]) -> list[str]:
    """Write the entry, the type and the icons into a folder, and return which files those are."""
    content = files(command)
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(content)


def remove(folder: Path) -> list[str]:
    """Remove what :func:`install` wrote, and return which files that were."""
    there = [name for name in files([]) if (folder / name).exists()]
    for name in there:
        (folder / name).unlink()
    if there:
        _tell_desktop(folder)
    return there


def _tell_desktop(folder: Path) -> None:
    for name, below, *options in _UPDATES:
        found = shutil.which(name)
        if found is not None and (folder / below).is_dir():
            subprocess.run([found, *options, str(folder / below)], check=False, capture_output=True, timeout=60)


def _quoted(part: str) -> str:
    """Return a part of a command as the Exec line of a desktop entry has it."""
    escaped = "".join(f"\\{sign}" if sign in _QUOTED else sign for sign in part)
    # A value of an entry reads two backslashes as one, and a field begins with a percent sign.
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'


def icon_of(size: int) -> bytes:
    """Return the program's icon as a PNG of so many pixels in width and height."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(_ICON)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
