"""Two windows are killed while somebody works in them, time and again: nothing is lost."""

import logging
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import gui
from gui.files.recovery import recovery_folder
from model.experiment import load_experiment
from tests.gui.files.work_until_killed import number_of

PROGRAM = Path(__file__).with_name("work_until_killed.py")

OLDEST_S = 5.0
"""How old the copy of what a killed window had may be, when it is kept every 0.2 s and the machine is busy."""

_log = logging.getLogger(__name__)


def start(folder, number, seed):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(gui.__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(folder), str(number), str(seed)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def copies(folder):
    """Return what is on the disk: number of the experiment -> when each copy was written and how far its run is."""
    found = {}
    for path in [*folder.glob("*.netcanvas"), *recovery_folder().glob("*.netcanvas")]:
        experiment = load_experiment(path)
        number = number_of(experiment.dataset)
        found.setdefault(number, []).append((path.stat().st_mtime, experiment.history.frames[-1].step))
    return found


def work_and_kill(folder, rounds, seed, longest):
    """Let two windows work and kill them after at most `longest` seconds, so many times.

    Return how many experiments there are, and how old the newest copy of one was at most.
    """
    chance = random.Random(seed)
    known: dict[int | None, int] = {}
    oldest = 0.0
    for turn in range(rounds):
        programs = [start(folder, 2 * turn + window, chance.randrange(10**6)) for window in range(2)]
        try:
            begun = []
            for program in programs:
                assert program.stdout.readline() == "works\n", program.stderr.read()
                begun.append(time.time())
            time.sleep(chance.uniform(0, longest))
            for program in programs:
                program.kill()
            killed = time.time()
        finally:
            for program in programs:
                program.kill()
                errors = program.communicate()[1]
                assert "Traceback" not in errors, errors
        found = copies(folder)
        assert known.keys() <= found.keys(), f"{known.keys() - found.keys()} are gone in turn {turn}"
        newest = {number: max(steps for _, steps in there) for number, there in found.items()}
        for number, steps in known.items():
            assert newest[number] >= steps, f"{number} has gone back in turn {turn}"
        written = sorted((max(times for times, _ in there) for there in found.values()), reverse=True)[:2]
        if killed - max(begun) > OLDEST_S:
            assert len(written) == 2
            oldest = max(oldest, killed - written[-1])
        known = newest
    assert oldest < OLDEST_S
    return len(known), oldest


def test_nothing_is_lost_in_a_few_kills(tmp_path, engine):
    work_and_kill(tmp_path, rounds=2, seed=1, longest=1.0)


@pytest.mark.soak
def test_nothing_is_lost_in_two_hundred_kills(tmp_path, engine):
    n_experiments, oldest = work_and_kill(tmp_path, rounds=100, seed=2, longest=6.0)
    _log.info("%d experiments; the oldest copy was %.2f s old", n_experiments, oldest)
