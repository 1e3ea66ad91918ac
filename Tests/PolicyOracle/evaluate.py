"""A second evaluator of IAM policies, slow and plain, to compare Portico's with.

It is written from the IAM guide's pages on policy elements, operators, variables and evaluation logic, and not from
Portico's code. Each line of input is {"policies": [...], "request": {...}, "deniesOnly": bool}; each line of output is
allow, explicitDeny or implicitDeny.
"""

import base64
import datetime
import decimal
import functools
import ipaddress
import json
import re
import sys

ANY, ONE = object(), object()
NEGATED = {
    "StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "NumericNotEquals", "DateNotEquals",
    "NotIpAddress", "ArnNotEquals", "ArnNotLike",
}


def as_list(value):
    return value if isinstance(value, list) else [value]


def as_text(value):
    if value is True:
        return "true"
    if value is False:
        return "false"
    return value if isinstance(value, str) else str(value)


def glob(pattern, text):
    """Whether a list of characters, ANY and ONE matches a whole text."""

    @functools.lru_cache(maxsize=None)
    def go(i, j):
        if i == len(pattern):
            return j == len(text)
        if pattern[i] is ANY:
            return go(i + 1, j) or (j < len(text) and go(i, j + 1))
        return j < len(text) and (pattern[i] is ONE or pattern[i] == text[j]) and go(i + 1, j + 1)

    return go(0, 0)


class Request:
    def __init__(self, data):
        self.action = data["action"]
        self.resource = data["resource"]
        self.principal = data["principal"]
        self.context = {key.lower(): values for key, values in data["context"].items()}

    def values(self, key):
        """The values of a key, or None."""
        return self.context.get(key.lower())


def characters(text, request, wildcards, variables):
    """The characters of a policy's text, wildcards as ANY and ONE; None when a variable has no value."""
    result = []
    at = 0
    while at < len(text):
        if variables and text.startswith("${", at):
            found = re.compile(r"\$\{([*?$])\}").match(text, at)
            if found:
                result.append(found.group(1))
            else:
                found = re.compile(r"\$\{\s*([^,}'${]+?)\s*(?:, *'([^']*)' *)?\}").match(text, at)
                if not found:
                    raise ValueError("variable in " + text)
                values = request.values(found.group(1))
                if values is None:
                    if found.group(2) is None:
                        return None
                    result.extend(found.group(2))
                elif len(values) == 1:
                    result.extend(values[0])
                else:
                    return None
            at = found.end()
            continue
        character = text[at]
        if wildcards and character == "*":
            result.append(ANY)
        elif wildcards and character == "?":
            result.append(ONE)
        else:
            result.append(character)
        at += 1
    return result


def like(text, value, request, variables):
    pattern = characters(text, request, True, variables)
    return pattern is not None and glob(tuple(pattern), value)


def plain(text, request, variables):
    found = characters(text, request, False, variables)
    return None if found is None else "".join(found)


def sections(symbols):
    """Six lists, divided at the first five colons; None when there are fewer."""
    result = [[]]
    for symbol in symbols:
        if symbol == ":" and len(result) < 6:
            result.append([])
        else:
            result[-1].append(symbol)
    return result if len(result) == 6 else None


def arn_like(text, value, request, variables):
    pattern = characters(text, request, True, variables)
    if pattern is None:
        return False
    given = sections(value)
    if given is None:
        return False
    if pattern and all(symbol is ANY for symbol in pattern):
        return True
    wanted = sections(pattern)
    return wanted is not None and all(glob(tuple(p), "".join(v)) for p, v in zip(wanted, given))


def same_ignoring_case(left, right):
    return len(left) == len(right) and all(
        a == b or a.upper() == b.upper() or a.lower() == b.lower() for a, b in zip(left, right))


def number(text):
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text):
        return None
    return decimal.Decimal(text)


def date(text):
    """Seconds since 1970 as a decimal, to the microsecond."""
    found = re.fullmatch(r"(-?)([0-9]{1,12})(\.[0-9]+)?", text)
    if found:
        size = decimal.Decimal(found.group(2) + (found.group(3) or "")[:7])
        return -size if found.group(1) else size
    found = re.fullmatch(
        r"(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?)?", text, re.ASCII)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        moment = datetime.datetime(int(year), int(month), int(day or 1), int(hour or 0), int(minute or 0))
    except ValueError:
        return None
    seconds = decimal.Decimal((moment - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1))
    seconds += int(second or 0)
    seconds += decimal.Decimal("0" + (fraction or ".0")[:7])
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "")
        offset = (int(digits[:2]) * 60 + int(digits[2:])) * 60
        seconds -= offset if zone[0] == "+" else -offset
    return seconds


def address(text):
    try:
        value = ipaddress.ip_address(text)
    except ValueError:
        return None
    if value.version == 6 and value.ipv4_mapped:
        return value.ipv4_mapped
    return value


def network(text):
    value = ipaddress.ip_network(text, strict=False)
    if value.version == 6 and value.prefixlen >= 96 and value.network_address.ipv4_mapped:
        return ipaddress.ip_network("%s/%d" % (value.network_address.ipv4_mapped, value.prefixlen - 96))
    return value


def ordered(name, left, right):
    if name.endswith("LessThanEquals"):
        return left <= right
    if name.endswith("LessThan"):
        return left < right
    if name.endswith("GreaterThanEquals"):
        return left >= right
    if name.endswith("GreaterThan"):
        return left > right
    return left == right


def value_matches(name, wanted, value, request, variables):
    """Whether a value of the request matches one of the policy; for negated operators, whether their opposites do."""
    if name in ("StringEquals", "StringNotEquals"):
        return plain(wanted, request, variables) == value
    if name in ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"):
        text = plain(wanted, request, variables)
        return text is not None and same_ignoring_case(text, value)
    if name in ("StringLike", "StringNotLike"):
        return like(wanted, value, request, variables)
    if name.startswith("Arn"):
        return arn_like(wanted, value, request, variables)
    if name.startswith("Numeric"):
        given = number(value)
        return given is not None and ordered(name, given, number(wanted))
    if name.startswith("Date"):
        given = date(value)
        return given is not None and ordered(name, given, date(wanted))
    if name == "Bool":
        return value.lower() == wanted.lower()
    if name == "BinaryEquals":
        return base64.b64decode(wanted) == value.encode()
    if name in ("IpAddress", "NotIpAddress"):
        given = address(value)
        block = network(wanted)
        return given is not None and given.version == block.version and given in block
    raise ValueError("operator " + name)


def condition_holds(operator, key, wanted, request, variables):
    wanted = [as_text(value) for value in as_list(wanted)]
    values = request.values(key)
    if operator == "Null":
        return any((values is None) == (text.lower() == "true") for text in wanted)
    quantifier = None
    if ":" in operator:
        quantifier, operator = operator.split(":")
    if_exists = operator.endswith("IfExists")
    name = operator[:-8] if if_exists else operator
    if values is None:
        if if_exists or quantifier == "ForAllValues":
            return True
        return quantifier is None and name in NEGATED

    def one(value):
        found = any(value_matches(name, text, value, request, variables) for text in wanted)
        return not found if name in NEGATED else found

    if quantifier == "ForAllValues":
        return all(one(value) for value in values)
    if quantifier == "ForAnyValue":
        return any(one(value) for value in values)
    # Several values without a quantifier: a match of any counts, and a negated operator wants none.
    return all(one(value) for value in values) if name in NEGATED else any(one(value) for value in values)


def principal_matches(principal, request):
    if principal == "*":
        return True
    caller = request.principal
    for kind, names in principal.items():
        for name in map(as_text, as_list(names)):
            if kind == "AWS":
                if name == "*":
                    return True
                if caller["kind"] not in ("account", "user", "role", "assumedRole", "federatedUser"):
                    continue
                if re.fullmatch(r"\d{12}", name) and caller["account"] == name:
                    return True
                root = re.fullmatch(r"arn:[^:]*:iam::(\d{12}):root", name)
                if root and caller["account"] == root.group(1):
                    return True
                if caller["name"] == name and not root:
                    return True
                role = re.fullmatch(r"arn:([^:]*):iam::(\d{12}):role/(.*/)?([^/]+)", name)
                session = re.fullmatch(r"arn:([^:]*):sts::(\d{12}):assumed-role/([^/]+)/.*", caller["name"])
                if role and session and caller["kind"] == "assumedRole" and (
                        role.group(1), role.group(2), role.group(4)) == session.groups():
                    return True
            else:
                kinds = {"Service": "service", "Federated": "federated", "CanonicalUser": "canonicalUser"}
                if caller["kind"] == kinds[kind] and caller["name"] == name:
                    return True
    return False


def statement_matches(statement, request, variables):
    if "Principal" in statement and not principal_matches(statement["Principal"], request):
        return False
    if "NotPrincipal" in statement and principal_matches(statement["NotPrincipal"], request):
        return False

    def acts(patterns):
        return any(like(text.lower(), request.action.lower(), request, False) for text in as_list(patterns))

    def concerns(patterns):
        return any(like(text, request.resource, request, variables) for text in as_list(patterns))

    if not (acts(statement["Action"]) if "Action" in statement else not acts(statement["NotAction"])):
        return False
    if not (concerns(statement["Resource"]) if "Resource" in statement else not concerns(statement["NotResource"])):
        return False
    return all(
        condition_holds(operator, key, wanted, request, variables)
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items())


def evaluate(policies, request, denies_only):
    allowed = False
    for policy in policies:
        variables = policy.get("Version") == "2012-10-17"
        for statement in as_list(policy["Statement"]):
            if statement_matches(statement, request, variables):
                if statement["Effect"] == "Deny":
                    return "explicitDeny"
                allowed = True
    return "allow" if allowed and not denies_only else "implicitDeny"


def main():
    sys.setrecursionlimit(100000)
    for line in sys.stdin:
        case = json.loads(line, parse_float=str, parse_int=str)
        print(evaluate(case["policies"], Request(case["request"]), case["deniesOnly"]))


if __name__ == "__main__":
    main()
