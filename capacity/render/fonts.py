"""Where the Chinese font of the charts is, found without loading what draws them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

#: The package that carries the font, and the family that it carries.
PACKAGE, FAMILY = "zhplot", "Noto Sans SC"


def bundled_font() -> Path | None:
    """Find the Chinese font in the package that carries it, without importing that package."""
    # It changes the global rcParams when it is imported.
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        fonts = sorted(Path(folder, "fonts").glob("NotoSansSC-Regular.*tf"))
        if fonts:
            return fonts[0]
    return None
