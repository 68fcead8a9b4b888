"""The window of NetCanvas.

How data flows::

    mouse, keys -> tool or panel -> Document -> signal -> panels show the Document as it is
                                       | ^
                        message, queue v | mailbox: newest snapshot, every point of the loss curve
                                  TrainingThread owns Trainer and Network

- Data goes down by signal, intentions go up by method of the Document. Panels never know each other.
- What is shown is ``document.displayed``, a frozen snapshot; every view draws from it alone.
- Undo covers what a person changes; training is not undone.
- Only the training thread touches the live parameters. It takes messages between batches and answers with copies.
- The interpreter runs one thread at a time, so the two take turns: the thread trains for some milliseconds, makes a
  snapshot, and waits until the window has drawn it. That is fast and smooth; both at once would be neither.

Imports run one way: ``app -> main_window -> panels, menus -> actions -> items, tools -> widgets, document -> session ->
commands, training_thread, selection, theme -> model``.
"""
