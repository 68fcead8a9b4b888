"""The window of NetCanvas.

How data flows::

    mouse, keys -> tool or panel -> a part of the Document -> signal -> panels show the Document as it is
                                       | ^
                        message, queue v | mailbox: newest snapshot, every point of the loss curve
                                  TrainingThread -> model.run.run.Run, with trainer and network

- Data goes down by signal, intentions go up by method of a part of the Document. Panels never know each other.
- What is shown is ``document.displayed``, a frozen snapshot; every view draws from it alone.
- Undo covers what a person changes; training is not undone.
- Only the training thread touches the live parameters. It takes messages between batches and answers with copies.
- The interpreter runs one thread at a time. Steps in NumPy need it, so the two take turns: the thread trains for some
  milliseconds, makes a snapshot, and waits until the window has drawn it. That is fast and smooth; both at once would
  be neither. Compiled steps do without the interpreter: where there is a second processor the thread goes on while the
  window draws, two milliseconds at a time, and between them takes messages and makes a snapshot when one is wanted.
  What else computes in a thread, as a loss landscape, does so from copies, a few milliseconds at a time.
- Which engine a run has is decided with its first step and kept in its moments, so that what goes on from one of them
  is the same run to the bit. Compiled code is made in a process of its own, and fetched in the thread.
- A race of several runs has a thread of its own, in the same way; the window's run pauses while it trains.

Its rooms, each of which imports only from those below it::

    headless/                      the commands: train, evaluate, picture and more, without a window
    app.py, main_window.py         the program, and what puts the window together
    lessons/                       what leads a person through the window
    files/                         what is opened, saved, exported and recovered
    panels/, dialogs/, menus.py    the cards of the window, what asks, the menus
    actions/, export/              every action once, as data; pictures and animations
    tools/                         what the mouse does on the canvas
    items/                         what is painted, shared by panels and export
    document/, widgets/            the only mutable state; small widgets
    training_thread/               the only code that touches a live run
    program/, theme.py, icons.py   what stands round the window, and how it looks
"""
