/// All kinds of sinks: a new one is listed here and nowhere else.
public enum Sinks {
    /// In the order in which they are listed to people.
    public static let all: [any SinkComponent.Type] = [
        KinesisSink.self,
        FileSink.self,
        StdoutSink.self,
        DiscardSink.self,
    ]
}
