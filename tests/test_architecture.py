"""The house: who may import whom, also inside functions, and without cycles."""

import ast
import sys
from configparser import ConfigParser
from graphlib import TopologicalSorter
from pathlib import Path

import capacity

ROOT = Path(capacity.__file__).parent
#: A file imports only from rows before its own, or from its own folder without cycles.
ORDER = (
    "base",
    "model",
    "inputs",
    "results",
    "render",
    "studies",
    "templates",
    "api",
    "cli",
)
#: The front door, which loads the others when they are asked for.
DOORS = {"capacity", "capacity.__main__"}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in ROOT.rglob("*.py")}


def row_of(module: str) -> int:
    return ORDER.index(module.split(".")[1])


def imports_of(module: str) -> set[str]:
    """Every module of the package that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        found |= {name for name in names if name in MODULES}
    return found - {module, "capacity"}


def test_every_file_has_a_place_in_the_house() -> None:
    strangers = {m for m in set(MODULES) - DOORS if m.split(".")[1] not in ORDER}
    assert not strangers


def test_every_file_that_is_read_comes_with_the_package() -> None:
    declared = ConfigParser()
    declared.read(ROOT.parent / "setup.cfg", encoding="utf-8")
    patterns = declared["options.package_data"]["capacity"].split()
    there = {path for path in ROOT.rglob("*") if path.is_file()}
    data = {path for path in there if path.suffix not in (".py", ".pyc")}
    assert data == {path for pattern in patterns for path in ROOT.glob(pattern)}


def test_files_import_only_from_rows_before_their_own() -> None:
    upward = [
        (module, name)
        for module in set(MODULES) - DOORS
        for name in imports_of(module)
        if row_of(name) > row_of(module)
    ]
    assert not upward


def test_there_are_no_cycles() -> None:
    graph = {module: imports_of(module) - DOORS for module in set(MODULES) - DOORS}
    TopologicalSorter(graph).prepare()


def test_the_model_needs_numpy_and_scipy_alone() -> None:
    allowed = {"numpy", "scipy", "capacity", *sys.stdlib_module_names}
    for module, path in MODULES.items():
        if module.startswith("capacity.model"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    assert {alias.name.split(".")[0] for alias in node.names} <= allowed, module
                elif isinstance(node, ast.ImportFrom):
                    assert str(node.module).split(".")[0] in allowed, module
            assert all(row_of(name) <= row_of(module) for name in imports_of(module)), module


def test_the_model_knows_neither_frames_nor_files() -> None:
    for module, path in MODULES.items():
        if module.startswith("capacity.model"):
            text = path.read_text(encoding="utf-8")
            assert "import pandas" not in text, module
            assert "open(" not in text.replace("is_open(", ""), module


def test_the_cli_holds_no_arithmetic() -> None:
    for module, path in MODULES.items():
        if module.startswith("capacity.cli"):
            assert "numpy" not in path.read_text(encoding="utf-8"), module
