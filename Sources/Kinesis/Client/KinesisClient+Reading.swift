extension KinesisClient: StreamReading {}
