import Coordination

/// A part of a store that several pipelines share: each has its own tables.
struct ScopedStore: CheckpointStore {
    let base: any CheckpointStore
    let pipeline: String

    func table(_ scope: String) -> any LeaseTable { base.table("\(pipeline)/\(scope)") }
    func scopes() async throws -> [String] {
        try await base.scopes().compactMap { $0.hasPrefix("\(pipeline)/") ? String($0.dropFirst(pipeline.count + 1)) : nil }
    }
    func close() async { await base.close() }
}
