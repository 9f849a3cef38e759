import FoundationEssentials
import Pipeline
import Records
import Testing

@Suite("Mutated files")
struct FuzzTests {
    /// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static let seed = """
        pipeline: "orders-${STREAM}"
        aws: {region: eu-west-1, endpoint: embedded}
        x: &defaults {stream: s, record_limit: 5}
        checkpoints:
          redis: {url: "${NOPE:-redis://h}"}
        sources:
          orders:
            kinesis:
              <<: *defaults
              iterator_type: LATEST
              sleep_time_no_records: 2s
        transforms:
          paid:
            from: [orders]
            steps:
              - filter: |
                  record.status == "paid" &&
                    record.x > 1
              - set: {total: record.net + record.vat, day: '"a ''b'' c"'}
              - {remove: [debug, internal.trace], on_error: keep}
              - route: {large: record.total > 1000.0, small: default}
        sinks:
          relay: {from: paid.large, kinesis: {stream: "\\u00e9${SECRET}", partition_key: record.customer_id}}
          archive: {from: [paid.small, paid.large], file: {path: 'a/%Y.jsonl', rotate: {size: 256 MiB, every: 1h}}}
        dead_letter:
          file:
            path: >-
              folded
              text
        tests: [{name: é日本, send: {orders: [{record: {status: paid}, meta: {partition_key: a}}]}, expect: {relay: {exactly: []}}}]

        """

    static let pieces = [
        "\t", "\n", "\r", " ", "  ", ": ", "- ", "#", "'", "\"", "{", "}", "[", "]", ",", "&a ", "*a", "*defaults", "<<: ", "|", ">", "|2",
        "? ", "!!str ", "%", "@", "`",
        "${", "${X}", "$$", "\\", "\\x", "\u{0}", "\u{85}", "\u{2028}", "\u{FEFF}", "é", "---\n", "...\n", "null", "~", ".inf", "0x",
        "1e999", "999999999999999999999",
        "from: paid\n", "steps: []\n",
    ]

    /// How many files are tried: `KINESIS_AGENT_FUZZ=1000000` tries a million, with the seed of `KINESIS_AGENT_FUZZ_SEED`.
    private static let count = ProcessInfo.processInfo.environment["KINESIS_AGENT_FUZZ"].flatMap { Int($0) } ?? 1_200
    private static let firstSeed = ProcessInfo.processInfo.environment["KINESIS_AGENT_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    private static let lanes = 20

    @Test("never end in a crash, and whatever is reported has a place in the file and can be rendered", arguments: 0..<lanes)
    func mutations(_ lane: Int) {
        let seed = Self.firstSeed &+ UInt64(lane)
        if lane == 0 { print("fuzzing YAML: \(Self.count) files, seeds \(Self.firstSeed) to \(Self.firstSeed &+ UInt64(Self.lanes - 1))") }
        var random = Random(state: seed)
        for round in 0..<(Self.count / Self.lanes) {
            let bytes = round % 4 == 3 ? Self.soup(&random) : Self.mutated(&random)
            let file = PipelineFile(name: "p.yaml", bytes: bytes)
            let result = compilePipelines(files: [file], catalogue: Fixture.catalogue, interpolation: Fixture.interpolation)
            let rendered = DiagnosticRenderer(files: result.files).render(result.diagnostics)
            // Written out, since millions of expectations would take longer than what they expect of.
            let isSound =
                (result.hasErrors != rendered.isEmpty || !result.hasErrors)
                && result.diagnostics.count <= 1_000
                && result.diagnostics.allSatisfy { (1...(file.lineCount + 1)).contains($0.location?.line ?? 0) }
                && !rendered.contains("hunter2")
                && (result.hasErrors || !result.plans.isEmpty)
            if !isSound { Issue.record("seed \(seed), round \(round):\n\(String(decoding: bytes, as: UTF8.self))\n\(rendered)") }
        }
    }

    /// The seed with a few changes.
    private static func mutated(_ random: inout Random) -> [UInt8] {
        var bytes = Array(seed.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let index = Int.random(in: 0..<max(1, bytes.count), using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes.remove(at: index)
            case 1: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random)!.utf8, at: index)
            case 3: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...40, using: &random)))
            case 4:
                bytes.insert(
                    contentsOf: bytes[index..<min(bytes.count, index + 60)], at: Int.random(in: 0..<bytes.count, using: &random))
            default: bytes.insert(contentsOf: "\n".utf8, at: index)
            }
            if bytes.isEmpty { bytes = [0x61] }
        }
        return bytes
    }

    /// Pieces of YAML, and words of pipeline files, in any order.
    private static func soup(_ random: inout Random) -> [UInt8] {
        let words = [
            "pipeline: p\n", "sources:\n", "sinks:\n", "  in:\n", "    stdin: \n", "  out: {stdout: }\n", "tests:\n", "  - name: n\n", "x",
        ]
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...40, using: &random) {
            bytes += (Bool.random(using: &random) ? pieces : words).randomElement(using: &random)!.utf8
        }
        return bytes
    }

    @Test("the file that is mutated has one mistake, the key that holds its anchor")
    func original() {
        let result = Fixture.compile(Self.seed)
        #expect(Fixture.summary(result.diagnostics) == ["unknown_key 3:1"])
    }
}
