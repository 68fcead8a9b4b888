"""From a recorded run to a film: frames are painted from key frames, and encoded."""
