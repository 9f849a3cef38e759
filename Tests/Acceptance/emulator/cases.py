"""Cases as data: `cases/*.json` are lists of

    {"name": "…", "setup": [step, …], "operation": "…", "input": {…}, "expect": {…} | "error": {"code": "…", "message": "…"}}

A step is an operation with its input; its `save` names parts of its reply, by path, for later steps. In texts, `${stream}` is a name that
no other case has, `${arn}` its ARN, and `${x}` what was saved as x. Special values of an input:
    {"$bytes": "text"}                 a blob
    {"$repeat": "x", "times": 9}       a text, and inside of $bytes a blob
    {"$list": value, "times": 9}       a list
    {"$moment": -5}                    seconds from now
An expectation is what the reply has at least, and may hold
    {"$matches": "regular expression"} {"$count": 3} {"$absent": true} {"$near": seconds from now} {"$saved": "x"}
"""

import base64
import datetime
import json
import re
import uuid
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"
ACCOUNT = "arn:aws:kinesis:us-east-1:{account}:stream/"


def load():
    return [(path.stem, case) for path in sorted(FOLDER.glob("*.json")) for case in json.loads(path.read_text())]


class Run:
    """One case against one service."""

    def __init__(self, call, account="000000000000"):
        name = f"case-{uuid.uuid4().hex[:16]}"
        self.call = call
        self.saved = {"stream": name, "arn": ACCOUNT.format(account=account) + name, "account": account}

    def step(self, step):
        reply = self.call(step["operation"], self.value(step.get("input", {})))
        for name, path in step.get("save", {}).items():
            part = reply
            for key in path.split("."):
                part = part[int(key) if key.lstrip("-").isdigit() else key]
            self.saved[name] = part
        return reply

    def value(self, value):
        match value:
            case {"$bytes": content}:
                return self.value(content).encode()
            case {"$base64": content}:
                return base64.b64decode(content)
            case {"$repeat": text, "times": times}:
                return text * times
            case {"$list": element, "times": times}:
                return [self.value(element)] * times
            case {"$moment": seconds}:
                return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
            case dict():
                return {self.value(key): self.value(entry) for key, entry in value.items()}
            case list():
                return [self.value(element) for element in value]
            case str():
                whole = re.fullmatch(r"\$\{(\w+)\}", value)
                if whole:
                    return self.saved[whole[1]]
                return re.sub(r"\$\{(\w+)\}", lambda found: str(self.saved[found[1]]), value)
        return value

    def differences(self, found, expected, path="reply"):
        match expected:
            case {"$matches": pattern}:
                if not re.fullmatch(self.value(pattern), str(found)):
                    yield f"{path} is {found!r}, not like {pattern}"
            case {"$count": count}:
                if len(found) != count:
                    yield f"{path} has {len(found)} elements, not {count}"
            case {"$near": seconds}:
                moment = found.timestamp() if isinstance(found, datetime.datetime) else found / 1_000
                if abs(moment - datetime.datetime.now().timestamp() - seconds) > 60:
                    yield f"{path} is {found}, not about {seconds} s from now"
            case {"$saved": name}:
                if found != self.saved[name]:
                    yield f"{path} is {found!r}, not {self.saved[name]!r}"
            case {"$bytes": _} | {"$base64": _} | {"$repeat": _}:
                if found != self.value(expected):
                    yield f"{path} is {found!r:.80}"
            case dict():
                for key, entry in expected.items():
                    if entry == {"$absent": True}:
                        if key in found:
                            yield f"{path}.{key} is there: {found[key]!r}"
                    elif key not in found:
                        yield f"{path}.{key} is missing"
                    else:
                        yield from self.differences(found[key], entry, f"{path}.{key}")
            case list():
                if len(found) != len(expected):
                    yield f"{path} is {found!r}, not {expected!r}"
                for index, (left, right) in enumerate(zip(found, expected)):
                    yield from self.differences(left, right, f"{path}[{index}]")
            case _:
                if found != self.value(expected):
                    yield f"{path} is {found!r}, not {self.value(expected)!r}"
