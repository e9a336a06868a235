"""Levers: what a scenario may change, and what its changes must keep."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    cells: Cells
    checks: check_levers
    kinds: Declaration KINDS LIMITS OWN_KEYS
    lever: Lever ProjectRow Where
    read: added_projects as_stated canonical_codes given_levers stated_levers
    """,
)
