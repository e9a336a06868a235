"""``python -m capacity`` is the command ``capacity``."""

from __future__ import annotations

from capacity.cli import main

main()
