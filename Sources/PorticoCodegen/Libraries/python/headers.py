"""Header fields of requests and responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping


class Headers(MutableMapping[str, str]):
    """Header fields in the order in which they came; names differ by more than case.

    A field that comes several times reads as one, its values joined by `, `.
    """

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, tuple[str, list[str]]] = {}
        for name, value in fields:
            self.add(name, value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._fields[name.lower()][1])

    def __setitem__(self, name: str, value: str) -> None:
        self._fields[name.lower()] = (name, [value])

    def __delitem__(self, name: str) -> None:
        del self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __repr__(self) -> str:
        return f"Headers({list(self.fields())!r})"

    def add(self, name: str, value: str) -> None:
        """Adds a value without removing those that are there."""
        self._fields.setdefault(name.lower(), (name, []))[1].append(value)

    def get_all(self, name: str) -> list[str]:
        """Every value of a field, such as `Set-Cookie`."""
        return list(self._fields.get(name.lower(), (name, []))[1])

    def fields(self) -> Iterator[tuple[str, str]]:
        """Each field as often as it is there."""
        return ((name, value) for name, values in self._fields.values() for value in values)

    def copy(self) -> Headers:
        """A copy that changes apart."""
        return Headers(self.fields())
