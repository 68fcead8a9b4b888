"""The panel that shows the network's answer over the plane, from above or in 3D."""
