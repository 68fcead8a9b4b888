"""The timeline: the run so far, to be looked back at, played again and gone on from."""
