"""A table: the record that is its row, its key, its indexes; the schema and every statement follow from these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import Generic, TypeVar

R = TypeVar("R", bound=tuple[object, ...], covariant=True)

_SQL = {str: "text", int: "integer"}


class Table(Generic[R]):
    """A table: its record, its key (the columns that are one; ``counter``: an ``id`` that SQLite keeps), its indexes.

    ``stated`` tables hold what sources, registries and rules say; the others are derived from these, and can be again.
    ``large`` rows, of many pages, are found through an index of their keys.
    """

    def __init__(
        self,
        name: str,
        record: type[R],
        key: str,
        indexes: tuple[str, ...] = (),
        *,
        stated: bool = False,
        large: bool = False,
    ) -> None:
        self.name, self.record, self.key, self.indexes = name, record, key, indexes
        self.stated, self.large = stated, large

    @cached_property
    def columns(self) -> tuple[str, ...]:
        fields: tuple[str, ...] = getattr(self.record, "_fields")  # noqa: B009 - a type variable has no attributes
        return fields

    @cached_property
    def listed(self) -> str:
        return ", ".join(self.columns)

    @cached_property
    def counted(self) -> bool:
        """Whether ``id`` is a counter that SQLite keeps."""
        return self.key == "counter"

    @cached_property
    def insert(self) -> str:
        return f"insert into {self.name} values ({', '.join('?' * len(self.columns))})"

    @cached_property
    def make(self) -> Callable[[Iterable[object]], R]:
        """The record of a row, without Python's own code between: answers of thousands of rows are made of little else."""
        return partial(tuple.__new__, self.record)

    def schema(self) -> str:
        """The statements that make the table and its indexes."""
        from typing import get_type_hints  # late: only a writer asks

        hints = get_type_hints(self.record)
        columns = [f"{name} {_type(hints[name])}" for name in self.columns]
        if self.counted:
            columns[0] = "id integer primary key"
            tail = ""
        elif self.key:
            columns.append(f"primary key ({self.key})")
            tail = "" if self.large else " without rowid"
        else:
            tail = ""
        made = [f"create table {self.name} ({', '.join(columns)}){tail};"]
        made += [f"create index {self.name}_{name} on {self.name} {on};" for name, on in map(_index, self.indexes)]
        return "\n".join(made)


def _type(hint: object) -> str:
    for kind, words in _SQL.items():
        if hint == kind or hint == kind | None:
            return words
    raise TypeError(f"no column type for {hint}")


def _index(words: str) -> tuple[str, str]:
    """``"from provision, start where x"`` as the name of an index and what it is on."""
    name, _, rest = words.partition(" ")
    columns, where, condition = rest.partition(" where ")
    return name, f"({columns}){where}{condition}"
