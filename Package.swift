// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // Generic code (a producer of any token, an aggregation of any item) is specialized where another target uses it.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

// Products of other packages, by the names that the targets below use.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let orderedCollections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

/// A target of ours with its tests beside it.
func module(
    _ name: String, _ dependencies: [Target.Dependency], tests: [Target.Dependency] = [], testData: [String] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: settings),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.target(name: name), "TestSupport"] + dependencies + tests,
            exclude: testData,
            swiftSettings: settings),
    ]
}

let package = Package(
    name: "kinesis-agent",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "kinesis-agent", targets: ["kinesis-agent"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // System libraries: module maps, and two C++ shims with C headers.
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        // No pkgConfig: hiredis's asks for a flag that SwiftPM refuses, with a warning at every build.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CLinux"),
        .target(name: "CBase64"),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),

        // What tests of several targets share.
        .target(name: "TestSupport", dependencies: ["Records"], swiftSettings: settings),

        .executableTarget(
            name: "kinesis-agent",
            dependencies: [
                "Agent", "Checkpoints", "Components", "Pipeline", "Expressions", "Processors", "Leasing", "Kinesis", "Coordination",
                "Emulator",
                "Records", "JSON",
                argumentParser, logging, orderedCollections, unixSignals,
            ],
            swiftSettings: settings),
    ]
        // Pure: values and state machines.
        + module("Records", [orderedCollections])
        + module("JSON", ["CSimdjson", "Records", orderedCollections])
        + module("Wire", ["CBase64", "Records", orderedCollections])
        + module("Patterns", ["CRE2"])
        + module("Expressions", ["Records", "Patterns", orderedCollections], tests: ["JSON"])
        + module("Processors", ["CZlib", "CZstd", "Records", "JSON", crypto, orderedCollections])
        + module("Pipeline", ["CLibYAML", "Records", "Expressions", "Processors", orderedCollections])
        + module("Transforms", ["Records", "JSON", "Patterns", "Expressions", "Pipeline", crypto, deque, orderedCollections])
        + module("Coordination", ["Records", crypto, deque, orderedCollections])
        // Shells: sockets, files, clocks.
        + module("Leasing", ["Records", "Coordination", logging, metrics], tests: ["Checkpoints"])
        + module(
            "Kinesis",
            [
                "Records", "JSON", "Wire", "Coordination", "Leasing", asyncHTTPClient, crypto, deque, logging, metrics, nioCore, nioHTTP1,
                nioPosix, nioSSL, orderedCollections,
            ],
            tests: ["Checkpoints"])
        + module(
            "Checkpoints", ["CHiredis", "Records", "JSON", "Coordination", grdb, logging, nioCore, nioPosix, nioSSL, orderedCollections])
        + module(
            "Emulator",
            [
                "Records", "JSON", "Wire", "Coordination", "Pipeline", crypto, grdb, logging, nioCore, nioHTTP1, nioHTTP2, nioPosix, nioSSL,
                orderedCollections,
            ],
            tests: [asyncHTTPClient])
        + module(
            "Components",
            [
                "CLinux", "Records", "JSON", "Processors", "Expressions", "Pipeline", "Coordination", "Leasing", "Kinesis", "Checkpoints",
                logging, metrics, nioPosix, orderedCollections,
            ])
        + module(
            "Agent",
            [
                "Records", "JSON", "Processors", "Expressions", "Pipeline", "Transforms", "Coordination", "Leasing", "Kinesis",
                "Checkpoints",
                "Emulator", "Components", logging, orderedCollections,
            ],
            testData: ["Broken"])
)

// What a build has no use for: KINESIS_AGENT_BENCHMARKS=1, as Tests/Benchmarks/run.sh sets it.
if Context.environment["KINESIS_AGENT_BENCHMARKS"] != nil {
    package.targets += [
        .target(name: "CSimdjsonFilter", path: "Tests/Benchmarks/CSimdjsonFilter", linkerSettings: [.linkedLibrary("simdjson")]),
        .executableTarget(
            name: "benchmarks",
            dependencies: ["CSimdjsonFilter", "Records", "JSON", "Expressions", "Processors", "Wire", crypto, orderedCollections],
            path: "Tests/Benchmarks/benchmarks", swiftSettings: settings),
    ]
}
