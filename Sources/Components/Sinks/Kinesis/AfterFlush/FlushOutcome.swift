import Coordination
import JSON
import Kinesis
import OrderedCollections
import Records

/// What a command is told of a flush: what became of every Kinesis record of one request.
struct FlushOutcome: Sendable {
    fileprivate struct Line: Sendable {
        var partitionKey: String
        var explicitHashKey: String?
        var bytes: Int
        var items: Int
        var result: PutResult?
    }

    private let stream: String
    private let lines: [Line]
    private let error: KinesisError?

    init(_ report: FlushReport<Parcel>) {
        stream = report.stream.name
        let results: [PutResult?]
        switch report.outcome {
        case .success(let stored): (results, error) = (stored, nil)
        case .failure(let failed): (results, error) = (Array(repeating: nil, count: report.entries.count), failed)
        }
        lines = zip(report.entries, results).map { entry, result in
            Line(
                partitionKey: entry.partitionKey, explicitHashKey: entry.explicitHashKey, bytes: entry.data.count, items: entry.token.count,
                result: result)
        }
    }

    /// `{"pipeline": …, "node": …, "stream": …, "records": […]}`, and `"error"` where the request as a whole has no answer.
    func json(pipeline: String, node: String) -> [UInt8] {
        var outcome: ValueMap = ["pipeline": .string(pipeline), "node": .string(node), "stream": .string(stream)]
        if let error { outcome["error"] = .map(["code": .string(error.code), "message": .string(error.message)]) }
        outcome["records"] = .list(lines.map { .map($0.value) })
        var output: [UInt8] = []
        // There is nothing in it that JSON could not say.
        try? JSON.write(.map(outcome), style: .compact, into: &output)
        return output
    }
}

extension FlushOutcome.Line {
    fileprivate var value: ValueMap {
        var value: ValueMap = ["partition_key": .string(partitionKey)]
        if let explicitHashKey { value["explicit_hash_key"] = .string(explicitHashKey) }
        value["bytes"] = .int(Int64(bytes))
        value["items"] = .int(Int64(items))
        switch result {
        case .stored(let shard, let sequence):
            value["shard"] = .string(shard)
            value["sequence"] = .string(sequence.digits)
        case .failed(let code, let message):
            value["error"] = .map(["code": .string(code), "message": .string(message)])
        case nil: break
        }
        return value
    }
}
