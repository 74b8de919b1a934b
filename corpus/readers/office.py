"""Older and foreign office formats (.doc, .wps, .rtf, .odt, .xls, .et, .ods), converted by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.readers.document import ReadError

_PROGRAMS = ("soffice", "libreoffice")
SECONDS = 120
"""How long a conversion may take."""
_SHEETS = {".xls", ".et", ".ods", ".xlsx", ".xlsm"}
_WORD, _EXCEL = ("docx", "MS Word 2007 XML"), ("xlsx", "Calc MS Excel 2007 XML")


@contextmanager
def convert(path: Path) -> Iterator[Path]:
    """Give the file as .docx or .xlsx, for as long as the context lasts; ReadError when it cannot be converted."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    form, kind = _EXCEL if path.suffix.lower() in _SHEETS else _WORD
    if program is None:
        raise ReadError("needs_office", form=path.suffix, name=path.name, other=f".{form}")
    with tempfile.TemporaryDirectory(prefix="wence-") as folder:
        source = Path(folder, path.name)
        shutil.copyfile(path, source)
        profile = Path(folder, "profile").as_uri()
        how = ["--headless", "--norestore", "--convert-to", f"{form}:{kind}", "--outdir", folder]
        command = [program, f"-env:UserInstallation={profile}", *how, str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            raise ReadError("office_failed", name=path.name, other=f".{form}") from error
        converted = source.with_suffix(f".{form}")
        if not converted.exists():
            raise ReadError("office_failed", name=path.name, other=f".{form}")
        yield converted
