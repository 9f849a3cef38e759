import OrderedCollections
import Records

/// Compares what came with what was expected: maps as subsets, unless all of their fields have to be named.
struct RecordComparison {
    let isExact: Bool

    /// Nothing where the records are as expected, in order. Records that fit are aligned first; of the others, neighbours are taken for
    /// each other's changed form.
    func differences(_ expected: [Value], _ found: [Value]) -> [TestDifference] {
        var differences: [TestDifference] = []
        var (e, f) = (0, 0)
        func close(upTo end: (e: Int, f: Int)) {
            while e < end.e || f < end.f {
                switch (e < end.e, f < end.f) {
                case (true, true):
                    differences.append(.changed(record: f + 1, fields: fields(expected[e], found[f], path: "")))
                    (e, f) = (e + 1, f + 1)
                case (true, false):
                    differences.append(.missing(expected[e]))
                    e += 1
                default:
                    differences.append(.unexpected(found[f]))
                    f += 1
                }
            }
        }
        for pair in alignment(expected, found) {
            close(upTo: pair)
            (e, f) = (pair.e + 1, pair.f + 1)
        }
        close(upTo: (expected.count, found.count))
        return differences
    }

    /// The longest common subsequence, as pairs of indices.
    private func alignment(_ expected: [Value], _ found: [Value]) -> [(e: Int, f: Int)] {
        // As expected, as nearly always: no table is needed.
        if expected.count == found.count, zip(expected, found).allSatisfy({ fits($0, $1) }) {
            return expected.indices.map { ($0, $0) }
        }
        var lengths = Array(repeating: Array(repeating: 0, count: found.count + 1), count: expected.count + 1)
        var matches = Array(repeating: Array(repeating: false, count: found.count), count: expected.count)
        for e in expected.indices.reversed() {
            for f in found.indices.reversed() {
                matches[e][f] = fits(expected[e], found[f])
                lengths[e][f] = matches[e][f] ? lengths[e + 1][f + 1] + 1 : max(lengths[e + 1][f], lengths[e][f + 1])
            }
        }
        var pairs: [(e: Int, f: Int)] = []
        var (e, f) = (0, 0)
        while e < expected.count, f < found.count {
            if matches[e][f], lengths[e][f] == lengths[e + 1][f + 1] + 1 {
                pairs.append((e, f))
                (e, f) = (e + 1, f + 1)
            } else if lengths[e + 1][f] >= lengths[e][f + 1] {
                e += 1
            } else {
                f += 1
            }
        }
        return pairs
    }

    func fits(_ expected: Value, _ found: Value) -> Bool { fields(expected, found, path: "").isEmpty }

    /// Every place at which a value is not as expected.
    private func fields(_ expected: Value, _ found: Value, path: String) -> [FieldDifference] {
        switch (expected, found) {
        case (.map(let expected), .map(let found)):
            var differences = expected.flatMap { key, value -> [FieldDifference] in
                let inner = path.isEmpty ? key : "\(path).\(key)"
                guard let other = found[key] else { return [FieldDifference(path: inner, expected: value, found: nil)] }
                return fields(value, other, path: inner)
            }
            if isExact {
                for (key, value) in found where expected[key] == nil {
                    differences.append(FieldDifference(path: path.isEmpty ? key : "\(path).\(key)", expected: nil, found: value))
                }
            }
            return differences
        case (.list(let expected), .list(let found)) where expected.count == found.count:
            return zip(expected, found).enumerated().flatMap { fields($1.0, $1.1, path: "\(path)[\($0)]") }
        default:
            return isEqual(expected, found) ? [] : [FieldDifference(path: path, expected: expected, found: found)]
        }
    }

    /// Numbers by what they count: `12` is `12.0`.
    private func isEqual(_ expected: Value, _ found: Value) -> Bool {
        switch (expected, found) {
        case (.int(let int), .double(let double)), (.double(let double), .int(let int)): Double(int) == double
        default: expected == found
        }
    }
}
