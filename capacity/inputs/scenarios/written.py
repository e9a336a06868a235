"""A scenario that was made or changed in Python, as the file that asks the same."""

from __future__ import annotations

import os

from capacity.inputs.documents.yaml import yaml_text
from capacity.inputs.scenarios.scenario import Scenario

#: What a file states of itself alone.
_OWN = ("name", "title", "question")


def scenario_text(scenario: Scenario) -> str | None:
    """Return the text of a file beside the scenario's own, which it extends.

    Where the scenario has no file, of one that names the district; None where its own file says
    all that is asked.
    """
    has_file = scenario.path in {record.path for record in scenario.files}
    if has_file and not scenario.since:
        return None
    stated: dict[str, object] = {"name": scenario.name, "title": scenario.title.model_dump()}
    if scenario.question is not None:
        stated["question"] = scenario.question.model_dump()
    if has_file:
        stated["extends"] = scenario.path.name
    else:
        folder = os.path.relpath(scenario.district.folder, scenario.path.parent)
        stated["district"] = folder.replace(os.sep, "/")
        stated["horizon"] = scenario.horizon.model_dump()
    changes = {key: value for key, value in scenario.since.items() if key not in _OWN}
    return yaml_text(stated | changes)
