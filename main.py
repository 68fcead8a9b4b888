"""The command line of NetCanvas."""

import argparse
import os
import sys

from gui.headless import arguments as command_line
from gui.program import startup


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
        wrong arguments, of which some end the process at once, and 130 after Ctrl+C.
    """
    arguments = command_line.make_parser(startup.version()).parse_args(argv)

    # The matrices are tiny: handing a product to several BLAS threads takes longer than the product, and the threads
    # spin on the core that draws the window. BLAS reads these once, when NumPy is imported.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")

    if arguments.command is not None:
        return _run_command(arguments)

    problem = startup.find_problem()
    if problem is not None:
        print(problem, file=sys.stderr)
        return 1

    try:
        from gui.app import run

        return run(["netcanvas"])
    except KeyboardInterrupt:
        return 130


def _run_command(arguments: argparse.Namespace) -> int:
    """Do what needs no screen."""
    if arguments.command == "train":
        problem = startup.find_missing_python_packages()
    else:
        problem = startup.find_problem({**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    if problem is not None:
        print(problem, file=sys.stderr)
        return 1
    try:
        from gui.headless.commands import run_command

        return run_command(arguments)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
