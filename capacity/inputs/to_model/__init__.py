"""What was read, as arrays for the model."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    district: SPREAD_OF_QUALITY build
    effects: check_places check_results
    levers: resolve
    """,
)
