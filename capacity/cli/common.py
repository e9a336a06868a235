"""What commands share: language, exit codes, and problems as text."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from capacity.base.errors import problem_lines

__all__ = [
    "BAD_INPUT",
    "CHECK_FAILED",
    "ENVIRONMENT",
    "IN_USE",
    "OK",
    "lang_option",
    "problem_lines",
    "system_words",
    "tell",
]

OK, CHECK_FAILED, BAD_INPUT, ENVIRONMENT, IN_USE = range(5)

lang_option: Callable[[Any], Any] = click.option(
    "--lang", type=click.Choice(["en", "zh"]), help="Language; that of the locale by default."
)


#: What a system refuses, in Chinese; in English it has words of its own.
_REFUSED = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只读",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EISDIR: "这是文件夹",
    errno.EEXIST: "已有同名文件",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EFBIG: "文件超过系统允许的大小",
    errno.EIO: "磁盘读写出错",
}


def system_words(error: OSError, folder: Path, lang: str) -> str:
    """Say what the system refused, and of which file; of ``folder`` where it names none."""
    where, said = error.filename or folder, error.strerror or str(error)
    if lang == "zh":
        return f"{where}：{_REFUSED.get(error.errno or 0, said)}"
    return f"{where}: {said}"


def tell(text: str) -> None:
    """Show how far a command is, on one line that the next text replaces; only to a person."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{text}", err=True, nl=False)
