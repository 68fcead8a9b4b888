import json

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox

from gui.files.experiments import ExperimentFiles
from gui.files.networks import NetworkFiles
from model import Network
from model.scripts.formats import NETWORK_FORMATS
from model.scripts.onnx_reader import read_onnx
from model.scripts.onnx_writer import onnx_bytes

FORMATS = list(NETWORK_FORMATS.values())
CASES = [(entry, "classes") for entry in FORMATS]
CASES += [(entry, kind) for entry in FORMATS[:2] for kind in ("values", "curve")]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def networks(bare_window, document):
    return NetworkFiles(bare_window, document, ExperimentFiles(bare_window, document))


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
    elif entry.suffix == ".onnx":
        assert read_onnx(content).network.settings.layer_sizes == network.settings.layer_sizes
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


class TestImport:
    def test_a_network_of_another_program_is_opened_among_the_points(self, window, tmp_path, qtbot):
        document = window.document
        path = tmp_path / "net.onnx"
        network = Network([2, 4, 3], seed=5)
        path.write_bytes(onnx_bytes(network))
        points = document.dataset
        window.open_file(path)
        assert document.dataset == points
        assert document.network_settings.layer_sizes == (2, 4, 3)
        qtbot.waitUntil(lambda: document.displayed.network.settings == document.network_settings)
        np.testing.assert_allclose(document.displayed.network.parameters, network.parameters, atol=1e-7)
        assert window.statusBar().currentMessage() == "Opened the network of net.onnx, with the present points."

    def test_one_that_cannot_be_shown_is_refused(self, window, tmp_path, answer_box):
        path = tmp_path / "net.onnx"
        before = window.document.network_settings
        for content, why in ((b"hello", "it is not an ONNX model"), (onnx_bytes(Network([2, 70, 3])), "2-70-3")):
            path.write_bytes(content)
            window.open_file(path)
            assert why in answer_box(window, QMessageBox.StandardButton.Close)
        window.networks.open(tmp_path / "none.onnx")
        assert "there is no such file" in answer_box(window, QMessageBox.StandardButton.Close)
        assert window.document.network_settings == before
