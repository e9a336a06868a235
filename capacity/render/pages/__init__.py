"""Pages: what people read of each object, as blocks."""
