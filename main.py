"""The command line of NetCanvas."""

import argparse
import os
import sys

from gui.headless.arguments import read_arguments
from gui.program import startup, streams


def main(argv: list[str] | None = None) -> int:
    """Open the window, unless the arguments ask for something else.

    Parameters
    ----------
    argv : list of str, optional
        The arguments without the program's name; those of the process when left out.

    Returns
    -------
    int
        The exit status: 0 when all went well, 1 when the window cannot open or a file cannot be read or written, 2 for
        wrong arguments, 3 for a run that diverged, 130 after Ctrl+C, 141 when nobody reads the output, and 143 after
        SIGTERM.
    """
    # The matrices are tiny: handing a product to several BLAS threads takes longer than the product, and the threads
    # spin on the core that draws the window. BLAS reads these once, when NumPy is imported.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    streams.prepare()
    try:
        status = _answer(argv)
    except SystemExit:
        # A help text, or a sentence on what is wrong, is written.
        problem = streams.flush_output()
        if problem is None:
            raise
        return _complain(f"netcanvas: {problem}")
    problem = streams.flush_output()
    return status if problem is None else _complain(f"netcanvas: {problem}")


def _answer(argv: list[str] | None) -> int:
    try:
        arguments = read_arguments(argv)
        return _open_window(arguments.file, arguments.state) if arguments.command is None else _run_command(arguments)
    except KeyboardInterrupt:
        return 130
    except ImportError as error:
        problem = startup.explain_import(error)
        if problem is None:
            raise
    return _complain(problem)


def _open_window(file: str | None, state: str | None) -> int:
    problem = startup.find_problem()
    if problem is not None:
        return _complain(problem)
    from gui.app import run

    return run(["netcanvas"], file, state)


def _run_command(arguments: argparse.Namespace) -> int:
    from gui.headless.commands import run_command

    return run_command(arguments)


def _complain(problem: str) -> int:
    print(problem, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
