"""Files to frozen, checked objects: the only place that reads what users write."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    calendar: entry_weights
    diff: ADDED CHANGED Changed DISTRICT LEVER REMOVED SETTING TABLE changed_inputs inputs_frame
        lever_changes
    """,
)
