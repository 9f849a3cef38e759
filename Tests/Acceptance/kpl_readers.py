"""Two readers of KPL aggregates that are not the agent's: by the rules of the Kinesis Client Library, and AWS's in Python."""

import base64
import hashlib
from dataclasses import dataclass

from aws_kinesis_agg import MAGIC, messages_pb2
from aws_kinesis_agg.deaggregator import deaggregate_records


@dataclass
class UserRecord:
    data: bytes
    partition_key: str
    hash_key: int
    is_aggregated: bool


def hash_key_of(partition_key):
    return int.from_bytes(hashlib.md5(partition_key.encode()).digest(), "big")


def _user_records(record):
    """What is in the data of a Kinesis record; a record that is no aggregate is its own user record."""
    data, key = record["Data"], record["PartitionKey"]
    body = data[len(MAGIC) : -16]
    if not data.startswith(MAGIC) or hashlib.md5(body).digest() != data[-16:]:
        return [UserRecord(data, key, hash_key_of(key), False)]
    aggregate = messages_pb2.AggregatedRecord.FromString(body)
    found = []
    for user in aggregate.records:
        key = aggregate.partition_key_table[user.partition_key_index]
        explicit = aggregate.explicit_hash_key_table[user.explicit_hash_key_index] if user.HasField("explicit_hash_key_index") else None
        found.append(UserRecord(user.data, key, hash_key_of(key) if explicit is None else int(explicit), True))
    return found


def by_kcl_rules(record, shard):
    """The user records that the Kinesis Client Library gives: none of an aggregate of which any is outside of the shard's range."""
    low, high = int(shard["HashKeyRange"]["StartingHashKey"]), int(shard["HashKeyRange"]["EndingHashKey"])
    users = _user_records(record)
    if users[0].is_aggregated and not all(low <= user.hash_key <= high for user in users):
        return []
    return users


def by_aws_kinesis_agg(records):
    """The data of all user records, whatever shard they lie in."""
    return [user["kinesis"]["data"] for user in deaggregate_records([_as_lambda_event(record) for record in records])]


def _as_lambda_event(record):
    """The library was made for events of AWS Lambda, and copies all that these have."""
    content = {
        "kinesisSchemaVersion": "1.0",
        "data": base64.b64encode(record["Data"]).decode(),
        "partitionKey": record["PartitionKey"],
        "sequenceNumber": record["SequenceNumber"],
        "approximateArrivalTimestamp": 0,
    }
    about = ("eventSource", "eventID", "invokeIdentityArn", "eventName", "eventVersion", "awsRegion", "eventSourceARN")
    return dict.fromkeys(about, "") | {"kinesis": content}
