"""How a network learns: trainer, optimizers, schedules, penalties, and how well it does."""
