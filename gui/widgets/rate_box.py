"""RateBox: a learning rate, typed or chosen."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit

from gui.widgets.choices import CalmComboBox
from gui.widgets.refusal import refuse
from gui.widgets.texts import as_tip
from model.numbers import AmbiguousNumberError, number_text, typed_number

LEARNING_RATES = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 1.0, 3.0, 10.0)


class RateBox(CalmComboBox):
    """Offers common learning rates, and takes any number that is typed; what is none is refused with a sentence.

    Parameters
    ----------
    name : str
        The accessible name.
    tip : str
    """

    entered = Signal(float)

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self._shown = ""
        # Qt's own line may come with the wrapper of another widget that was there before.
        line_edit = QLineEdit(self)
        self.setLineEdit(line_edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        # What is typed is meant as it stands: Qt would complete 0 to 0.0001.
        self.setCompleter(None)  # type: ignore[arg-type]  # the stub does not know that None is allowed
        self.addItems([number_text(rate) for rate in LEARNING_RATES])
        self.setToolTip(as_tip(tip))
        self.setAccessibleName(name)
        self.activated.connect(self._on_entered)
        line_edit.setAccessibleName(name)
        line_edit.editingFinished.connect(self._on_entered)

    def follow(self, rate: float) -> None:
        """Show a rate, without a signal."""
        self._shown = number_text(rate)
        with QSignalBlocker(self):
            self.setEditText(self._shown)

    @Slot()
    def _on_entered(self) -> None:
        text = self.currentText().strip()
        if text == self._shown:
            return
        try:
            rate = typed_number(text)
        except AmbiguousNumberError as error:
            refuse(self, str(error))
        except ValueError:
            refuse(self, f"“{text}” is not a number: a learning rate is a number above 0, like 0.03.")
        else:
            self.entered.emit(rate)
            return
        self.setEditText(self._shown)
