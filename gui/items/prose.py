"""Prose: Markdown from a file with its formulas typeset, of which nothing loads or leads anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import (
    QFontInfo,
    QFontMetricsF,
    QImage,
    QPainter,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QTextEdit

from gui import theme
from gui.items.line_breaks import broken
from gui.items.typeset import Typeset, dyed, typeset
from gui.program.guard import guarded

_FORMULA_GROWTH = 1.15
"""How much larger than the text formulas are, so that their letters look as large."""

_GAP_PX, _ITEM_GAP_PX, _INDENT_PX = 7, 3, 18

_SCHEME = "formula"
_PIECES = re.compile(
    r"(?P<code>(?P<fence>```|~~~).*?(?:(?P=fence)|\Z)|(?P<ticks>`+).+?(?P=ticks)|\\.)"
    r"|(?P<signs>\${1,2})(?P<formula>[^$]+)(?P=signs)",
    re.DOTALL,
)
_FEATURES = QTextDocument.MarkdownFeature.MarkdownNoHTML | QTextDocument.MarkdownFeature.MarkdownDialectGitHub


class _Document(QTextDocument):
    """A text that loads nothing but the pictures that were put into it."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return an empty picture, whatever the text asks for."""
        return QImage()


class Prose(QTextEdit):
    """Shows a text, as wide as it is, and scrolls.

    HTML is shown as it is written, pictures are left out, and links are words like others.

    Parameters
    ----------
    name : str
        The accessible name.
    """

    own_keys: ClassVar[tuple[Qt.Key, ...]] = (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    )

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("prose")
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDocument(_Document(self))
        self.document().setDocumentMargin(0)
        self._markdown = ""
        self._formulas: tuple[str, ...] = ()
        self._room = 0
        theme.manager().changed.connect(self._render)

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formulas of the text, in LaTeX."""
        return self._formulas

    def show_markdown(self, markdown: str) -> None:
        """Show a text, from its beginning."""
        self._markdown = markdown
        self.setAccessibleDescription(markdown)
        self._render()
        self.verticalScrollBar().setValue(0)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break formulas for another width."""
        super().resizeEvent(event)
        if self._formulas and self.viewport().width() != self._room:
            self._render()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Draw formulas as large as the text is now."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._formulas:
            self._render()

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl the text does not grow, which the whole window does."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().wheelEvent(event)

    @Slot()
    def _render(self) -> None:
        """Lay the text out, with its formulas in the present colours."""
        place = self.verticalScrollBar().value()
        document, self._room = self.document(), self.viewport().width()
        text, formulas = _without_formulas(self._markdown)
        self._formulas = tuple(latex for latex, _ in formulas)
        document.setDefaultFont(self.font())
        document.setIndentWidth(theme.px(_INDENT_PX))
        document.setMarkdown(text, _FEATURES)
        self._make_harmless()
        self._space()
        for start, length, name in reversed(list(self._pictures())):
            self._put_formula(start, length, name)
        self.verticalScrollBar().setValue(place)

    def _fragments(self) -> Iterator[tuple[int, int, QTextCharFormat]]:
        """Yield where each piece of one format begins, how long it is, and its format."""
        block = self.document().begin()
        while block.isValid():
            pieces = block.begin()
            while not pieces.atEnd():
                piece = pieces.fragment()
                yield piece.position(), piece.length(), piece.charFormat()
                pieces += 1
            block = block.next()

    def _pictures(self) -> Iterator[tuple[int, int, str]]:
        for start, length, form in self._fragments():
            if form.isImageFormat():
                yield start, length, form.toImageFormat().name()

    def _make_harmless(self) -> None:
        """Let links be words like others."""
        for start, length, form in list(self._fragments()):
            if form.isAnchor():
                plain = QTextCharFormat(form)
                for key in (QTextCharFormat.Property.AnchorHref, QTextCharFormat.Property.IsAnchor):
                    plain.clearProperty(key.value)
                plain.clearForeground()
                plain.setFontUnderline(False)
                self._marked(start, length).setCharFormat(plain)

    def _space(self) -> None:
        """Let paragraphs stand apart, and the items of a list less so."""
        block, was_item = self.document().begin().next(), False
        while block.isValid():
            is_item = block.textList() is not None
            form = block.blockFormat()
            form.setTopMargin(theme.px(_ITEM_GAP_PX if is_item and was_item else _GAP_PX))
            form.setBottomMargin(0)
            QTextCursor(block).setBlockFormat(form)
            block, was_item = block.next(), is_item

    def _marked(self, start: int, length: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _put_formula(self, start: int, length: int, name: str) -> None:
        """Replace one picture by the pictures of its formula, as many as fit below each other; another one by none."""
        cursor = self._marked(start, length)
        cursor.removeSelectedText()
        scheme, _, number = name.partition(":")
        if scheme != _SCHEME or not number.isdecimal() or int(number) >= len(self._formulas):
            return
        for index, picture in enumerate(self._typeset(self._formulas[int(number)])):
            if index:
                cursor.insertText(" ", QTextCharFormat())
            self._insert(cursor, picture, f"{name}.{index}")

    def _typeset(self, latex: str) -> list[Typeset]:
        colours, size = theme.current(), _FORMULA_GROWTH * QFontInfo(self.font()).pixelSize()
        room = max(self._room - theme.px(_INDENT_PX), 1.0)

        def picture(part: str) -> Typeset:
            return typeset(part, size, colours.text)

        whole = dyed(" ".join(latex.split()), colours)
        if picture(whole).size.width() <= room:
            return [picture(whole)]
        return [picture(part) for part in broken(whole, lambda part: picture(part).size.width(), room)]

    def _insert(self, cursor: QTextCursor, shown: Typeset, name: str) -> None:
        """Put a formula in the line so that its baseline is that of the text.

        Qt has the foot of a picture on the baseline, or as far below as the text's, or else half of it below.
        """
        room = max(self._room - theme.px(_INDENT_PX), 1.0)
        scale = min(room / max(shown.size.width(), 1.0), 1.0)
        width, ascent = scale * shown.size.width(), scale * shown.ascent
        below, text_below = scale * shown.size.height() - ascent, QFontMetricsF(self.font()).descent()
        form = QTextImageFormat()
        form.setFont(self.font())
        if below <= text_below:
            below = text_below
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        else:
            ascent = below = float(ceil(max(ascent, below)))
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        ratio = self.devicePixelRatioF()
        picture = QImage(ceil(width * ratio), ceil((ascent + below) * ratio), QImage.Format.Format_ARGB32_Premultiplied)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0.0, ascent - scale * shown.ascent)
        painter.scale(scale, scale)
        shown.paint(painter, QPointF(0.0, 0.0))
        painter.end()
        self.document().addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), picture)
        form.setName(name)
        form.setWidth(picture.width() / ratio)
        form.setHeight(picture.height() / ratio)
        cursor.insertImage(form)


def formulas_of(markdown: str) -> list[tuple[str, int]]:
    """Return the formulas of a text, in LaTeX and in their order, each with the line in which it begins, from 0."""
    return _without_formulas(markdown)[1]


def _without_formulas(markdown: str) -> tuple[str, list[tuple[str, int]]]:
    """Return a text with a picture in the place of each formula, and the formulas as :func:`formulas_of` does."""
    formulas: list[tuple[str, int]] = []

    def replaced(match: re.Match[str]) -> str:
        if match["code"]:
            return "$" if match["code"] == "\\$" else match["code"]
        formulas.append((match["formula"].strip(), markdown.count("\n", 0, match.start())))
        picture = f"![x]({_SCHEME}:{len(formulas) - 1})"
        return f"\n\n{picture}\n\n" if match["signs"] == "$$" else picture

    return _PIECES.sub(replaced, markdown), formulas
