"""What models are made of: structures, enumerations that keep unknown values, and unions."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from .coding import (
    ANY,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INT32,
    INT64,
    JSON,
    STRING,
    TIMESTAMP,
    Encodable,
    ListOf,
    MapOf,
    Mismatch,
    Nullable,
    Type,
    encode,
    mismatch,
)
from .errors import DecodingError
from .unset import UNSET, Unset

# What modules of models name.
__all__ = [
    "ANY",
    "BOOLEAN",
    "BYTES",
    "Constant",
    "DATE",
    "DOUBLE",
    "Enumeration",
    "INT32",
    "INT64",
    "JSON",
    "ListOf",
    "MapOf",
    "Model",
    "Nullable",
    "Property",
    "STRING",
    "Structure",
    "TIMESTAMP",
    "UNSET",
    "UnionOf",
    "UnknownValue",
    "Unset",
    "Variant",
]

T = TypeVar("T")
M = TypeVar("M", bound="Model")
E = TypeVar("E", bound="Enumeration")


@dataclasses.dataclass(frozen=True)
class Property:
    """How a field of a structure travels."""

    name: str
    """The attribute."""
    wire: str
    """The name in JSON."""
    type: Type[object]
    required: bool = False
    nullable: bool = False
    """Whether None is JSON null; else None is an absent field."""


@dataclasses.dataclass(frozen=True)
class Structure:
    """How a model travels."""

    properties: tuple[Property, ...]
    additional: Type[object] | None = None
    """Type of the properties that have no field of their own; they are in the attribute below."""
    additional_name: str = ""

    @functools.cached_property
    def wires(self) -> frozenset[str]:
        """Names in JSON that have fields."""
        return frozenset(each.wire for each in self.properties)

    @functools.cached_property
    def names(self) -> dict[str, str]:
        """Attributes by their names in JSON."""
        return {each.wire: each.name for each in self.properties}


class Model(Encodable):
    """An object with known properties."""

    __slots__ = ()

    @classmethod
    def _structure(cls) -> Structure:
        """How it travels; asked once."""
        raise NotImplementedError

    @classmethod
    def from_json(cls: type[M], value: object) -> M:
        """Makes one of plain values, as `json.loads` gives them. Raises DecodingError."""
        try:
            return cls._decode(value)
        except Mismatch as error:
            raise DecodingError(f"{cls.__name__}: {error}", path=error.path) from None
        except RecursionError:
            raise DecodingError(f"{cls.__name__}: nested too deeply") from None

    def to_json(self) -> JSON:
        """Plain values, as `json.dumps` takes them."""
        return encode(self)

    @classmethod
    def _decode(cls: type[M], value: object) -> M:
        if not isinstance(value, dict):
            raise mismatch("an object", value)
        structure = structure_of(cls)
        arguments: dict[str, Any] = {}
        wire = ""
        try:
            for each in structure.properties:
                wire = each.wire
                item = value.get(wire, UNSET)
                if item is UNSET:
                    if each.required:
                        raise Mismatch("is missing")
                    # What the constructor would take for granted was not there.
                    arguments[each.name] = UNSET if each.nullable else None
                elif item is None and not each.nullable and not each.required:
                    # Servers that write null for "absent" are common, and the two mean the same here.
                    arguments[each.name] = None
                else:
                    arguments[each.name] = each.type._decode(item)
            if structure.additional is not None:
                extra: dict[str, object] = {}
                for wire, item in value.items():
                    if wire not in structure.wires:
                        extra[wire] = structure.additional._decode(item)
                arguments[structure.additional_name] = extra
        except Mismatch as error:
            raise error.within(wire) from None
        return cls(**arguments)

    def _encode(self) -> dict[str, object]:
        structure = structure_of(type(self))
        written: dict[str, object] = {}
        if structure.additional is not None:
            written.update(getattr(self, structure.additional_name))
        for each in structure.properties:
            value = getattr(self, each.name)
            if value is UNSET or (value is None and not each.nullable):
                if each.required:
                    raise ValueError(f"{type(self).__name__}.{each.name} is required")
                continue
            written[each.wire] = value
        return written


_structures: dict[type[Model], Structure] = {}


def structure_of(model: type[Model]) -> Structure:
    """How a model travels. Made at first use, so that importing many models costs little."""
    structure = _structures.get(model)
    if structure is None:
        structure = _structures[model] = model._structure()
    return structure


class Enumeration(str):
    """Text of a known set that keeps values outside of it: `Color("mauve")` is fine and equals `"mauve"`."""

    __slots__ = ()

    # One signature instead of those of `str`: a class with several is no `Type` to mypy.
    def __new__(cls: type[E], text: str) -> E:
        return str.__new__(cls, text)

    @classmethod
    def known_values(cls: type[E]) -> list[E]:
        """The values that the API names."""
        return [constant.__get__(None, cls) for constant in vars(cls).values() if isinstance(constant, Constant)]

    @property
    def is_known(self) -> bool:
        """Whether the API names it."""
        return self in type(self).known_values()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str.__repr__(self)})"

    @classmethod
    def _decode(cls: type[E], value: object) -> E:
        if isinstance(value, str):
            return cls(value)
        raise mismatch("a string", value)


class Constant:
    """A value that an enumeration names; read from the class, it is of that class."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __get__(self, instance: object, owner: type[E]) -> E:
        return owner(self._text)


@dataclasses.dataclass(frozen=True)
class UnknownValue(Encodable):
    """JSON that is no variant of a union that this client knows; it is sent back as it came."""

    json: JSON

    def _encode(self) -> JSON:
        return self.json


_KINDS: Mapping[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "any": lambda value: True,
}


@dataclasses.dataclass(frozen=True)
class Variant:
    """A type of a union and how it is recognised."""

    type: Type[object]
    tags: tuple[str, ...] = ()
    """Values of the discriminator."""
    kind: str = "any"
    required: tuple[str, ...] = ()
    """Properties that must be there."""
    constants: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Properties that must have one of these texts."""

    def fits(self, value: object) -> bool:
        """Whether JSON looks like it."""
        if not _KINDS[self.kind](value):
            return False
        if not isinstance(value, dict):
            return not self.required and not self.constants
        return all(name in value for name in self.required) and all(
            value.get(name) in texts for name, texts in self.constants
        )


@dataclasses.dataclass(frozen=True)
class UnionOf(Generic[T]):
    """One of several types.

    Its variants are given by a function, because unions and models refer to each other.
    """

    variants: Callable[[], tuple[Variant, ...]]
    discriminator: str | None = None

    @functools.cached_property
    def _variants(self) -> tuple[Variant, ...]:
        return self.variants()

    @functools.cached_property
    def _tags(self) -> dict[str, Variant]:
        return {tag: variant for variant in reversed(self._variants) for tag in variant.tags}

    def _decode(self, value: object) -> T:
        decoded: Any
        if self.discriminator is None:
            found = next((variant for variant in self._variants if variant.fits(value)), None)
        else:
            tag = value.get(self.discriminator) if isinstance(value, dict) else None
            found = self._tags.get(tag) if isinstance(tag, str) else None
        decoded = UnknownValue(value) if found is None else found.type._decode(value)  # type: ignore[arg-type]
        return decoded  # type: ignore[no-any-return]


def follow(value: object, path: tuple[str, ...]) -> object:
    """What properties lead to, by their names in JSON; None where one of them is absent."""
    for wire in path:
        if isinstance(value, Model):
            structure = structure_of(type(value))
            name = structure.names.get(wire)
            extra = getattr(value, structure.additional_name) if structure.additional_name else {}
            value = getattr(value, name) if name is not None else extra.get(wire)
        elif isinstance(value, Mapping):
            value = value.get(wire)
        else:
            return None
    return None if value is UNSET else value
