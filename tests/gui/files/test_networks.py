import json

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox

from gui.files.networks import NetworkFiles
from model.scripts.formats import NETWORK_FORMATS

FORMATS = list(NETWORK_FORMATS.values())
CASES = [(entry, "classes") for entry in FORMATS]
CASES += [(entry, kind) for entry in FORMATS[:2] for kind in ("values", "curve")]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def networks(bare_window, document):
    return NetworkFiles(bare_window, document)


@pytest.mark.parametrize(("entry", "kind"), CASES, ids=lambda case: getattr(case, "filter", str(case)))
def test_the_network_is_exported_in_every_format(networks, document, answered, tmp_path, choose_file, entry, kind):
    document.points.set_kind(kind)
    answered(document)
    network = document.displayed.network
    choose_file(tmp_path / "net", entry.filter)
    networks.ask_and_export()
    path = tmp_path / f"net{entry.suffix}"
    content = path.read_bytes()
    if entry.suffix == ".json":
        assert json.loads(content)["layer_sizes"] == list(network.settings.layer_sizes)
    elif entry.suffix == ".npz":
        with np.load(path) as arrays:
            assert np.array_equal(arrays["weights_1"], network.weights[0])
    else:
        text = content.decode()
        compile(text, path, "exec")
        assert ("import torch" in text) == ("PyTorch" in entry.filter)
        assert ("CLASS_NAMES" in text) == (kind == "classes")


def test_a_typed_suffix_chooses_the_format(networks, tmp_path, choose_file):
    choose_file(tmp_path / "net.json", FORMATS[0].filter)
    networks.ask_and_export()
    assert json.loads((tmp_path / "net.json").read_text())
    choose_file(tmp_path / "net.py", FORMATS[1].filter)
    networks.ask_and_export()
    assert "import torch" in (tmp_path / "net.py").read_text()


def test_no_file_chosen_means_nothing(networks, tmp_path, choose_file, said):
    choose_file(None)
    networks.ask_and_export()
    assert said() == ""


def test_a_network_that_cannot_be_written_is_told(
    networks, bare_window, tmp_path, choose_file, monkeypatch, answer_box
):
    def refuse(_network, _wording):
        raise ValueError("some weights are not finite")

    monkeypatch.setattr("model.scripts.formats.numpy_script", refuse)
    choose_file(tmp_path / "net.py", FORMATS[0].filter)
    networks.ask_and_export()
    told = answer_box(bare_window, QMessageBox.StandardButton.Close)
    assert told == "The network cannot be exported: some weights are not finite."
    assert not (tmp_path / "net.py").exists()


def test_the_run_is_exported_as_a_notebook(networks, document, answered, tmp_path, choose_file, qtbot):
    document.run.step()
    qtbot.waitUntil(lambda: document.displayed.step == 1)
    choose_file(tmp_path / "run", "Jupyter notebook (*.ipynb)")
    networks.ask_and_export_notebook()
    book = json.loads((tmp_path / "run.ipynb").read_text())
    assert any("FIRST_STEP, LAST_STEP = 0, 1" in "".join(cell["source"]) for cell in book["cells"])
