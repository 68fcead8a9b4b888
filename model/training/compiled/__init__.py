"""The compiled engine: whole bursts of training steps in one call, which lets other threads run meanwhile.

It does what :class:`model.training.trainer.Trainer` does with NumPy, which stays the reference and what is to be read:
the same batches in the same order, the same steps up to rounding. Its rules for activations, outputs, losses,
optimizers and schedules stand beside their registry entries; its loops are compiled by numba.

- :mod:`~model.training.compiled.coverage`: what it trains, and what it leaves to NumPy;
- :mod:`~model.training.compiled.bursts`: what the trainer calls;
- :mod:`~model.training.compiled.cache`: where compiled code is kept, how it gets there and is fetched;
- :mod:`~model.training.compiled.kernel`, with `products` and `numerics`: the loops. Only they import numba.
"""
