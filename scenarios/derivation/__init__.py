"""How the example districts are worked out from the facts, one step per file."""
