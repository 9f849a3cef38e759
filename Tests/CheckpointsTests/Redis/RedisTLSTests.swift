import Checkpoints
import Coordination
import Foundation
import Records
import Testing

@Suite("The Redis store over TLS", .enabled(if: RedisServer.isInstalled && OpenSSL.isInstalled))
struct RedisTLSTests {
    @Test("a server is trusted by the given certificates, and by no others")
    func trust() async throws {
        try await withTemporaryFolder { folder in
            try OpenSSL.makeCertificate(in: folder)
            let tls = ["--tls-cert-file", "\(folder)/cert.pem", "--tls-key-file", "\(folder)/key.pem", "--tls-auth-clients", "no"]
            let port = try RedisServer.freePort()
            let server = RedisServer(port: 0, folder: folder, arguments: ["--tls-port", "\(port)"] + tls)
            try await server.whileRunning {
                for host in ["localhost", "127.0.0.1"] {
                    var configuration = RedisConfiguration(url: "rediss://\(host):\(port)", group: "g", commandTimeout: .seconds(20))
                    configuration.caFile = "\(folder)/cert.pem"
                    let store = try await RedisStore.open(configuration, logger: .quiet)
                    #expect(try await store.table("s").announce(Worker("one"), for: hour) == [Worker("one")])
                    await store.close()

                    configuration.caFile = nil
                    let failure = await failureToOpen(configuration)
                    #expect(failure?.code == "redis_refused")
                    #expect(failure?.message.contains("certificate is not trusted") == true)
                }
            }
        }
    }

    @Test("a server without TLS is told from one whose certificate is bad")
    func plain() async throws {
        try await withRedisServer { server in
            try await server.whileRunning {
                // Until it listens.
                let plain = RedisConfiguration(url: "redis://127.0.0.1:\(server.port)", group: "g", commandTimeout: .seconds(20))
                try await RedisStore.open(plain, logger: .quiet).close()
                let failure = await failureToOpen(
                    RedisConfiguration(url: "rediss://127.0.0.1:\(server.port)", group: "g", commandTimeout: .seconds(2)))
                #expect(failure?.message.contains("TLS") == true, "\(String(describing: failure))")
            }
        }
    }

    @Test("a file of certificates that is not there is a clear failure")
    func missingFile() async throws {
        let failure = await failureToOpen(RedisConfiguration(url: "rediss://h", group: "g", caFile: "/none/ca.pem"))
        #expect(failure?.code == "redis_tls_invalid")
        #expect(failure?.message.contains("/none/ca.pem") == true)
    }
}

private enum OpenSSL {
    static let executable = "/usr/bin/openssl"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: executable) }

    /// A certificate of its own authority for the loopback interface: `cert.pem` and `key.pem`.
    static func makeCertificate(in folder: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "\(folder)/key.pem", "-out", "\(folder)/cert.pem",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
