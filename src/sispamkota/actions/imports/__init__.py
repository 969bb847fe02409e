"""Import: a file is read, understood and kept whole, or refused with every problem named."""

from sispamkota.actions.imports.kinds import KINDS
from sispamkota.actions.imports.run import (
    ImportReport,
    import_file,
    list_imports,
    undo_imports,
)
from sispamkota.actions.imports.understand import Request

__all__ = ["KINDS", "ImportReport", "Request", "import_file", "list_imports", "undo_imports"]
