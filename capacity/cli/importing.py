"""``capacity import``: an office's own workbooks and CSV files to a district folder."""

from __future__ import annotations

from pathlib import Path

import click

from capacity.base.errors import problem_lines
from capacity.base.words import word
from capacity.cli.common import (
    INCOMPLETE,
    PATH,
    Asked,
    keep_and_report,
    lang_option,
    print_errors,
    stopping,
)
from capacity.cli.spoken import Spoken


@click.command("import", cls=Spoken)
@click.argument("sources", nargs=-1, required=True, type=PATH, metavar="SOURCE...")
@click.option("-o", "--output", type=PATH, required=True, metavar="DIR", help="District folder.")
@click.option(
    "--map", "known", type=PATH, metavar="MAP.yaml",
    help="What is known of the files.  [default: import.yaml in DIR, where there is one]",
)  # fmt: skip
@lang_option
@click.option("--overwrite", is_flag=True, help="Replace what another import wrote there.")
def command(
    sources: tuple[Path, ...], output: Path, known: Path | None, lang: str, overwrite: bool
) -> int:
    """Make a district folder of an office's own workbooks and CSV files.

    The first time it writes what it understood to import.yaml in DIR, with empty places for what
    only you can know. Complete these and run the same command again.
    """
    from capacity.inputs.importing.mapfile import FILE
    from capacity.results.draft import MANIFEST
    from capacity.studies.importing.folder import BASELINE, imported_folder, write_map
    from capacity.studies.importing.study import import_tables

    own = output / FILE
    path = known or (own if own.exists() else None)
    with stopping(lang, output, "import"):
        found = import_tables(sources, path, name=output.resolve().name)
        print_errors(problem_lines(found.warnings, lang))
        if found.open or not own.exists():
            write_map(found, own, lang)
    if found.open:
        click.echo(found.summary(lang) + "\n")
        click.echo(word("importing.complete", lang, path=own, n=len(found.open)))
        return INCOMPLETE
    fresh = not (output / MANIFEST).exists()  # files of others are never replaced
    return keep_and_report(
        imported_folder(found),
        output,
        Asked(lang, charts=False, overwrite=fresh or overwrite, as_json=False),
        command="import",
        line="importing.is",
        text=lambda: found.summary(lang),
        scenario=output / BASELINE,
    ).code
