import FoundationEssentials
import Leasing
import OrderedCollections
import Processors
import Records
import Synchronization
import Testing

@testable import Components

extension ByteStreamFraming {
    fileprivate func bytes(of value: Value) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try append(.value(value), to: &bytes)
        return bytes
    }
}

@Suite("Records in a stream of bytes")
struct ByteStreamFramingTests {
    static let cases: [(String, Value, String)] = [
        ("string", .string("a b"), "a b\n"),
        ("json", .map(["a": .int(1)]), "{\"a\": 1}\n"),
        ("json_lines", .map(["a": .string("x\ny")]), "{\"a\": \"x\\ny\"}\n"),
        ("json_list", .int(1), "[1]\n"),
        ("msgpack", .int(10), "1:\n,"),
        ("raw", .bytes([0x41, 0x0A]), "A\n"),
    ]

    @Test("end as their processor wants it", arguments: cases)
    func framing(name: String, value: Value, bytes: String) throws {
        let processor = try #require(ProcessorSpec.builtIn(named: name))
        #expect(String(decoding: try ByteStreamFraming(processor).bytes(of: value), as: UTF8.self) == bytes)
    }

    @Test("that measure themselves have no line ends between them")
    func binary() throws {
        let processor = try ProcessorSpec("own", aggregator: .simple, serializer: .msgpack)
        #expect(try ByteStreamFraming(processor).bytes(of: .int(10)) == [10])
    }

    @Test("that would be read back as two are refused")
    func lineFeed() throws {
        let processor = try ProcessorSpec("own", aggregator: .newline, serializer: .string)
        var bytes = Array("before".utf8)
        #expect(throws: Failure.self) { try ByteStreamFraming(processor).append(.value(.string("a\nb")), to: &bytes) }
        #expect(bytes == Array("before".utf8), "nothing is left of it")
    }

    @Test("have no limit of size: a dead letter is larger than what Kinesis takes")
    func large() throws {
        let value = Value.string(String(repeating: "x", count: 3 << 20))
        #expect(try ByteStreamFraming(.jsonLines).bytes(of: value).count == (3 << 20) + 3)
    }
}

@Suite("The file sink")
struct FileSinkTests {
    private let folder: TemporaryFolder
    private let acknowledgements = Acknowledgements()

    init() throws { folder = try TemporaryFolder() }

    private func sink(_ path: String, stops: Bool = false) throws -> FileSink {
        var config = FileSink.Config()
        config.path = path
        return try FileSink.make(config, acknowledgements.context(stops: stops))
    }

    private func run(_ sink: some Sink, _ records: [SinkRecord]) async throws {
        async let running: Void = sink.run()
        try await sink.write(records)
        sink.finish()
        try await running
    }

    @Test("appends in order, makes folders, and acknowledges each record once")
    func append() async throws {
        for round in 0..<2 {
            try await run(sink(folder.file("x/y/out")), (1...3).map { acknowledgements.record(.int(Int64(round * 3 + $0))) })
        }
        #expect(try folder.text("x/y/out") == "1\n2\n3\n4\n5\n6\n")
        #expect(acknowledgements.count == 6)
    }

    @Test("hands back what it cannot write, and writes the rest")
    func reject() async throws {
        let bad = Value.ext(type: 1, data: [])
        try await run(sink(folder.file("out")), [.int(1), bad, .int(2)].map { acknowledgements.record($0) })
        #expect(try folder.text("out") == "1\n2\n")
        #expect(acknowledgements.rejected == ["not_serializable"])
        #expect(acknowledgements.count == 3)
    }

    @Test("writes nothing of a batch with a record that stops the pipeline")
    func stop() async throws {
        let sink = try sink(folder.file("out"), stops: true)
        await #expect(throws: Failure.self) {
            try await sink.write(acknowledgements.batch([.int(1), .ext(type: 1, data: [])]))
        }
        sink.finish()
        try await sink.run()
        #expect(try folder.text("out") == "")
        #expect(acknowledgements.count == 0)
    }

    @Test("fails with the system's reason, acknowledges nothing and tells later writers")
    func fullDevice() async throws {
        let sink = try sink("/dev/full")
        let running = Task { try await sink.run() }
        try await sink.write([acknowledgements.record(.int(1))])
        let failure = await #expect(throws: Failure.self) { try await running.value }
        #expect(failure?.code == "output_failed")
        #expect(failure?.message == "cannot write to /dev/full: No space left on device")
        #expect(acknowledgements.count == 0)
        await #expect(throws: Failure.self) { try await sink.write([acknowledgements.record(.int(2))]) }
    }

    @Test("says before anything is read that its file cannot be opened")
    func unusablePath() throws {
        try folder.write("", to: "plain")
        let failure = #expect(throws: Failure.self) { try sink(folder.file("plain/out")) }
        #expect(failure?.code == "output_failed")
        #expect(throws: Failure.self) { try sink(folder.path) }
    }

    @Test("puts each record into the file of its arrival, however many files there are")
    func arrival() async throws {
        let days = (0..<40).map { Int64($0) * 86_400_000 + 1 }
        // Twice the same days: files that were closed are opened again.
        for round in 0..<2 {
            let records = days.map { acknowledgements.record(.int(Int64(round)), arrivedAt: $0) }
            try await run(sink(folder.file("%Y/%m-%d.%%")), records)
        }
        #expect(try folder.text("1970/01-01.%") == "0\n1\n")
        #expect(try folder.text("1970/02-09.%") == "0\n1\n")
        #expect(acknowledgements.count == 80)
    }
}

@Suite("A sink's acknowledgements")
struct ByteStreamSinkTests {
    /// Notes what is done in which order, and waits to be let go.
    private final class Output: ByteOutput {
        let events = Mutex<[String]>([])
        let acknowledged: @Sendable () -> Int
        init(acknowledged: @escaping @Sendable () -> Int) { self.acknowledged = acknowledged }

        func write(_ data: [UInt8], to path: String) { note("write \(String(decoding: data.dropLast(), as: UTF8.self))") }
        func synchronize() { note("synchronize") }
        private func note(_ event: String) { events.withLock { $0.append("\(event) \(acknowledged())") } }
    }

    @Test("come after the records are synchronized")
    func order() async throws {
        let acknowledgements = Acknowledgements()
        let output = Output { acknowledgements.count }
        let sink = ByteStreamSink(
            output: output, framing: ByteStreamFraming(.json), path: PathPattern("x"), context: acknowledgements.context())
        try await sink.write(acknowledgements.record(.int(1)).batch)
        async let running: Void = sink.run()
        await acknowledgements.waitFor(1)
        #expect(output.events.withLock { $0 } == ["write 1 0", "synchronize 0"])
        sink.finish()
        try await running
    }
}

@Suite("Moments")
struct UTCTimeTests {
    @Test(
        "read as RFC 3339",
        arguments: [(0, "1970-01-01T00:00:00.000Z"), (1_767_323_045_067, "2026-01-02T03:04:05.067Z"), (-1, "1969-12-31T23:59:59.999Z")])
    func rfc3339(milliseconds: Int64, text: String) {
        #expect(UTCTime(milliseconds: milliseconds).rfc3339 == text)
    }
}
