"""Write docs/install/lock.txt: ``python docs/make_lock.py``, with uv installed and the network.

The versions are those of constraints.txt: of what the package needs to run (setup.cfg) and to be
built (pyproject.toml), for every system and Python that it runs on. Each stands with the hashes of
all its files, so that one lock serves all machines and pip refuses any other file.
"""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
LOCK = HERE / "install" / "lock.txt"
HEAD = "# Versions of constraints.txt with hashes, to run and to build; made by docs/make_lock.py\n"
COMPILE = ("uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header")
PLAIN = ("--no-annotate", "--no-emit-index-url", "--no-emit-find-links")


def main() -> None:
    """Rewrite the lock."""
    LOCK.write_text(HEAD + locked(build_requirements()), encoding="utf-8")


def build_requirements() -> list[str]:
    """Return what a build asks for, as pyproject.toml states it."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(declared["build-system"]["requires"])


def locked(build: list[str]) -> str:
    """Return the pinned versions and hashes of all that setup.cfg and ``build`` ask for."""
    command = [*COMPILE, *PLAIN, "--constraint", "constraints.txt", "setup.cfg", "-"]
    done = subprocess.run(
        command, cwd=ROOT, input="\n".join(build), stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
