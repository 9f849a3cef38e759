/// All kinds of sources: a new one is listed here and nowhere else.
public enum Sources {
    /// In the order in which they are listed to people.
    public static let all: [any SourceComponent.Type] = [
        KinesisSource.self,
        FileSource.self,
        StdinSource.self,
    ]
}
