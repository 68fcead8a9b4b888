"""The loss landscape as it is drawn: with contours or in 3D, with the paths of runs on it."""
