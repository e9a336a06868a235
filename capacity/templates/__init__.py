"""District folders to start from: an invented example to fill in, or an existing district."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    folder: SCENARIO guide_name names_of write
    presets: language_of levels_known
    """,
)
