"""Headings: the texts of an animation's pictures, its counters, and the legends of colours and markers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.items.legend import paint_swatch, paint_values
from gui.theme import Theme, figure_font
from model.data.dataset import Dataset, class_name
from model.run.history import KeyFrame

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft | _MIDDLE, Qt.AlignmentFlag.AlignRight | _MIDDLE
_TITLE_PX, _CAPTION_PX, _PANEL_PX, _SMALL_PX, _FIGURE_PX = 22, 14, 11, 11, 19
_COUNTER_GAP = 26.0
_VALUE_SAMPLES = 400
_SWATCH, _NAME_GAP, _ENTRY_GAP = 16.0, 4.0, 11.0


def paint_title(painter: QPainter, row: QRectF, text: str, theme: Theme) -> None:
    """Draw the title of the animation, cut off where it is too long."""
    _paint_line(painter, row.adjusted(4, 0, -8, 0), text, theme, _TITLE_PX, bold=True)


def paint_caption(painter: QPainter, row: QRectF, text: str, theme: Theme) -> None:
    """Draw the line below the picture."""
    _paint_line(painter, row.adjusted(4, 0, -4, 0), text, theme, _CAPTION_PX, bold=False)


def _paint_line(painter: QPainter, row: QRectF, text: str, theme: Theme, size: int, *, bold: bool) -> None:
    painter.setFont(figure_font(size, bold=bold))
    painter.setPen(theme.text if bold else theme.muted)
    shown = QFontMetricsF(painter.font()).elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, row.width())
    painter.drawText(row, _LEFT, shown)


def paint_panel_title(painter: QPainter, row: QRectF, text: str, theme: Theme) -> float:
    """Draw the name of a panel in capitals; return where it ends."""
    font = figure_font(_PANEL_PX, bold=True)
    font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 0.8)
    painter.setFont(font)
    painter.setPen(theme.muted)
    painter.drawText(row, _LEFT, text.upper())
    return row.left() + QFontMetricsF(font).horizontalAdvance(text.upper())


# Counters


def counters(frame: KeyFrame, *, test_points: bool) -> list[tuple[str, str, str]]:
    """Return the name, the text and the longest usual text of each number that stands above the picture."""
    metrics = frame.metrics
    rows = [("step", f"{frame.step:,}", "000,000"), ("epoch", f"{frame.epoch:,}", "00,000")]
    rows.append(("loss", _loss_text(metrics.train_loss), "0.0000"))
    if frame.dataset.is_regression:
        train, test, name, write = metrics.train_r2, metrics.test_r2, "R²", _r2_text
    else:
        train, test, name, write = metrics.train_accuracy, metrics.test_accuracy, "accuracy", _share_text
    rows.append((name, write(train), "100.0%"))
    if test_points and test is not None:
        rows.append((f"test {name}", write(test), "100.0%"))
    return rows


def _loss_text(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.4f}" if value < 100 and (value == 0 or value >= 0.001) else f"{value:.2g}"


def _share_text(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _r2_text(value: float | None) -> str:
    if value is None:
        return "–"
    return (f"{value:.3f}" if value > -100 else f"{value:.0e}").replace("-", "−")


def paint_counters(
    painter: QPainter, row: QRectF, rows: Sequence[tuple[str, str, str]], theme: Theme, *, right: bool
) -> None:
    """Draw numbers with their names above them, each in a column whose width does not change with the number."""
    small, figures = figure_font(_SMALL_PX), figure_font(_FIGURE_PX, bold=True)
    small_metrics, metrics = QFontMetricsF(small), QFontMetricsF(figures)
    widths = [
        max(small_metrics.horizontalAdvance(name), metrics.horizontalAdvance(longest)) for name, _, longest in rows
    ]
    gap = _COUNTER_GAP
    if not right:
        gap = min(gap, (row.width() - 8 - sum(widths)) / max(len(widths) - 1, 1))
    left = row.right() - 4 - sum(widths) - gap * (len(widths) - 1) if right else row.left() + 4
    for (name, text, _), width in zip(rows, widths, strict=True):
        column = QRectF(left, row.top(), width, row.height())
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.setFont(small)
        painter.setPen(theme.muted)
        painter.drawText(column.adjusted(0, 2, 0, 0), align | Qt.AlignmentFlag.AlignTop, name)
        painter.setFont(figures)
        painter.setPen(theme.text)
        # A number that is longer than usual reaches over the gap instead of being cut off.
        wide = column.adjusted(-gap, 0, 0, 0) if right else column.adjusted(0, 0, gap, 0)
        painter.drawText(wide, align | Qt.AlignmentFlag.AlignBottom, text)
        left += width + gap


# Legends


def paint_legend(
    painter: QPainter, row: QRectF, dataset: Dataset, names: Sequence[str], theme: Theme, *, bands: bool
) -> None:
    """Draw which colour and marker is which class, or which colour is which value, at the right end of a row."""
    if dataset.is_regression:
        _paint_values(painter, row, theme, bands=bands)
    else:
        _paint_classes(painter, row, dataset.n_classes, names, theme)


def _paint_values(painter: QPainter, row: QRectF, theme: Theme, *, bands: bool) -> None:
    painter.setFont(figure_font(_SMALL_PX))
    painter.setPen(theme.muted)
    width = min(110.0, row.width() - 44)
    bar = QRectF(row.right() - 12 - width, row.center().y() - 5, width, 10)
    paint_values(painter, bar, theme, bands=bands, n_samples=_VALUE_SAMPLES)
    painter.drawText(QRectF(bar.left() - 40, row.top(), 34, row.height()), _RIGHT, "−1")
    painter.drawText(QRectF(bar.right() + 5, row.top(), 20, row.height()), _LEFT, "1")


def _paint_classes(painter: QPainter, row: QRectF, n_classes: int, names: Sequence[str], theme: Theme) -> None:
    painter.setFont(figure_font(12))
    metrics = QFontMetricsF(painter.font())
    room = row.width() / n_classes - _SWATCH - _NAME_GAP - _ENTRY_GAP
    texts = [names[index] if index < len(names) else class_name(index) for index in range(n_classes)]
    texts = [metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 9.0)) for text in texts]
    # A name of which next to nothing would be left gives way to its letter.
    texts = [class_name(index) if len(text) < 3 and text.endswith("…") else text for index, text in enumerate(texts)]
    widths = [_SWATCH + _NAME_GAP + metrics.horizontalAdvance(text) for text in texts]
    gap = min(_ENTRY_GAP, (row.width() - sum(widths)) / max(n_classes - 1, 1))
    left, middle = row.right() - sum(widths) - gap * (n_classes - 1), row.center().y()
    for index, (text, width) in enumerate(zip(texts, widths, strict=True)):
        paint_swatch(painter, QRectF(left, middle - 8, _SWATCH, 16), index, theme)
        painter.setPen(theme.muted)
        painter.drawText(QRectF(left + _SWATCH + _NAME_GAP, row.top(), width, row.height()), _LEFT, text)
        left += width + gap
