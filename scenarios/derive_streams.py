"""Rewrite the Haidian districts with a parallel stream from the facts beside this file.

python scenarios/derive_streams.py
"""

from __future__ import annotations

from pathlib import Path

from derivation.streams import SPECIAL, VOCATIONAL, stream_file, stream_tables
from derive import as_csv

HERE = Path(__file__).parent


def main(into: Path = HERE) -> None:
    """Write both folders."""
    for stream in (SPECIAL, VOCATIONAL):
        folder = into / f"haidian-{stream}"
        folder.mkdir(parents=True, exist_ok=True)
        files = {f"{name}.csv": as_csv(rows) for name, rows in stream_tables(stream).items()}
        files["district.yaml"] = stream_file(stream)
        for file, text in files.items():
            (folder / file).write_bytes(text.encode())


if __name__ == "__main__":
    main()
