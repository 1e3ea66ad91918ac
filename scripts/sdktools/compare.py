"""Compares the results of a program with what the contract expects."""

import decimal
import json
import re


def load(text):
    """JSON with exact numbers; names twice in an object are an error, because a client must not write them."""

    def members(pairs):
        result = dict(pairs)
        if len(result) != len(pairs):
            raise ValueError("a name is twice in an object")
        return result

    return json.loads(
        text, parse_float=decimal.Decimal, parse_int=decimal.Decimal, object_pairs_hook=members,
        parse_constant=lambda name: f"not JSON: {name}",
    )  # fmt: skip


def expectations(text, vectors):
    """What must come out, by scenario. `{"$vectors": true}` stands for the signatures of the vectors."""
    expected = load(text)
    signatures = {vector["name"]: vector["authorization"] for vector in load(vectors)}
    return {name: signatures if value == {"$vectors": True} else value for name, value in expected.items()}


def differences(wanted, found, language, place="", name=None):
    """Lines that say where `found` is not `wanted`; empty if it is the same."""
    here = place or "result"
    if isinstance(wanted, dict) and "$else" in wanted:
        wanted = wanted.get("$" + language, wanted["$else"])
    if wanted == {"$any": True}:
        return []
    if isinstance(wanted, dict) and "$match" in wanted:
        pattern = wanted["$match"].replace("LANGUAGE", re.escape(language))
        if isinstance(found, str) and re.fullmatch(pattern, found):
            return []
        return [f"{here}: wanted text like {pattern}, found {show(found)}"]
    if isinstance(wanted, str) and isinstance(found, str):
        if name == "wire":
            return wire(wanted, found, here)
        if name == "path":
            same = re.findall(r"\w+", wanted) == re.findall(r"\w+", found.removeprefix("$"))
            return [] if same else [f"{here}: wanted {show(wanted)}, found {show(found)}"]
    if isinstance(wanted, dict) and isinstance(found, dict):
        lines = []
        for key in [*wanted, *(key for key in found if key not in wanted)]:
            inner = f"{place}.{key}" if place else key
            if key not in found:
                lines.append(f"{inner}: missing, wanted {show(wanted[key])}")
            elif key not in wanted:
                lines.append(f"{inner}: not wanted, found {show(found[key])}")
            else:
                lines += differences(wanted[key], found[key], language, inner, key)
        return lines
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [
            line
            for index, (one, other) in enumerate(zip(wanted, found))
            for line in differences(one, other, language, f"{place}[{index}]", name)
        ]
    # `True == 1` in Python, and `Decimal(1) == True` too.
    if type(wanted) is type(found) and wanted == found:
        return []
    return [f"{here}: wanted {show(wanted)}, found {show(found)}"]


def wire(wanted, found, here):
    """Compares JSON as it was on the wire; text that is no JSON is compared as it is."""
    try:
        values = load(wanted), load(found)
    except ValueError:
        return [] if wanted == found else [f"{here}: wanted {wanted!r}, found {found!r}"]
    # The meaning is compared, so nothing in it is a pattern or a path.
    return [] if same(*values) else [f"{here}: wanted {wanted}\n{' ' * len(here)}  found  {found}"]


def same(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def show(value, limit=300):
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= limit else text[:limit] + "..."
