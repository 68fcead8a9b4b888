"""What the document's tests share."""

from collections.abc import Callable

import pytest

from gui.document.document import Document


@pytest.fixture
def what_undo_restores() -> Callable[[Document], tuple]:
    """Take what is the same after a change has been undone."""

    def take(document):
        return document.run.setup, document.changes.generator_settings

    return take


@pytest.fixture
def trained(document, answered, qtbot) -> Document:
    """A document whose run has taken some hundred steps and is paused."""
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 300)
    document.run.set_playing(False)
    answered(document)
    return document
