"""The house: who may import whom, also inside functions, and without cycles; faces for tests."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from configparser import ConfigParser
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import capacity
from capacity.render.charts import KINDS

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
PACKAGES = {module for module, path in MODULES.items() if path.name == "__init__.py"}
#: The packages that give public names; and `capacity.api`, which is one by itself.
FACES = {name for name in PACKAGES if hasattr(import_module(name), "__all__")} | {"capacity.api"}


def row_of(module: str) -> int:
    return ORDER.index(module.split(".")[1])


@cache
def nodes_of(module: str) -> list[ast.AST]:
    """Every part of a file as it is parsed, once for all who look through it."""
    return list(ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))))


@cache
def imports_of(module: str) -> set[str]:
    """Every module of the package that a file imports, wherever in the file."""
    found = set()
    for node in nodes_of(module):
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
    for module in MODULES:
        if module.startswith("capacity.model"):
            for node in nodes_of(module):
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


def has_face(module: str) -> bool:
    """Whether the names of a module are given by a package above its own file."""
    package = module if module in PACKAGES else module.rpartition(".")[0]
    return module in MODULES and module not in FACES and package in FACES


def patched_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Names of which something is replaced: that takes the module where it is looked up."""
    calls = [n for n in nodes if isinstance(n, ast.Call) and n.args]
    return {
        name.id
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ("setattr", "setitem", "object")
        for name in ast.walk(call.args[0])
        if isinstance(name, ast.Name)
    }


def test_tests_import_from_faces_alone_but_for_what_they_patch() -> None:
    deep = []
    for path in Path(__file__).parent.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        patched = patched_in(nodes)
        for node in nodes:
            if isinstance(node, ast.Import):
                found = [(alias.name, alias.asname) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found = [(str(node.module), None)]
                found += [(f"{node.module}.{a.name}", a.asname or a.name) for a in node.names]
            else:
                continue
            deep += [(path.name, m) for m, name in found if has_face(m) and name not in patched]
    assert not deep


def test_every_name_of_a_face_is_there_and_no_module_stands_in_its_place() -> None:
    for face in FACES:
        for name in import_module(face).__all__:
            assert not name.startswith("_") and f"{face}.{name}" not in MODULES, (face, name)
            assert getattr(import_module(face), name) is not None, (face, name)


def test_what_type_checkers_see_of_the_package_is_its_face() -> None:
    (block,) = [n for n in ast.parse(MODULES["capacity"].read_text()).body if isinstance(n, ast.If)]
    seen = [n for n in block.body if isinstance(n, ast.ImportFrom)]
    assert sorted(alias.asname or "" for n in seen for alias in n.names) == capacity.__all__
    for node in seen:
        for alias in node.names:
            there = getattr(import_module(str(node.module)), alias.name)
            assert there is getattr(capacity, alias.name)


CHARTS = sorted(f"capacity.render.charts.{kind.file or kind.name}" for kind in KINDS.values())
#: Modules one after the other, and what they do without: faces, the list of charts, tables where
#: there is no workbook, scenarios, a terminal, charts themselves.
LIGHT: tuple[tuple[Sequence[str], set[str]], ...] = (
    (sorted(PACKAGES), {"pydantic", "pandas", "numpy", "scipy", "matplotlib"}),
    (["capacity.render.charts.kinds"], {"pandas", "matplotlib"}),
    (["capacity.inputs.tables.folder"], {"python_calamine", "openpyxl", "scipy", "matplotlib"}),
    (
        ["capacity.inputs.scenarios.scenario", "capacity.inputs.scenarios.schema"],
        {"scipy", "matplotlib", "jinja2"},
    ),
    (["capacity.api", "capacity.render.html"], {"jinja2"}),
    (CHARTS, {"matplotlib.pyplot"}),
)


def test_modules_load_no_library_that_they_do_without() -> None:
    """In one new process, which takes most of its time to load what they do need."""
    code = "import sys\n" + "\n".join(
        f"import {', '.join(names)}\nprint(*{heavy!r} & sys.modules.keys())"
        for names, heavy in LIGHT
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent
    )
    assert done.stdout.splitlines() == [""] * len(LIGHT)


def test_the_product_itself_imports_modules_not_faces() -> None:
    """A face would hide from the tests above who imports whom."""
    for module in MODULES:
        for node in nodes_of(module):
            if isinstance(node, ast.ImportFrom) and node.module in FACES & PACKAGES - DOORS:
                assert all(f"{node.module}.{a.name}" in MODULES for a in node.names), module


#: What a library chooses code for by the processor, or lets a compiler fuse, so that the last bit
#: may differ.
BY_PROCESSOR = re.compile(
    "exp2?|expm1|log(2|10|1p|addexp)?|pow(er)?|float_power|cbrt|hypot|(geom|log)space"
    "|(arc|a)?(sin|cos|tan)(h|2)?|l?gamma|erfc?|v?dot|inner|matmul|tensordot|convolve"
    "|correlate|poly(fit|val)|cov|corrcoef|linalg|fft|NormalDist"
    "|einsum|interp"
)
#: What does not make numbers of results.
PICTURES = ("page.py", "chart.py")


def by_processor(nodes: Iterable[ast.AST]) -> list[str]:
    """Everything of a source whose bits may differ from processor to processor."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Attribute) and BY_PROCESSOR.fullmatch(node.attr):
            found.append(node.attr)
        elif isinstance(node, ast.BinOp | ast.AugAssign):
            base = node.left if isinstance(node, ast.BinOp) else node.target
            power = node.right if isinstance(node, ast.BinOp) else node.value
            square = isinstance(power, ast.Constant) and power.value == 2
            told = isinstance(base, ast.Constant) and isinstance(power, ast.Constant)
            if isinstance(node.op, ast.MatMult) or (
                isinstance(node.op, ast.Pow) and not (square or told)
            ):
                found.append(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom) and node.module in ("math", "statistics", "numpy"):
            found += [each.name for each in node.names if BY_PROCESSOR.fullmatch(each.name)]
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names = [alias.name for alias in node.names]
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            found += [name for name in names if name.startswith("scipy")]
    return found


def test_no_number_of_a_result_depends_on_the_processor() -> None:
    """The exception: of a linear programme only the set that it chooses is used."""
    found = {}
    for module, path in MODULES.items():
        row = module.split(".")[1:2]
        numbers = row in (["base"], ["model"], ["inputs"], ["results"])
        if numbers or (row == ["studies"] and path.name not in PICTURES):
            found[module] = by_processor(nodes_of(module))
    found = {module: calls for module, calls in found.items() if calls}
    assert found == {"capacity.model.balance": ["scipy.optimize"]}


def test_what_depends_on_the_processor_is_found() -> None:
    told = ["np.exp(x)", "a @ b", "a @= b", "x ** 0.5", "a ** b", "x.dot(y)", "import scipy.stats"]
    told += ["from math import log", "from statistics import NormalDist"]
    kept = ["exp(x)", "x ** 2", "2**16", "math.sqrt(x)", "(a * b).sum()"]
    assert [source for source in told + kept if by_processor(ast.walk(ast.parse(source)))] == told
