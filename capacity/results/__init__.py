"""The result of a run and its folder: frames, labels, notes, identity."""
