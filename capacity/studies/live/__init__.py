"""A run that can be moved in a page: its arithmetic in JavaScript, and the luck of its draws."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    luck: DRAWS luck_data shocks_of unpacked
    study: kernel live_data offered
    """,
)
