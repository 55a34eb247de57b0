"""Parquet, for those who count: columns with types. Needs the optional library pyarrow."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from callrouter.calllog.export.columns import Column, Kind

try:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter
except ImportError as missing:
    raise ModuleNotFoundError(
        "Parquet needs the library pyarrow, which is not installed; in the checkout: "
        ".venv/bin/pip install --require-hashes --no-deps --requirement requirements/parquet.txt"
    ) from missing

ROWS_IN_A_GROUP = 20_000

_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.WORD: pa.dictionary(pa.int32(), pa.string()),
    Kind.NUMBER: pa.string(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.LOCAL: pa.string(),
    Kind.COUNT: pa.int32(),
    Kind.FLAG: pa.bool_(),
}


class ParquetFile:
    """A file that grows by groups of rows."""

    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        self._schema = pa.schema([(column.name, _TYPES[column.kind]) for column in columns])
        self._writer = ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Any] = []

    def add(self, row: Any) -> None:
        """Take a row of typed values."""
        self._rows.append(row)
        if len(self._rows) == ROWS_IN_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        columns = zip(*self._rows, strict=True) if self._rows else ([] for _ in self._schema)
        arrays = [pa.array(cells, field.type) for cells, field in zip(columns, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._flush()
        self._writer.close()
