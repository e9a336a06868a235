"""``capacity doctor``: what is missing on this machine, and how to get it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from capacity.cli.common import ENVIRONMENT, OK, json_option, lang_option, print_json
from capacity.cli.spoken import Spoken


@click.command("doctor", cls=Spoken)
@lang_option
@json_option
def command(lang: str, as_json: bool) -> int:
    """Say what this machine has and lacks, each with the command that mends it."""
    from capacity.base.words import width, word
    from capacity.render.doctor import MISSING, Finding, examine

    chosen = "en" if as_json else lang
    findings = examine(chosen, Path())
    lacking = [finding.name for finding in findings if finding.state == MISSING]
    if as_json:
        body = {"format": "capacity.doctor/1", "ok": not lacking}
        print_json([body | {"findings": [asdict(finding) for finding in findings]}])
        return ENVIRONMENT if lacking else OK

    def line(finding: Finding) -> str:
        state = word(f"doctor.state_{finding.state}", chosen)
        padding = " " * (10 - width(state))
        mend = f"  ->  {finding.mend}" if finding.mend else ""
        return f"{state}{padding}{finding.name}: {finding.found}{mend}"

    for finding in findings:
        click.echo(line(finding))
    key = "doctor.ill" if lacking else "doctor.well"
    click.echo(word(key, chosen, names=", ".join(lacking)))
    return ENVIRONMENT if lacking else OK
