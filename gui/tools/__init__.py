"""What the mouse does on the plane: each tool a small class, all of them in one table."""

from gui.tools.base import Canvas, Tool
from gui.tools.brush import BrushTool
from gui.tools.erase import EraseTool
from gui.tools.hand import ToolHand
from gui.tools.move import MoveTool
from gui.tools.point import PointTool
from gui.tools.probe import ProbeTool
from gui.tools.select import SelectTool

TOOLS: dict[str, type[Tool]] = {
    tool.name: tool for tool in (PointTool, BrushTool, MoveTool, SelectTool, EraseTool, ProbeTool)
}
"""Every tool, by name, in the order of the buttons."""

__all__ = ["TOOLS", "Canvas", "Tool", "ToolHand"]
