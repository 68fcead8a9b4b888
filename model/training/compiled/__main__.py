"""``python -m model.training.compiled`` compiles, and puts the code where the program looks for it."""

from model.training.compiled.cache import build, is_ready

if __name__ == "__main__" and not is_ready():
    build()
