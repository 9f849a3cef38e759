import Checkpoints
import Foundation

/// A redis-server of a test's own, on a free port of the loopback interface.
struct RedisServer {
    static let executable = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map { "\($0)/redis-server" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    static var isInstalled: Bool { executable != nil }

    let port: Int
    let folder: String
    var arguments: [String] = []

    /// Runs `body` while the server runs. It need not be up yet: stores wait for it.
    func whileRunning<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.executable!)
        process.arguments =
            ["--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always"]
            + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        return try await body()
    }

    /// What redis-cli, which comes with the server, prints for a command.
    func command(_ words: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.executable!.replacing("redis-server", with: "redis-cli"))
        process.arguments = ["-p", "\(port)"] + words
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    /// A port that was free a moment ago.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 ? getsockname(descriptor, pointer, &length) : -1
            }
        }
        guard status == 0 else { throw CocoaError(.fileReadUnknown) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

func withRedisServer<Answer>(_ arguments: [String] = [], _ body: (RedisServer) async throws -> Answer) async throws -> Answer {
    try await withTemporaryFolder { folder in
        try await body(RedisServer(port: RedisServer.freePort(), folder: folder, arguments: arguments))
    }
}
