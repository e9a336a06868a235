"""YAML with the place of every key, to checked shapes."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    shapes: checked term terms value_terms
    yaml: Document Mark Path parse_yaml read_yaml
    """,
)
