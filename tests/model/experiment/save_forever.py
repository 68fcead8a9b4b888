"""Saves two experiments to one path, in turn, until it is ended; says so when the first is there.

python tests/model/experiment/save_forever.py PATH
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from model import Network, Trainer, TrainingSettings
    from model.data.generators import GeneratorSettings, generate
    from model.experiment import Experiment, save_experiment
    from model.run.history import History, KeyFrame

    experiments = []
    for name, n_steps in (("old", 10), ("new", 400)):
        generator = GeneratorSettings("moons", n_points=100)
        dataset = generate(generator)
        training = TrainingSettings(optimizer="adam")
        trainer = Trainer(Network([2, 8, 8, 2]), dataset, training)
        history = History()
        for _ in range(n_steps):
            history.append(KeyFrame.of(trainer))
            trainer.run_steps(1)
        experiments.append(Experiment(trainer.setup, generator, history, name=name))
    while True:
        for experiment in experiments:
            save_experiment(experiment, sys.argv[1])
            print(experiment.name, flush=True)  # noqa: T201 - who waits for it reads this


if __name__ == "__main__":
    main()
