"""The loss panel: the loss over the steps, the confusion matrix, or the loss landscape."""
