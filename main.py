"""The command line of NetCanvas."""

import argparse
import os
import sys

from gui import startup


def main(argv: list[str] | None = None) -> int:
    """Open the window, unless the arguments ask for something else.

    Parameters
    ----------
    argv : list of str, optional
        The arguments without the program's name; those of the process when left out.

    Returns
    -------
    int
        The exit status: 0 when all went well, 1 when the window cannot open. Wrong arguments end the process with 2.
    """
    parser = argparse.ArgumentParser(
        prog="netcanvas",
        description="A desktop laboratory for small neural networks: draw data, train, watch.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"NetCanvas {startup.version()}")
    parser.parse_args(argv)

    # The matrices are tiny: handing a product to several BLAS threads takes longer than the product, and the threads
    # spin on the core that draws the window. BLAS reads these once, when NumPy is imported.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")

    problem = startup.find_problem()
    if problem is not None:
        print(problem, file=sys.stderr)
        return 1

    try:
        from gui.app import run

        return run(["netcanvas"])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
