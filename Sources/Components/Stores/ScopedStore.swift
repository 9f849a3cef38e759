import Coordination

/// A part of a store that several pipelines share: each has its own tables.
struct ScopedStore: CheckpointStore {
    let base: any CheckpointStore
    let pipeline: String

    func table(_ scope: String) -> any LeaseTable { base.table("\(pipeline)/\(scope)") }
    func close() async { await base.close() }
}
