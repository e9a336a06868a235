"""Values as YAML text, which `capacity.inputs.documents.yaml` reads back as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from capacity.inputs.documents.yaml import WIDE_COLON, is_plain_text


class _Dumper(yaml.SafeDumper):
    """Quotes every text that YAML 1.1 and 1.2 read differently, and folds none."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if is_plain_text(text) and WIDE_COLON not in text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def yaml_text(stated: Mapping[str, object]) -> str:
    """Return what a mapping states as the text of a YAML file.

    >>> print(yaml_text({"name": "late", "levers": ({"kind": "delay", "add": 2},)}), end="")
    name: late
    levers:
    - kind: delay
      add: 2
    """
    text: str = yaml.dump(
        _plain(stated), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**20
    )
    return text


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [*map(_plain, value)] if isinstance(value, list | tuple) else value
