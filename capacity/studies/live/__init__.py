"""Live levers: a run moved in a page, by its own arithmetic and the luck of its draws."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    luck: DRAWS luck_data shocks_of unpacked
    page: live_tab tab_of words_of
    study: kernel live_data offered
    """,
)
