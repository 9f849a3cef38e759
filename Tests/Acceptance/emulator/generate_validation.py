"""Writes cases/validation.json: for each constraint of each operation in botocore's model, an input that violates it and what AWS says.

Run again when the model has changed: python3 generate_validation.py
"""

import json
import re
from pathlib import Path

import botocore.session

model = botocore.session.get_session().get_service_model("kinesis")
# Account settings are not served; the input of SubscribeToShard is not answered by a plain reply.
NOT_SERVED = {"DescribeAccountSettings", "UpdateAccountSettings", "SubscribeToShard"}
OPERATIONS = [name for name in model.operation_names if name not in NOT_SERVED]
# botocore chooses the endpoint by these, and takes nothing but texts.
ENDPOINT_PARAMETERS = {"StreamARN", "StreamId", "ConsumerARN", "ResourceARN"}
cases = []


def path(name):
    return name[0].lower() + name[1:]


def violated(value, where, constraint):
    return f"Value {value} at '{where}' failed to satisfy constraint: {constraint}"


def failure(*violations, matches=False):
    noun = "1 validation error" if len(violations) == 1 else f"{len(violations)} validation errors"
    text = f"{noun} detected: {'; '.join(violations)}"
    return {"code": "ValidationException", "message": {"$matches": text} if matches else text}


def add(name, operation, members, error, **more):
    cases.append({"name": name, "operation": operation, "input": members} | more | {"error": error})


def bare(shape):
    """An input without what may be left out, which satisfies the model."""
    return {name: valid(shape.members[name]) for name in shape.required_members}


def valid(shape):
    match shape.type_name:
        case "structure":
            return bare(shape)
        case "list":
            return [valid(shape.member)]
        case "map":
            return {"key": valid(shape.value)}
        case "string":
            if shape.enum:
                return shape.enum[0]
            return {
                "StreamARN": "${arn}", "ResourceARN": "${arn}", "ConsumerARN": "${arn}/consumer/c:1", "HashKey": "1", "SequenceNumber": "1",
                "StreamName": "${stream}", "StreamId": "abcdefghijklmnopqrst-123",
            }.get(shape.name, "text")
        case "blob":
            return {"$bytes": "data"}
        case "integer":
            return shape.metadata.get("min", 1)
        case "boolean":
            return True
        case "timestamp":
            return {"$moment": -1}
    raise ValueError(shape)


def member_cases(operation, base, name, shape):
    where, limits = path(name), shape.metadata

    def case(title, value, *violations, matches=False):
        add(f"{operation} {name} {title}", operation, base | {name: value}, failure(*violations, matches=matches))

    if getattr(shape, "enum", None):
        case("unknown", "NONE_OF_THESE", violated("'NONE_OF_THESE'", where, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"))
    elif shape.type_name == "string":
        pattern = limits.get("pattern")
        bad = pattern and f"Member must satisfy regular expression pattern: {pattern}"
        if limits.get("min"):
            empty = [violated("''", where, f"Member must have length greater than or equal to {limits['min']}")]
            case("empty", "", *empty, *([violated("''", where, bad)] if bad else []))
        if pattern:
            case("foreign characters", "a b;", violated("'a b;'", where, bad))
        if limits.get("max", 1 << 20) < 1 << 20:
            count = limits["max"] + 1
            fits = not pattern or re.fullmatch(pattern, "a" * count)
            said = [f"Member must have length less than or equal to {limits['max']}", *([] if fits else [bad])]
            repeated = {"$repeat": "a", "times": count}
            case("too long", repeated, *[violated(f"'a{{{count}}}'", where, re.escape(text)) for text in said], matches=True)
        if name not in ENDPOINT_PARAMETERS:
            add(f"{operation} {name} a number", operation, base | {name: 7}, {"code": "SerializationException"})
    elif shape.type_name == "integer":
        if "min" in limits:
            low = limits["min"] - 1
            case("too low", low, violated(f"'{low}'", where, f"Member must have value greater than or equal to {limits['min']}"))
        if "max" in limits:
            high = limits["max"] + 1
            case("too high", high, violated(f"'{high}'", where, f"Member must have value less than or equal to {limits['max']}"))
        add(f"{operation} {name} a text", operation, base | {name: "7"}, {"code": "SerializationException"})
    elif shape.type_name == "boolean":
        add(f"{operation} {name} a text", operation, base | {name: "yes"}, {"code": "SerializationException"})
    elif shape.type_name == "list":
        counts(operation, base, name, shape, {"$list": valid(shape.member), "times": limits.get("max", 0) + 1}, [], r"'\[.*\]'")
        if getattr(shape.member, "enum", None):
            said = f"Member must satisfy constraint: [Member must satisfy enum value set: [{', '.join(shape.member.enum)}]]"
            case("with an unknown element", ["Nonsense"], violated("'[Nonsense]'", where, said))
        elif shape.member.type_name == "string" and "max" in shape.member.metadata:
            long, most = "a" * (shape.member.metadata["max"] + 1), shape.member.metadata
            said = (
                f"Member must satisfy constraint: [Member must have length less than or equal to {most['max']}, "
                f"Member must have length greater than or equal to {most['min']}]"
            )
            case("with a long element", [long], violated(f"'[{long}]'", where, said))
        elif shape.member.type_name == "structure":
            missing = [violated("null", f"{where}.1.member.{path(n)}", "Member must not be null") for n in shape.member.required_members]
            order = {path(n): i for i, n in enumerate(shape.member.members)}
            missing.sort(key=lambda text: order[text.split("member.")[1].split("'")[0]])
            case("with an empty element", [{}], *missing)
            whole = valid(shape.member)
            for inner, its in shape.member.members.items():
                if "pattern" in its.metadata:
                    said = violated("'x'", f"{where}.2.member.{path(inner)}", f"Member must satisfy regular expression pattern: {its.metadata['pattern']}")
                    case(f"with a wrong {inner}", [whole, whole | {inner: "x"}], said)
                elif its.type_name == "string":
                    said = violated("''", f"{where}.2.member.{path(inner)}", f"Member must have length greater than or equal to {its.metadata['min']}")
                    case(f"with an empty {inner}", [whole, whole | {inner: ""}], said)
    elif shape.type_name == "map":
        counts(operation, base, name, shape, {f"k{n}": "v" for n in range(limits["max"] + 1)}, {}, r"'\{.*\}'")
        key, value = shape.key.metadata, shape.value.metadata
        said = f"[Member must have length less than or equal to %d, Member must have length greater than or equal to %d]"
        long = "a" * (key["max"] + 1)
        constraint = f"Map keys must satisfy constraint: {said % (key['max'], key['min'])}"
        case("with a long key", {long: "v"}, violated(r"'.*'", where, re.escape(constraint)), matches=True)
        constraint = f"Map value must satisfy constraint: {said % (value['max'], value['min'])}"
        case("with a long value", {"k": "a" * (value["max"] + 1)}, violated(r"'.*'", where, re.escape(constraint)), matches=True)
    elif shape.type_name == "structure":
        order = [n for n in shape.members if n in shape.required_members]
        case("empty", {}, *[violated("null", f"{where}.{path(n)}", "Member must not be null") for n in order])
        for inner, its in shape.members.items():
            if getattr(its, "enum", None):
                said = f"Member must satisfy enum value set: [{', '.join(its.enum)}]"
                case(f"with an unknown {inner}", {inner: "NONE_OF_THESE"}, violated("'NONE_OF_THESE'", f"{where}.{path(inner)}", said))


def counts(operation, base, name, shape, many, none, rendered):
    """How a collection is written in a message is AWS's own affair."""
    where, limits = path(name), shape.metadata
    if "max" in limits:
        said = violated(rendered, where, f"Member must have length less than or equal to {limits['max']}")
        add(f"{operation} {name} too many", operation, base | {name: many}, failure(said, matches=True))
    if limits.get("min"):
        said = violated(rendered, where, f"Member must have length greater than or equal to {limits['min']}")
        add(f"{operation} {name} none", operation, base | {name: none}, failure(said, matches=True))


for operation in OPERATIONS:
    shape = model.operation_model(operation).input_shape
    required = [name for name in shape.members if name in shape.required_members]
    if required:
        add(f"{operation} without anything", operation, {}, failure(*[violated("null", path(n), "Member must not be null") for n in required]))
    base = bare(shape)
    for name, its in shape.members.items():
        member_cases(operation, base, name, its)

target = Path(__file__).parent / "cases" / "validation.json"
target.write_text("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")
print(len(cases), "cases")
