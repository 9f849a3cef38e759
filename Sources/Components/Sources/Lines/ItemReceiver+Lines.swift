import Leasing
import Records

extension ItemReceiver {
    /// Takes lines into the pipeline, of which there may be none.
    func deliver(_ lines: Lines, from place: ReadPlace, _ decoder: LineDecoder, progress: ShardProgress) async throws {
        if !lines.isEmpty { try await deliver(decoder.items(of: lines, from: place), progress: progress) }
    }
}
