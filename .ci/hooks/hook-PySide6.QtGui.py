"""Takes of Qt's plugins those that a program of widgets uses.

It stands for PyInstaller's own hook of that name. What is left out here is not followed to the libraries that it needs:
the theme of GTK alone would bring thirty of the building system, which other systems' GTK does not get along with.
"""

from pathlib import PurePath

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

LEFT_OUT = {
    # Screens without a desktop, and devices that a desktop handles.
    "egldeviceintegrations",
    "generic",
    "qeglfs",
    "qlinuxfb",
    "qminimal",
    "qminimalegl",
    "qvkkhrdisplay",
    "qvnc",
    # Formats of pictures that the program neither reads nor writes.
    "qicns",
    "qpdf",
    "qtga",
    "qtiff",
    "qwbmp",
    "qgtk3",
    "networkinformation",
    "tls",
}
"""Folders of plugins, and plugins."""


hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries = [
    (source, folder)
    for source, folder in binaries
    if not LEFT_OUT & {PurePath(folder).name, PurePath(source).stem.removeprefix("lib")}
]
