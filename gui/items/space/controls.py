"""What is chosen at the head of a view in space: heights, colours, and slices."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.document.looks import COLOURINGS, HEIGHTS, MOST_SLICES, reach_for, slices_text, typed_slices
from gui.document.view import View
from gui.icons import icon
from gui.items.space.slices import next_slice
from gui.widgets.card import label
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import EntryField
from gui.widgets.focus import leave_field
from gui.widgets.refusal import refuse
from gui.widgets.texts import as_sentence, as_tip
from model import Dataset
from model.data.dataset import CLASS_LETTERS
from model.data.naming import Axis
from model.data.wording import class_text, name_text, plane_axes
from model.network.parts import Selection, Unit
from model.run.snapshot import Plane

_GAP, _FIELD_PX, _LEAST_FIELD_PX = 4, 150, 40
_LONGEST_NAME = 16

HEIGHT_TEXTS = {
    "likeliest": ("Likeliest class", "How likely the likeliest class is, in its colour."),
    "each": ("Each class", "How likely each class is, one surface over the other."),
    **{letter: (f"Class {letter}", f"How likely class {letter} is.") for letter in CLASS_LETTERS},
    "neuron_a": ("Neuron: a", "The activation of the selected neuron."),
    "neuron_z": ("Neuron: z", "What the activation of the selected neuron is applied to."),
    "neuron_za": ("Neuron: z and a", "What the activation of the selected neuron is applied to, and what comes of it."),
    "layer_a": ("Layer: a", "The activations of all neurons in the selected neuron's layer, up to eight."),
    "layer_z": ("Layer: z", "What the activations in the selected neuron's layer are applied to, up to eight."),
}
"""For each of `gui.document.looks.HEIGHTS` what is shown, and a tip."""

COLOURING_TEXTS = {
    "own": ("Own colors", "Classes and values in their colors, of several neurons each in one of its own."),
    "height": ("By height", "One scale of colors from the bottom to the top, which stands beside the axis."),
    "class": ("By nearest point", "The class, or the value, of the point that is nearest."),
}
"""For each of `gui.document.looks.COLOURINGS` what the colours say, and a tip."""


SLICES_TIP = "Curves over x₁ at chosen x₂, which build the surface up one by one."


def height_texts(height: str, dataset: Dataset) -> tuple[str, str]:
    """Return what a height is called among the points of a data set, and a tip: a class by its name."""
    if height not in CLASS_LETTERS[: dataset.n_classes]:
        return HEIGHT_TEXTS[height]
    name = class_text(dataset, CLASS_LETTERS.index(height))
    return f"Class {name}", f"How likely class {name} is."


def offered_heights(dataset: Dataset, selected: Selection) -> list[str]:
    """Return which heights there are, entries of `gui.document.looks.HEIGHTS`."""
    offered = ["likeliest"]
    if not dataset.is_regression:
        offered += ["each", *CLASS_LETTERS[: dataset.n_classes]]
    if isinstance(selected, Unit):
        offered += ["neuron_a", "layer_a"]
        if selected.layer > 0:
            offered += ["neuron_z", "neuron_za", "layer_z"]
    return offered


class SpaceControls(QWidget):
    """The choices, which lie over the upper right corner of a view.

    Parameters
    ----------
    view : View
    parent : QWidget
        What they lie over.
    """

    def __init__(self, view: View, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._height = ChoiceBox("Height", {name: HEIGHT_TEXTS[name] for name in HEIGHTS})
        self._height.chosen.connect(lambda height: view.set(height=height))
        self._colouring = ChoiceBox("Colors", {name: COLOURING_TEXTS[name] for name in COLOURINGS})
        self._colouring.chosen.connect(lambda colouring: view.set(colouring=colouring))
        self._sliced = QToolButton()
        self._sliced.setText("Slices")
        self._sliced.setCheckable(True)
        self._sliced.setProperty("beside", True)
        self._sliced.setAccessibleName("Slices")
        self._sliced.setToolTip(as_tip(SLICES_TIP))
        self._sliced.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sliced.pressed.connect(leave_field)
        self._sliced.clicked.connect(self._on_sliced)
        self._bar = SliceBar(view)
        row = self._row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addStretch(1)
        for widget in (self._sliced, self._colouring, self._height):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addLayout(row)
        column.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignRight)

    def show_choices(self, dataset: Dataset, selected: Selection) -> None:
        """Offer what there is for the points that are shown and what is selected, and show what is chosen."""
        settings, offered = self._view.settings, offered_heights(dataset, selected)
        self._height.setVisible(len(offered) > 1)
        self._height.setItemText(0, "Value" if dataset.is_regression else HEIGHT_TEXTS["likeliest"][0])
        for index, name in enumerate(HEIGHTS):
            if name in CLASS_LETTERS:
                self._height.setItemText(index, height_texts(name, dataset)[0])
        self._height.offer(offered)
        self._height.show_choice(settings.height if settings.height in offered else "likeliest")
        self._colouring.show_choice(settings.colouring)
        self._sliced.setChecked(bool(settings.slices))
        self._bar.setVisible(bool(settings.slices))
        self._bar.synchronize(dataset)

    def fit(self, width: int) -> None:
        """Take the room that there is; what is chosen least gives way first."""
        for widget in (self._colouring, self._sliced):
            widget.show()
        for widget in (self._colouring, self._sliced):
            self._row.invalidate()
            if self._row.sizeHint().width() <= width:
                break
            widget.hide()
        self._bar.fit(width)
        self.adjustSize()

    @Slot(bool)
    def _on_sliced(self, is_sliced: bool) -> None:
        slice_surface(self._view, sliced=is_sliced)


def slice_surface(view: View, *, sliced: bool) -> None:
    """Show a first slice, or the whole surface again."""
    view.set(slices=(0.0,) if sliced else ())


class SliceBar(QFrame):
    """Says at which x2 there are slices: a list to type in, a button for the next one, and one for one less."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._axis = Axis()
        self.setProperty("role", "segments")
        self._name = label("x₂", "muted")
        self._field = EntryField(
            "Slices at x₂",
            f"Where the slices are: numbers, or from:to:step; at most {MOST_SLICES}.",
        )
        self._field.setFixedWidth(theme.px(_FIELD_PX))
        self._field.entered.connect(self._on_entered)
        self._add = _round_button("Add a slice", "One more slice, amid the widest gap.")
        self._add.clicked.connect(self._on_added)
        self._remove = _round_button("Remove a slice", "One slice less, the last of the list.")
        self._remove.clicked.connect(self._on_removed)
        self._surface = QCheckBox("Surface")
        self._surface.setAccessibleName("Surface behind its slices")
        self._surface.setToolTip(as_tip("The whole surface behind its slices."))
        self._surface.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._surface.toggled.connect(lambda shown: view.set(sliced_surface=shown))
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        row.setSpacing(_GAP)
        for widget in (self._name, self._field, self._add, self._remove, self._surface):
            row.addWidget(widget)
        theme.manager().changed.connect(self._draw_icons)
        self._draw_icons()

    def synchronize(self, dataset: Dataset) -> None:
        """Show where the slices are, in the units of the points' person."""
        settings = self._view.settings
        _, self._axis = plane_axes(dataset)
        name = name_text(self._axis.name, _LONGEST_NAME)
        self._name.setText(name)
        self._name.setToolTip(as_tip(self._axis.name))
        self._field.setAccessibleName(f"Slices at {name}")
        if not self._field.hasFocus():
            self._field.setText(slices_text(settings.slices, self._axis))
        self._add.setEnabled(len(settings.slices) < MOST_SLICES)
        self._surface.setChecked(settings.sliced_surface)

    def fit(self, width: int) -> None:
        """Take the room that there is: where it is little the list is shorter, and then the surface has no switch."""
        self._surface.show()
        for least in (theme.px(_LEAST_FIELD_PX), 0):
            self._row.invalidate()
            room = width - (self.sizeHint().width() - self._field.width())
            self._field.setFixedWidth(max(min(theme.px(_FIELD_PX), room), theme.px(_LEAST_FIELD_PX)))
            if room >= least:
                break
            self._surface.hide()

    @Slot()
    def _draw_icons(self) -> None:
        colour = theme.current().text
        self._add.setIcon(icon("add", colour))
        self._remove.setIcon(icon("remove", colour))

    @Slot()
    def _on_entered(self) -> None:
        settings = self._view.settings
        try:
            slices = typed_slices(self._field.text(), self._axis)
        except ValueError as error:
            refuse(self._field, as_sentence(error))
            self._field.setText(slices_text(settings.slices, self._axis))
            return
        self._view.set(slices=slices, reach=reach_for(slices, settings.reach))

    @Slot()
    def _on_added(self) -> None:
        settings = self._view.settings
        reach = settings.reach
        self._view.set(slices=(*settings.slices, next_slice(settings.slices, Plane(-reach, reach, -reach, reach))))

    @Slot()
    def _on_removed(self) -> None:
        self._view.set(slices=self._view.settings.slices[:-1])


def _round_button(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "round")
    button.setAccessibleName(name)
    button.setToolTip(as_tip(tip))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.pressed.connect(leave_field)
    return button
