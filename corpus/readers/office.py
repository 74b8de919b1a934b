"""Formats read through LibreOffice where it is installed (.doc, .wps, .rtf, .odt): converted to .docx first."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from corpus.readers.document import Document, ReadError
from corpus.readers.docx import read_docx

_PROGRAMS = ("soffice", "libreoffice")
SECONDS = 120
"""How long a conversion may take."""


def read_office(path: Path) -> Document:
    """Return the blocks of a document in another office format; ReadError when it cannot be converted."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise ReadError("needs_office", form=path.suffix, name=path.name)
    with tempfile.TemporaryDirectory(prefix="wence-") as folder:
        source = Path(folder, f"source{path.suffix}")
        shutil.copyfile(path, source)
        profile = Path(folder, "profile").as_uri()
        convert = ["--headless", "--norestore", "--convert-to", "docx:MS Word 2007 XML", "--outdir", folder]
        command = [program, f"-env:UserInstallation={profile}", *convert, str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            raise ReadError("office_failed", name=path.name) from error
        converted = source.with_suffix(".docx")
        if not converted.exists():
            raise ReadError("office_failed", name=path.name)
        return read_docx(converted)
