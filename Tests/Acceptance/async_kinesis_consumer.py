"""A consumer of async-kinesis as a process of its own: appends each record to a file, and closes on SIGTERM."""

import asyncio
import json
import signal
import sys

from aiobotocore.session import AioSession
from kinesis import Consumer, JsonProcessor, RedisCheckPointer


async def main(url, stream, group, id, most, path):
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    with open(path, "a") as file:
        async with Consumer(
            stream_name=stream,
            endpoint_url=url,
            region_name="us-east-1",
            session=AioSession(),
            processor=JsonProcessor(),
            checkpointer=RedisCheckPointer(name=group, id=id, session_timeout=5, heartbeat_frequency=1),
            iterator_type="TRIM_HORIZON",
            max_shard_consumers=int(most) or None,
            sleep_time_no_records=0.1,
            idle_timeout=0.5,
        ) as consumer:
            # An async for ends with every pause of the stream.
            while not ended.is_set():
                async for item in consumer:
                    file.write(json.dumps(item) + "\n")
                    file.flush()
                    if ended.is_set():
                        break


asyncio.run(main(*sys.argv[1:]))
