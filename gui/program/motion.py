"""Motion: whether what changes moves there, or is shown at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths, Qt
from PySide6.QtWidgets import QApplication

_KEY = "reduce_motion"

_FILES = (
    ("kdeglobals", "KDE/AnimationDurationFactor", ("0", "0.0")),
    ("gtk-4.0/settings.ini", "Settings/gtk-enable-animations", ("0", "false")),
    ("gtk-3.0/settings.ini", "Settings/gtk-enable-animations", ("0", "false")),
)
"""Where desktops keep the setting, in the folder of the person's settings: file, key, and the values that reduce."""

_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)


def is_reduced() -> bool:
    """Return whether nothing is to move for the sake of moving: as a person has said here, or else for the desktop."""
    said = QSettings().value(_KEY)
    return said == "true" if said in ("true", "false") else desktop_reduces()


def set_reduced(reduced: bool) -> None:
    """Let nothing move for the sake of moving, or let it; remembered for the next start."""
    QSettings().setValue(_KEY, "true" if reduced else "false")
    apply_motion()


def desktop_reduces() -> bool:
    """Return whether the desktop's setting is to show things at once.

    Notes
    -----
    Qt tells of it from the version on whose style hints have a preference for motion. Before that the files are read in
    which KDE and GTK keep theirs.
    """
    hints = getattr(QApplication.styleHints(), "accessibility", lambda: None)()
    preference = getattr(hints, "motionPreference", None)
    if preference is not None:
        return "Reduce" in str(preference())
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation))
    return any(_says(folder / name, key, values) for name, key, values in _FILES)


def _says(path: Path, key: str, values: tuple[str, ...]) -> bool:
    """Return whether a file of settings gives a key one of these values."""
    found = QSettings(str(path), QSettings.Format.IniFormat).value(key) if path.is_file() else None
    return str(found).lower() in values


def apply_motion() -> None:
    """Let Qt's own menus and tips come at once where motion is reduced."""
    if is_reduced():
        for effect in _EFFECTS:
            QApplication.setEffectEnabled(effect, False)
