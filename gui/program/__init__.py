"""What stands round the window: start-up checks, and what happens to errors."""
