"""What differs in the inputs of two scenarios."""
