import Records
import Testing

@Suite("Sizes, durations, moments and big integers")
struct QuantityTests {
    @Test(
        "a size is a number and a unit",
        arguments: [
            ("0", 0), ("17", 17), ("1 B", 1), ("50 KiB", 51_200), ("1MiB", 1_048_576), ("1.5 MiB", 1_572_864), ("10 MB", 10_000_000),
            ("2 gb", 2_000_000_000), ("1 GiB", 1 << 30), ("3kb", 3_000),
        ])
    func sizes(_ text: String, _ bytes: Int) {
        #expect(ByteSize(text)?.bytes == bytes)
    }

    @Test(
        "anything else is no size",
        arguments: [
            "", " ", "MiB", "1 0 MB", "-1 MB", "1 TB", "1 M iB", "1..5 KiB", "1e3", "nan", "inf", "99999999999 GiB", "٣ MB", "1,5 MB",
        ])
    func noSizes(_ text: String) {
        #expect(ByteSize(text) == nil)
    }

    @Test("a plain number takes the unit that the setting has")
    func plainUnit() {
        #expect(ByteSize("2", plainUnit: 1024)?.bytes == 2048)
        #expect(ByteSize("2 B", plainUnit: 1024)?.bytes == 2)
    }

    @Test("a size reads back what it prints", arguments: [0, 1, 1023, 1024, 1536, 51_200, 1 << 20, 3 << 30, 1_000_000])
    func sizeText(_ bytes: Int) {
        #expect(ByteSize(ByteSize(bytes: bytes).description)?.bytes == bytes)
    }

    @Test(
        "a duration is a number and a unit, seconds without one",
        arguments: [
            ("500ms", 500), ("2s", 2_000), ("2", 2_000), ("0.5 s", 500), ("5m", 300_000), ("1h", 3_600_000), ("1d", 86_400_000), ("0", 0),
        ]
            as [(String, Int64)])
    func durations(_ text: String, _ milliseconds: Int64) {
        #expect(Duration(text: text) == .milliseconds(milliseconds))
    }

    @Test("anything else is no duration", arguments: ["", "s", "-1s", "1 w", "1S", "1s ", "1 0s", "1e3s", "nan", "99999999999h", "1.2.3s"])
    func noDurations(_ text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test("a duration prints in the largest whole unit", arguments: ["0ms", "1ms", "1500ms", "2s", "90s", "5m", "61m", "25h"])
    func durationText(_ text: String) {
        #expect(Duration(text: text)?.text == text)
    }

    @Test("durations saturate instead of overflowing")
    func saturation() {
        #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
        // The seconds fit into nanoseconds, their fraction does not.
        #expect((Duration.seconds(9_223_372_036) + .nanoseconds(999_999_999)).wholeNanoseconds == .max)
        #expect((Duration.seconds(-9_223_372_036) - .nanoseconds(999_999_999)).wholeNanoseconds == .min)
    }

    @Test("moments saturate instead of overflowing")
    func moments() {
        let time = MonotonicTime(nanoseconds: 5)
        #expect(time + .seconds(Int64.max) == MonotonicTime(nanoseconds: .max))
        #expect(MonotonicTime(nanoseconds: -5) - .seconds(Int64.max) == MonotonicTime(nanoseconds: .min))
        #expect((time + .seconds(2)) - time == .seconds(2))
        #expect(time - .nanoseconds(5) == .zero)
    }

    @Test("a big integer keeps its digits", arguments: ["0", "-0", "-1", "18446744073709551616", "-" + String(repeating: "9", count: 400)])
    func bigIntegers(_ text: String) {
        #expect(BigInteger(text)?.digits == text)
        #expect(BigInteger(Substring(text))?.description == text)
    }

    @Test("anything else is no big integer", arguments: ["", "-", "--1", "+1", "01", "-01", "1.0", "1e3", "1_000", "١"])
    func noBigIntegers(_ text: String) {
        #expect(BigInteger(text) == nil)
    }

    @Test("a failure says what happened, its code, and what to do")
    func failures() {
        #expect("\(Failure("stream_not_found", "there is no stream x"))" == "there is no stream x [stream_not_found]")
        #expect("\(Failure("a", "b", hint: "Do c."))" == "b [a]. Do c.")
    }
}
