"""Places: what of the window a lesson can point at, and hide, by its name."""

from __future__ import annotations

CARDS = {
    "data": "the card with the data sets and the canvas",
    "features": "the card with what the network is given of a point",
    "network": "the card with the diagram",
    "inspector": "the card with the selected neuron or weight",
    "output": "the card with what the network answers on the plane",
    "loss": "the card with the loss over the steps",
    "settings": "the card with everything about training that the toolbar has no room for",
}
"""The cards of the window, as the View menu has them."""

TOOLS = {
    f"tool_{name}": f"the tool {name} above the canvas"
    for name in ("point", "brush", "move", "select", "erase", "probe")
}

CONTROLS = {
    "play": "the button that plays and pauses",
    "step": "the button that takes one step",
    "epoch": "the button that trains to the end of the epoch",
    "rewind": "the button that goes back to the first weights",
    "reinitialise": "the button that draws new weights",
    "step_through": "the button that takes a step apart",
    "speed": "how many steps are taken in a second",
    "optimizer": "the choice of the optimizer",
    "learning_rate": "the field of the learning rate",
    "batch_size": "the field of the batch size",
    "hidden_activation": "the choice of the hidden layers' activation",
    "loss_function": "the choice of the loss",
    "regularization": "the choice of the penalty on weights",
    "problem": "the choice of classes, values or a curve",
    "data_sets": "the gallery of data sets",
    "points": "how many points are drawn",
    "noise": "the noise of the points",
    "training_share": "the share of the points that is for training",
    "regenerate": "the button that draws the data set again",
    "add_layer": "the button that adds a hidden layer",
    "remove_layer": "the button that removes the last hidden layer",
    "add_neuron": "the button that adds a neuron to the first hidden layer",
    "remove_neuron": "the button that removes a neuron from the first hidden layer",
    "edges": "what the edges of the diagram show",
    "inspector_page": "the pages of the inspector",
    "dimensions": "the choice of 2D or 3D for the output",
    "surface": "the regions or the probabilities of the output",
    "loss_view": "the pages of the card with the loss",
    "loss_scale": "the scale of the loss",
    "pin_run": "the button that keeps the run for comparison",
    "export_animation": "the button that exports an animation",
    "biases": "the choice of which neurons have biases, in the settings",
    "initializer": "how first weights are drawn, in the settings",
    "weight_seed": "the seed of the weights, in the settings",
    "reduction": "whether a step follows the mean or the sum of the gradients, in the settings",
}

VIEWS = {
    "canvas": "the plane on which points are drawn",
    "diagram": "the diagram of the network",
    "output_plane": "the plane with the network's answers",
    "loss_curve": "the curve of the loss",
    "timeline": "the moments of the run, at the foot of the window",
    "toolbar": "the strip under the menus",
}

MENUS = {
    f"menu_{name}": f"the menu {name.capitalize()}"
    for name in ("file", "edit", "data", "network", "train", "view", "lessons", "help")
}

PLACES = CARDS | TOOLS | CONTROLS | VIEWS | MENUS
"""Everything that a lesson can point at: name -> what it is."""

HIDEABLE = CARDS | TOOLS | CONTROLS | {"timeline": VIEWS["timeline"]}
"""Everything that a lesson can hide."""
