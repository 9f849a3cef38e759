import Crypto
import Wire

/// The floor under a relay: what nobody who speaks to Kinesis can leave out.
struct WireBenchmarks {
    private let data = (0..<750_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 7) }

    func run() {
        let gigabytes = Double(data.count) / 1e9
        var text: [UInt8] = []
        Base64.encode(data, into: &text)
        var output = [UInt8](repeating: 0, count: text.count)
        Stopwatch.measure("base64, encoding", unit: "GB/s", unitsPerCall: gigabytes) {
            data.withUnsafeBytes { data in output.withUnsafeMutableBytes { Base64.encode(data, into: $0) } }
        }
        Stopwatch.measure("base64, decoding", unit: "GB/s of data", unitsPerCall: gigabytes) {
            precondition(text.withUnsafeBufferPointer { Base64.decode($0) }?.count == data.count)
        }
        Stopwatch.measure("SHA-256", unit: "GB/s", unitsPerCall: gigabytes) { _ = SHA256.hash(data: data) }
        Stopwatch.measure("base64 both ways, SHA-256 of the text, two copies", unit: "GB/s of data", unitsPerCall: gigabytes) {
            precondition(text.withUnsafeBufferPointer { Base64.decode($0) }?.count == data.count)
            data.withUnsafeBytes { data in output.withUnsafeMutableBytes { Base64.encode(data, into: $0) } }
            _ = SHA256.hash(data: output)
            for _ in 0..<2 { data.withUnsafeBytes { data in output.withUnsafeMutableBytes { $0.copyMemory(from: data) } } }
        }
    }
}
