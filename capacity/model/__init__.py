"""The model on arrays: arrays in, arrays out; no files and no frames."""
