"""Scenario files with all that they extend."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    extends: merge
    reread: district_once
    scenario: MAX_YEARS Scenario check load_scenario read_scenario
    schema: ScenarioFile district_schema scenario_schema
    written: scenario_text
    """,
)
