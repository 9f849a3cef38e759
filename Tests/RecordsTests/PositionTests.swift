import Records
import TestSupport
import Testing

@Suite("Positions and sequence numbers")
struct PositionTests {
    private static func at(_ digits: String, _ sub: Int? = nil) -> Position {
        .sequence(SequenceNumber(digits)!, subSequence: sub)
    }

    /// From the first to the last, each less than the next.
    private static let ascending: [Position] = [
        .timestamp(-1), .timestamp(0), .timestamp(1_700_000_000_000), .trimHorizon,
        at("0"), at("9", 0), at("9", 1), at("9", 10), at("9"), at("10", 0), at("10"),
        at("1" + String(repeating: "0", count: 128), 3), at(String(repeating: "9", count: 129)), .shardEnd,
    ]

    @Test("sentinels come first, a whole record after its parts, the shard's end last")
    func order() {
        for (i, left) in Self.ascending.enumerated() {
            for (j, right) in Self.ascending.enumerated() {
                #expect((left < right) == (i < j), "\(left) and \(right)")
                #expect((left == right) == (i == j), "\(left) and \(right)")
            }
        }
    }

    @Test("positions print in the words of the API")
    func text() {
        #expect(
            [Position.trimHorizon, .timestamp(5), Self.at("12"), Self.at("12", 3), .shardEnd].map(\.description)
                == ["TRIM_HORIZON", "AT_TIMESTAMP 5", "12", "12/3", "SHARD_END"])
    }

    @Test("a sequence number is up to 129 digits without a leading zero", arguments: [1, 2, 56, 129])
    func accepted(_ count: Int) {
        let digits = "4" + String(repeating: "0", count: count - 1)
        #expect(SequenceNumber(digits)?.digits == digits)
    }

    @Test(
        "anything else is no sequence number",
        arguments: ["", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "0x1", "١", "１", "LATEST", "1" + String(repeating: "0", count: 129)])
    func refused(_ text: String) {
        #expect(SequenceNumber(text) == nil)
    }

    @Test("a sequence number is the same however it was made, and ordered where it no longer fits into a machine's integer")
    func sizes() {
        let numbers = [0, 9, 10, UInt64.max - 1, .max].map { SequenceNumber($0) }
        let larger = ["18446744073709551616", "18446744073709551617", "99999999999999999999", "100000000000000000000"].compactMap {
            SequenceNumber($0)
        }
        #expect(numbers.map { SequenceNumber($0.digits) } == numbers)
        #expect((numbers + larger).sorted() == numbers + larger)
        #expect(Set((numbers + larger).reversed().compactMap { SequenceNumber($0.digits) }).count == 9)
    }

    @Test("sequence numbers are ordered by value", arguments: [1, 2, 3] as [UInt64])
    func numericOrder(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            // Random lengths too, so that text order would be wrong most of the time.
            let (a, b) = (
                UInt64.random(in: 0...(.max >> random.shift()), using: &random),
                UInt64.random(in: 0...(.max >> random.shift()), using: &random)
            )
            #expect((SequenceNumber(a) < SequenceNumber(b)) == (a < b), "\(a) and \(b)")
        }
    }
}

extension SplitMix64 {
    fileprivate mutating func shift() -> Int { Int.random(in: 0..<63, using: &self) }
}
