import Records

/// The failures of the stores, worded once.
extension Failure {
    /// The store holds something that this version does not write.
    static func checkpointsUnreadable(_ what: String) -> Failure {
        Failure(
            "checkpoints_unreadable", "the checkpoint store holds \(what), which this version cannot read",
            hint: "Was it written by a newer version, or changed by hand?")
    }
}
