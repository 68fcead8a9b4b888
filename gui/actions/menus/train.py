"""The Train menu: running, stepping, new runs and pinned ones."""

from __future__ import annotations

from gui.actions.action import Action, Menu, Window


def _play_tip(window: Window) -> str:
    if window.document.run.playing:
        return "Pause the training."
    if window.document.run.moment is not None:
        return "Train on from the moment that is shown, instead of what came after it; undo brings that back."
    return "Train until paused."


TRAIN = Menu(
    "&Train",
    (
        Action(
            id="play",
            title=lambda window: "&Pause" if window.document.run.playing else "&Play",
            tip=_play_tip,
            shortcuts=("Space",),
            icon=lambda window: "pause" if window.document.run.playing else "play",
            is_accented=True,
            call=lambda window: window.document.toggle_playing(),
        ),
        Action(
            id="step",
            title="&Step",
            tip="Take one step: one batch of points.",
            shortcuts=("Right",),
            icon="step",
            call=lambda window: window.document.step(),
        ),
        Action(
            id="step_back",
            title="Step &Back",
            tip="Look back at the moment before the one that is shown.",
            shortcuts=("Left",),
            call=lambda window: window.document.run.step_back(),
            parts=("Timeline",),
        ),
        Action(
            id="epoch",
            title="&Epoch",
            tip="Train to the end of this epoch: until every point was used once.",
            shortcuts=("Shift+Right",),
            icon="epoch",
            call=lambda window: window.document.run_epoch(),
        ),
        Action(
            id="step_through",
            title="Step T&hrough",
            tip="Take the next step apart, page by page, before it is taken.",
            shortcuts=("Ctrl+T",),
            icon="step-through",
            call=lambda window: window.toggle_panel("Step Through"),
            checked=lambda window: window.is_panel_shown("Step Through"),
        ),
        None,
        Action(
            id="rewind",
            title="Re&wind",
            tip="Go back to this run's first weights; undo brings the run back.",
            shortcuts=("Home",),
            icon="rewind",
            call=lambda window: window.document.changes.rewind(),
        ),
        Action(
            id="reinitialise",
            title="Re-&initialise",
            tip="Begin a new run with the weights of the next seed.",
            shortcuts=("Ctrl+R",),
            icon="reinitialise",
            call=lambda window: window.document.learning.reinitialise(),
        ),
        None,
        Action(
            id="slower",
            title="S&lower",
            tip="Fewer steps a second.",
            shortcuts=("Ctrl+Left",),
            call=lambda window: window.document.view.slower(),
            parts=("Speed",),
        ),
        Action(
            id="faster",
            title="&Faster",
            tip="More steps a second.",
            shortcuts=("Ctrl+Right",),
            call=lambda window: window.document.view.faster(),
            parts=("Speed",),
        ),
        None,
        Action(
            id="pin_run",
            title="Pi&n This Run",
            tip="Keep this run, to compare others with it.",
            shortcuts=("Ctrl+P",),
            icon="pin",
            call=lambda window: window.document.pins.pin(),
        ),
        Action(
            id="compare_runs",
            title="&Compare Runs…",
            tip="Show the pinned runs side by side.",
            call=lambda window: window.dialogs.compare_runs(),
        ),
        Action(
            id="race",
            title="R&ace…",
            tip="Train up to four optimizers or learning rates beside each other, from the same weights and batches.",
            shortcuts=("Ctrl+Shift+R",),
            call=lambda window: window.dialogs.race(),
        ),
    ),
)
