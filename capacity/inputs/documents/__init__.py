"""YAML with the place of every key, to checked shapes."""
