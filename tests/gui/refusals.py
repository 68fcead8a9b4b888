"""What a person sees under a field that refuses something."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from gui.widgets.refusal import Refusal, refusal_of


def said_under(field: QWidget) -> str:
    """Return the sentence that is seen whole under a field, or above it; nothing where there is none."""
    refusal = refusal_of(field)
    return refusal.sentence if refusal is not None and is_seen(refusal) else ""


def is_seen(refusal: Refusal) -> bool:
    """Return whether a sentence is in its window, beside its field, over all else, and not cut."""
    window, field = refusal.parentWidget(), refusal.field
    (text,) = refusal.children()
    own = refusal.geometry()
    of_field = field.rect().translated(field.mapTo(window, QPoint(0, 0)))
    gap = max(own.top() - of_field.bottom(), of_field.top() - own.bottom())
    return (
        refusal.isVisible()
        and window.rect().contains(own)
        and 0 < gap < 10
        and own.left() <= of_field.right()
        and own.right() >= of_field.left()
        and window.childAt(own.center()) in (refusal, text)
        and text.heightForWidth(own.width()) <= own.height()
    )
