"""What happens over time: a run, its key frames, its loss curve, and pictures of one moment."""
