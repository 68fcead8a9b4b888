"""The notice bar: a sentence on what stands in the way, with a button where one click can help."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from gui.document import Document
from gui.widgets import label


class NoticeBar(QFrame):
    """Shown only while there is a notice."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.setObjectName("notice")
        self.setProperty("role", "notice")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        self._text = label()
        self._halve = QPushButton("Halve the learning rate")
        self._halve.setObjectName("primary")
        self._halve.clicked.connect(document.halve_learning_rate)
        row.addWidget(self._text, 1)
        row.addWidget(self._halve)
        document.notice_changed.connect(self._synchronize)
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        notice = self._document.notice
        self.setVisible(notice is not None)
        if notice is not None:
            self._text.setText(notice.text)
            self.setAccessibleName(notice.text)
            self._halve.setVisible(notice.offers_halving)
