import Records
import Testing

@testable import Coordination

@Suite struct BackoffTests {
    private let backoff = Backoff(base: .milliseconds(100), cap: .seconds(5))

    @Test(
        "The longest delay doubles with every failure up to the cap",
        arguments: [(1, 100), (2, 200), (3, 400), (6, 3_200), (7, 5_000), (8, 5_000), (1_000_000_000, 5_000)])
    func ceiling(failures: Int, milliseconds: Int) {
        #expect(backoff.ceiling(afterFailures: failures) == .milliseconds(milliseconds))
    }

    @Test("Delays use the whole range from nothing to the ceiling")
    func fullJitter() {
        var generator = SplitMix64(seed: 1)
        let delays = (0..<1_000).map { _ in backoff.delay(afterFailures: 2, using: &generator) }
        #expect(delays.allSatisfy { $0 >= .zero && $0 <= .milliseconds(200) })
        #expect(delays.contains { $0 < .milliseconds(20) } && delays.contains { $0 > .milliseconds(180) })
    }

    @Test("The generator gives SplitMix64's published sequence")
    func generator() {
        var generator = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ]
        let values = expected.map { _ in generator.next() }
        #expect(values == expected)
    }
}
