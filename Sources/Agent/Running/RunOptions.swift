/// What the command line says of a run.
public struct RunOptions: Sendable {
    /// The state folder: checkpoints and the embedded stream.
    public var stateFolder: String
    /// Kinesis nodes without an endpoint use the embedded stream.
    public var isEmbedded = false
    /// End once nothing has arrived for so long and all is acknowledged; nil to run on.
    public var untilIdle: Duration?

    /// Runs on until a signal.
    public init(stateFolder: String) {
        self.stateFolder = stateFolder
    }
}
