"""What was read, as arrays for the model."""
