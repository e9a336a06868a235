"""YAML and JSON with the place of every key, to checked shapes."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    jsonfile: JsonDocument read_json
    shapes: checked term terms value_terms
    yaml: Document Mark Path parse_yaml read_yaml yaml_text
    """,
)
