import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

import gui
from gui.widgets.scroll import Scroll, VerticalScroll
from tests.gui.events import settle

WIDE, HIGH, LOW = 300, 220, 200
HEIGHTS = (240, 220, 219, 210, 201, 200, 199, 180)


class LowerWhereNarrower(QWidget):
    """220 pixels high where it has 300 or more in width, or else 200."""

    heights_px = (LOW, HIGH)
    height_px = 0

    def minimumSizeHint(self):
        return QSize(50, self.height_px)

    def resizeEvent(self, event):
        self.height_px = self.heights_px[self.width() >= WIDE]
        self.updateGeometry()


def in_scroll(content):
    column = VerticalScroll()
    column.column.addWidget(content)
    return column


def in_widget(content):
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(content)
    return Scroll(host)


@pytest.fixture(params=[in_scroll, in_widget])
def scroll(qtbot, request):
    result = request.param(LowerWhereNarrower())
    qtbot.addWidget(result)
    result.setFrameShape(Scroll.Shape.NoFrame)
    result.resize(WIDE, HIGH + 20)
    result.show()
    return result


def bar(scroll):
    settle()
    return scroll.verticalScrollBar()


def test_what_is_lower_where_it_is_narrower_comes_to_rest_at_each_height(scroll):
    """Qt's own scroll area fills the stack at the heights between the two that its content can have."""
    for height in [*HEIGHTS, *reversed(HEIGHTS)]:
        scroll.resize(WIDE, height)
        settle()
        content, room = scroll.widget(), scroll.viewport()
        assert content.width() == room.width()
        assert content.height() >= content.minimumSizeHint().height()
        assert bar(scroll).maximum() == content.height() - room.height()
        assert bar(scroll).isVisible() == (height < HIGH)


def test_a_bar_that_stayed_goes_with_the_reason_for_it(scroll):
    scroll.resize(WIDE, HIGH - 10)
    assert bar(scroll).isVisible()
    content = scroll.findChild(LowerWhereNarrower)
    content.heights_px = (LOW - 30, LOW - 20)
    content.height_px = LOW - 30
    content.updateGeometry()
    assert not bar(scroll).isVisible()
    assert scroll.widget().width() == WIDE


def test_there_is_no_other_scroll_area():
    others = []
    for path in Path(gui.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            kinds = [node.func] if isinstance(node, ast.Call) else getattr(node, "bases", [])
            others += [path.name for kind in kinds if ast.unparse(kind).endswith("QScrollArea")]
    assert others == ["scroll.py"]


def test_a_column_says_how_wide_it_is_before_it_is_laid_out(qtbot):
    scroll = in_scroll(QWidget())
    qtbot.addWidget(scroll)
    widths = []
    scroll.width_changed.connect(widths.append)
    scroll.setFrameShape(Scroll.Shape.NoFrame)
    scroll.resize(WIDE, HIGH)
    scroll.show()
    assert widths[-1] == WIDE
    assert scroll.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
