/// All kinds of sinks: a new one is listed here and nowhere else.
public enum Sinks {
    public static let all: [any SinkComponent.Type] = [
        KinesisSink.self,
        FileSink.self,
        StdoutSink.self,
        DiscardSink.self,
    ]
}
