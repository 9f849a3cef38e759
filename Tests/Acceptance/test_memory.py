"""The agent's memory does not grow with what passes through it."""

from measure_relay import measure


def test_twenty_mebibytes_stay_under_150_resident(redis_url, name, tmp_path):
    measured = measure(tmp_path, name, f"{{redis: {{url: '{redis_url}'}}}}")
    print(measured)
    assert measured.arrived == measured.records
    assert measured.resident_mebibytes < 150, str(measured)
