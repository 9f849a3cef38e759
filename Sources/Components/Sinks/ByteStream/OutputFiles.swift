import Records
import Synchronization

/// Files that are appended to: the last few stay open.
final class OutputFiles: ByteOutput {
    private struct State {
        /// The most recently used last.
        var open: [(path: String, file: OutputFile)] = []
        var unsynchronized: [String: OutputFile] = [:]
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: files that stay open between writes.
    init(limit: Int = 16) {
        self.limit = limit
    }

    /// Opens a file ahead of its first record.
    func open(_ path: String) throws(Failure) {
        try state.withLock { state throws(Failure) in _ = try file(path, &state) }
    }

    func write(_ data: [UInt8], to path: String) throws(Failure) {
        try state.withLock { state throws(Failure) in
            let file = try file(path, &state)
            try file.append(data)
            state.unsynchronized[path] = file
        }
    }

    func synchronize() throws(Failure) {
        try state.withLock { state throws(Failure) in
            for file in state.unsynchronized.values { try file.synchronize() }
            state.unsynchronized = [:]
        }
    }

    private func file(_ path: String, _ state: inout State) throws(Failure) -> OutputFile {
        if let index = state.open.firstIndex(where: { $0.path == path }) {
            state.open.append(state.open.remove(at: index))
        } else {
            if state.open.count >= limit {
                let (oldest, file) = state.open.removeFirst()
                // It closes here: what it holds has to be safe by then.
                if state.unsynchronized.removeValue(forKey: oldest) != nil { try file.synchronize() }
            }
            state.open.append((path, try OutputFile(appendingTo: path)))
        }
        return state.open[state.open.count - 1].file
    }
}
