"""`kinesis-agent eval`: what an expression makes of lines of JSON."""

import subprocess

import pytest


@pytest.fixture
def evaluate(processes):
    def command(expression, lines):
        process = processes("eval", expression, stdin=subprocess.PIPE)
        process.process.stdin.write(lines.encode())
        process.process.stdin.close()
        return process.wait(20)

    return command


def test_each_line_gives_a_line(evaluate):
    done = evaluate("{'total': record.net + record.vat, 'known': has(record.name)}", '{"net": 1, "vat": 0.5}\n{"net": 2, "vat": 1, "name": null}\n')
    assert done.code == 0
    assert done.stdout.splitlines() == ['{"total":1.5,"known":false}', '{"total":3,"known":true}']


def test_a_line_that_fails_is_told_and_the_rest_goes_on(evaluate):
    done = evaluate("record.a * 2", '{"a": 1}\n{"b": 1}\nno json\n\n{"a": 3}')
    assert done.code == 1
    assert done.stdout.splitlines() == ["2", "6"]
    assert "line 2: there is no field `a`" in done.stderr
    assert "line 3: no JSON" in done.stderr


def test_a_wrong_expression_is_shown_with_its_place(evaluate):
    done = evaluate("record.a.startWith('x')", "")
    assert done.code == 64
    assert "unknown function `startWith`" in done.stderr
    assert "did you mean `startsWith`?" in done.stderr
    assert "^^^" in done.stderr
