public import Records

/// What steps need from the world outside: files, and somebody to tell. Steps themselves do no I/O.
public struct StepContext: Sendable {
    /// Which state of a file was read: another one has another version.
    public struct FileVersion: Sendable, Hashable {
        let inode: UInt64
        let size: Int64
        let modifiedNanoseconds: Int64

        /// As `stat` tells them; the time is since 1970.
        public init(inode: UInt64, size: Int64, modifiedNanoseconds: Int64) {
            self.inode = inode
            self.size = size
            self.modifiedNanoseconds = modifiedNanoseconds
        }
    }

    /// A file as it was at one moment.
    public struct FileContent: Sendable {
        /// Which state of the file it is.
        public let version: FileVersion
        /// All of it.
        public let bytes: [UInt8]

        /// See the properties.
        public init(version: FileVersion, bytes: [UInt8]) {
            self.version = version
            self.bytes = bytes
        }
    }

    /// The content of the file at a path; nil where it is still of the version that is known. Throws where it cannot be read or is larger
    /// than `limit` bytes.
    public typealias ReadFile = @Sendable (_ path: String, _ known: FileVersion?, _ limit: Int) throws(Failure) -> FileContent?

    let readFile: ReadFile
    let warn: @Sendable (Failure) -> Void

    /// `warn` is told what goes wrong without stopping anything.
    public init(readFile: @escaping ReadFile, warn: @escaping @Sendable (Failure) -> Void) {
        self.readFile = readFile
        self.warn = warn
    }
}
