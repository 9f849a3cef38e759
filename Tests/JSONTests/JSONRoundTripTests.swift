import OrderedCollections
import Records
import Testing

@testable import JSON

@Suite struct JSONRoundTripTests {
    @Test("random values read back as they were written", arguments: [JSON.Style.compact, .python], [1, 2, 3] as [UInt64])
    func roundTrip(style: JSON.Style, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let value = Value.random(depth: 4, &random)
            let bytes = try JSON.bytes(value, style: style)
            #expect(try JSON.parse(bytes) == value, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test("random doubles read back bit for bit", arguments: [4, 5] as [UInt64])
    func doubles(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<3000 {
            let double = Double(bitPattern: random.next())
            guard double.isFinite else { continue }
            guard case .double(let read) = try JSON.parse(JSON.bytes(.double(double))) else { throw Failure("not_double", "\(double)") }
            #expect(read.bitPattern == double.bitPattern, "seed \(seed)")
        }
    }

    @Test("both readers agree on texts that were damaged at random", arguments: [6, 7, 8] as [UInt64])
    func damaged(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let alphabet = Array("{}[]\",:\\u0123456789eE+-.truefalsn NaI\u{0}é".utf8)
        for _ in 0..<1500 {
            var bytes = try JSON.bytes(.random(depth: 3, &random), style: .python)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = alphabet.randomElement(using: &random) ?? 0
            }
            let both = try? JSON.parse(bytes)
            let scalar = bytes.withUnsafeBytes { bytes in
                var reader = ScalarReader(bytes)
                return try? reader.readDocument()
            }
            #expect(both.map { "\($0)" } == scalar.map { "\($0)" }, "seed \(seed): \(bytes)")
        }
    }
}

extension Value {
    /// Any value that JSON can hold, without numbers that equal nothing.
    static func random(depth: Int, _ random: inout SplitMix64) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &random) {
        case 0: .null
        case 1: .bool(.random(using: &random))
        case 2: .int(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
        case 3: .double(Double.random(in: -1e6...1e6, using: &random))
        case 4: .double(Double(Int64.random(in: -1000...1000, using: &random)))
        case 5: BigInteger("\(random.next())\(random.next())").map(Value.bigInteger) ?? .null
        case 6: .string(.random(&random))
        case 7: .list((0..<Int.random(in: 0..<12, using: &random)).map { _ in .random(depth: depth - 1, &random) })
        default:
            .map(
                (0..<Int.random(in: 0..<12, using: &random)).reduce(into: ValueMap()) { map, _ in
                    map[.random(&random)] = .random(depth: depth - 1, &random)
                })
        }
    }
}

extension String {
    static func random(_ random: inout SplitMix64) -> String {
        let alphabet = Array("abcdefgh xyz\"\\\n\u{1}\u{7F}éß漢😀")
        return String((0..<Int.random(in: 0..<24, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
    }
}
