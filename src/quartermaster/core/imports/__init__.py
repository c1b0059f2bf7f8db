"""Bulk import: rows of a CSV file, in batches with a transaction each; a refused row stops no other.

A kind of import (`Kind`) says its columns and takes batches of rows; this reads the file, maps its columns,
isolates what fails, and writes the refused rows with their reasons to a file to correct and import.
"""

from quartermaster.core.imports.columns import Columns, MissingColumns
from quartermaster.core.imports.kinds import Given, Kind, Made, Step, Taken
from quartermaster.core.imports.maps import BadMap, load_map
from quartermaster.core.imports.past import PastRows
from quartermaster.core.imports.run import Report, run

__all__ = [
    "BadMap",
    "Columns",
    "Given",
    "Kind",
    "Made",
    "MissingColumns",
    "PastRows",
    "Report",
    "Step",
    "Taken",
    "load_map",
    "run",
]
