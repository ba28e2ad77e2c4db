"""Writing marts to files: the DuckDB snapshot, then Parquet from it.

Belongs here: what one publication holds. Does not belong here: the tables of the snapshot (`snapshot.py`), the Parquet
files (`parquet.py`), where versions lie and how they replace older ones (`versions.py`), the manifest (`manifest.py`).
The bytes of the snapshot may differ between two publications of the same data, those of Parquet do not.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from connectors.common.warehouse import open_warehouse
from serving.publication.documents import UNDESCRIBED, Documents
from serving.publication.parquet import ExportedFile, export_mart
from serving.publication.snapshot import SNAPSHOT, copy_marts

_WRITERS = 2  # a file takes milliseconds, most of them in one thread
_MONTHS = "select period from marts.dim_period order by period"


def export_marts(warehouse: Path, folder: Path, documents: Documents) -> list[ExportedFile]:
    """Write the snapshot and the Parquet files of every mart into a folder.

    Args:
        warehouse: DuckDB file with a schema `marts`.
        folder: An empty folder.
        documents: What is known of the marts, by name.

    Raises:
        PublicationError: there is no mart, a key does not hold, or a period cannot be a folder name.
    """
    with open_warehouse(folder / SNAPSHOT) as connection:
        marts = copy_marts(connection, warehouse, documents)
        months = [row[0] for row in connection.execute(_MONTHS).fetchall()] if "dim_period" in marts else []

        def files_of(mart: str) -> list[ExportedFile]:
            with connection.cursor() as cursor:
                known = documents.get(mart, UNDESCRIBED)
                return list(export_mart(cursor, mart, marts[mart], known, months, folder))

        with ThreadPoolExecutor(_WRITERS) as pool:
            return [file for files in pool.map(files_of, marts) for file in files]
