"""Every case of cases/*.json, in JSON by boto3 and in CBOR."""

import cases
import pytest
import wire


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{group}: {case['name']}") for group, case in cases.load()])
def test_case(service, case):
    if isinstance(service, wire.Cbor) and case.get("json_only"):
        pytest.skip("about JSON")
    run = cases.Run(service.call)
    for step in case.get("setup", []):
        run.step(step)
    if "error" not in case:
        differences = list(run.differences(run.step(case), case.get("expect", {})))
        assert not differences
        return
    with pytest.raises(wire.Refused) as refusal:
        run.step(case)
    expected = case["error"]
    assert refusal.value.code == expected["code"], refusal.value.message
    assert refusal.value.status == 400
    if "message" in expected:
        assert not list(run.differences(refusal.value.message, expected["message"], "message"))
