import Expressions
public import Processors
import Records

/// The options of a node that reads or writes Kinesis records, and could pass them on as they are.
public protocol PassThroughConfig: ComponentConfig {
    /// How records are decoded, or encoded and put together.
    var processor: ProcessorSpec { get set }
    /// What is evaluated over every record, by the name of its option.
    var recordExpressions: [(option: String, expression: ConfigExpression)] { get }
}

extension PassThroughConfig {
    /// None.
    public var recordExpressions: [(option: String, expression: ConfigExpression)] { [] }
}

/// Whether the records of a source reach its sinks as the bytes that they were read as.
public enum PassThrough: Sendable, Hashable {
    /// Nobody looks inside of a record. Of a KPL aggregate the user records pass: each belongs into the shard that its own key names.
    case undecoded
    /// Somebody does: the reason in a sentence without a full stop.
    case decoded(reason: String)
}

extension Plan {
    /// What happens to the records of a source of this plan.
    public func passThrough(of source: SourcePlan) -> PassThrough {
        reasonsToDecode()[source.name].map { .decoded(reason: $0) } ?? .undecoded
    }

    /// The plan as it is run: nodes between which records pass through take and give bytes.
    public func passingThrough() -> Plan {
        let reasons = reasonsToDecode()
        let undecoded = Set(sources.map(\.name)).subtracting(reasons.keys)
        guard !undecoded.isEmpty else { return self }
        return Plan(
            name: name, mark: mark, aws: aws, checkpoints: checkpoints, processors: processors,
            sources: sources.map { source in
                guard undecoded.contains(source.name) else { return source }
                return SourcePlan(
                    name: source.name, mark: source.mark, component: source.component.undecoded, consumers: source.consumers)
            },
            transforms: transforms,
            sinks: sinks.map { sink in
                guard sink.inputs.contains(where: { undecoded.contains($0.node) }) else { return sink }
                return SinkPlan(name: sink.name, mark: sink.mark, component: sink.component.undecoded, inputs: sink.inputs)
            },
            deadLetter: deadLetter, onError: onError, tests: tests)
    }

    /// By the names of the sources whose records have to be decoded.
    private func reasonsToDecode() -> [String: String] {
        var reasons: [String: String] = [:]
        for source in sources { reasons[source.name] = reasonToDecode(source) }
        // A sink writes in one way: what one of its inputs needs, it does to all.
        var isSettled = false
        while !isSettled {
            isSettled = true
            for source in sources where reasons[source.name] == nil {
                guard let (sink, other) = mixedInput(of: source, reasons) else { continue }
                reasons[source.name] = "`\(sink)` also reads `\(other)`, whose records are decoded"
                isSettled = false
            }
        }
        return reasons
    }

    private func mixedInput(of source: SourcePlan, _ reasons: [String: String]) -> (sink: String, input: String)? {
        for case .sink(let index) in source.consumers {
            for input in sinks[index].inputs where input.node != source.name {
                let isSource = sources.contains { $0.name == input.node }
                if !isSource || reasons[input.node] != nil { return (sinks[index].name, input.description) }
            }
        }
        return nil
    }

    /// Nil where neither the source nor its readers look inside of a record.
    private func reasonToDecode(_ source: SourcePlan) -> String? {
        guard let config = source.component.config as? any PassThroughConfig else { return "`\(source.name)` reads no Kinesis records" }
        for consumer in source.consumers {
            switch consumer {
            case .transform(let index): return "`\(transforms[index].name)` has steps"
            case .sink(let index):
                if let reason = reasonToDecode(config, of: source, for: sinks[index]) { return reason }
            }
        }
        return nil
    }

    private func reasonToDecode(_ config: any PassThroughConfig, of source: SourcePlan, for sink: SinkPlan) -> String? {
        guard let target = sink.component.config as? any PassThroughConfig else { return "`\(sink.name)` writes no Kinesis records" }
        let (read, written) = (config.processor, target.processor)
        guard read.writesLike(written) else { return "`\(source.name)` reads \(read.name), and `\(sink.name)` writes \(written.name)" }
        guard written.maxSize >= read.maxSize else {
            return "the `max_size` of `\(sink.name)` (\(written.maxSize)) is below that of `\(source.name)` (\(read.maxSize))"
        }
        let expression = target.recordExpressions.first { $0.expression.program.readFields.map { !$0.isEmpty } ?? true }
        return expression.map { "`\($0.option)` of `\(sink.name)` reads the record" }
    }
}

extension ComponentPlan {
    fileprivate var undecoded: ComponentPlan {
        guard var config = config as? any PassThroughConfig else { return self }
        config.processor = config.processor.undecoded
        return ComponentPlan(kind: kind, config: config, node: node)
    }
}
