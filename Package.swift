// swift-tools-version: 6.2
import PackageDescription

/// One language setting for every module: Swift 6, warnings are errors, imports are explicit.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// The rules are optimised in debug builds too: the simulator runs them for millions of steps.
let rules: [SwiftSetting] =
    strict + [.unsafeFlags(["-O"], .when(configuration: .debug)), .define("MUTANTS", .when(traits: ["Mutants"]))]

/// The hot path without the run-time checks of exclusive access: what the compiler can prove it still proves, and debug builds, which
/// all tests run, check the rest.
let hot: [SwiftSetting] = strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let ordered: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")

let package = Package(
    name: "herd-peer",
    products: [
        .executable(name: "herd-peer", targets: ["Program"]),
        .executable(name: "herd-simulate", targets: ["SimulateCommand"]),
        .executable(name: "herd-fuzz", targets: ["FuzzCommand"]),
        .executable(name: "herd-history", targets: ["HistoryCommand"]),
        .executable(name: "herd-bench", targets: ["BenchCommand"]),
    ],
    traits: [.trait(name: "Mutants", description: "Deliberate faults of the rules, for `make mutants` alone")],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
    ],
    targets: [
        // Rules: values only, no clock, no socket, no Foundation.
        .target(name: "Gossip", dependencies: [deque, heap], path: "Sources/Gossip", swiftSettings: rules),
        .target(name: "Routing", dependencies: ["Gossip", deque, ordered], path: "Sources/Routing", swiftSettings: rules),

        .target(name: "Health", path: "Sources/Health", swiftSettings: strict),

        // The mesh: carries the rules over the network.
        .systemLibrary(name: "CAvahi", path: "Sources/Mesh/CAvahi", providers: [.apt(["libavahi-client-dev"])]),
        .target(name: "Discovery", dependencies: ["CAvahi", logging], path: "Sources/Mesh/Discovery", swiftSettings: strict),
        .target(
            name: "Mesh",
            dependencies: [
                "Gossip", "Discovery", nio, nioPosix, nioHTTP1, nioSSL, certificates, asn1, crypto, logging, lifecycle,
            ],
            path: "Sources/Mesh/Mesh", swiftSettings: strict),

        // The program on one machine, in rooms.
        .systemLibrary(name: "CZstd", path: "Sources/Peer/CZstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CCurl", path: "Sources/Peer/CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CDBus", path: "Sources/Peer/CDBus", pkgConfig: "dbus-1", providers: [.apt(["libdbus-1-dev"])]),
        .target(
            name: "Machine",
            dependencies: ["CDBus", "Gossip", .product(name: "Subprocess", package: "swift-subprocess"), logging],
            path: "Sources/Peer/Machine", swiftSettings: strict),
        .target(name: "Outbound", dependencies: ["CCurl", logging], path: "Sources/Peer/Outbound", swiftSettings: strict),
        .target(
            name: "Backends", dependencies: ["Gossip", "Outbound", logging], path: "Sources/Peer/Backends", swiftSettings: strict),
        .target(name: "Access", dependencies: [crypto], path: "Sources/Peer/Access", swiftSettings: strict),
        .target(
            name: "FastLane",
            dependencies: [
                "Access", "CZstd", "Gossip", "Routing", "Translation", nio, nioPosix, nioHTTP1, nioTLS, nioSSL, logging, ordered,
                lifecycle,
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            path: "Sources/Peer/FastLane", swiftSettings: hot),
        .target(name: "Translation", path: "Sources/Peer/Translation", swiftSettings: strict),
        .target(name: "Store", dependencies: [grdb, sqlite, logging], path: "Sources/Peer/Store", swiftSettings: strict),
        .target(name: "Insight", dependencies: ["Store"], path: "Sources/Peer/Insight", swiftSettings: strict),
        .target(
            name: "Dashboard", path: "Sources/Peer/Dashboard", resources: [.embedInCode("Assets")], swiftSettings: strict),
        .target(
            name: "API",
            dependencies: [
                "Access", "Dashboard", "Gossip", "FastLane", "Health", "Insight", "Store", hummingbird, nio, crypto, logging,
                lifecycle,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ],
            path: "Sources/Peer/API", swiftSettings: strict),
        .target(
            name: "DemoEngine", dependencies: [nio, nioPosix, nioHTTP1, crypto, logging], path: "Sources/Peer/DemoEngine",
            swiftSettings: strict),
        .executableTarget(
            name: "Program",
            dependencies: [
                "Health",
                "Gossip", "Routing", "Mesh", "Discovery", "Machine", "Backends", "Outbound", "FastLane", "Store", "Insight",
                "API",
                "DemoEngine", "Access", nio, nioPosix, logging, lifecycle,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Sources/Peer/Program", swiftSettings: strict),

        // Tests.
        .target(name: "HTTPStub", path: "Tests/Support/HTTPStub", swiftSettings: strict),
        .target(
            name: "Simulator", dependencies: ["Gossip", "Routing", heap], path: "Tests/Simulation/Simulator", swiftSettings: rules
        ),
        .target(name: "Scale", dependencies: ["Gossip", heap], path: "Tests/Simulation/Scale", swiftSettings: rules),
        .executableTarget(
            name: "SimulateCommand", dependencies: ["Simulator", "Scale"], path: "Tests/Simulation/Command", swiftSettings: strict
        ),
        .target(
            name: "History", dependencies: ["Simulator", "Gossip"], path: "Tests/Simulation/History", swiftSettings: strict),
        .executableTarget(
            name: "HistoryCommand", dependencies: ["History"], path: "Tests/Simulation/HistoryCommand", swiftSettings: strict),
        .testTarget(
            name: "HistoryTests", dependencies: ["History"], path: "Tests/Simulation/HistoryCases", swiftSettings: strict),
        .testTarget(
            name: "SimulationTests", dependencies: ["Simulator", "Scale", "Gossip"], path: "Tests/Simulation/Cases",
            exclude: ["Kept"], swiftSettings: strict),
        .target(
            name: "FuzzTargets", dependencies: ["Gossip", "Mesh", "FastLane", "API", nio, nioPosix, logging],
            path: "Tests/Fuzz/Targets", swiftSettings: strict),
        .executableTarget(name: "FuzzCommand", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Command", swiftSettings: strict),
        .testTarget(
            name: "FuzzTests", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Cases", swiftSettings: strict),
        .systemLibrary(name: "CPoll", path: "Benchmarks/CPoll"),
        .executableTarget(
            name: "BenchCommand",
            dependencies: ["CPoll", deque, heap, .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Benchmarks/Tools", swiftSettings: strict),
        .testTarget(name: "BenchmarkTests", dependencies: ["BenchCommand"], path: "Tests/BenchmarkTests", swiftSettings: strict),
        .testTarget(name: "HouseTests", path: "Tests/HouseTests", swiftSettings: strict),
        .testTarget(name: "GossipTests", dependencies: ["Gossip"], path: "Tests/GossipTests", swiftSettings: strict),
        .testTarget(
            name: "RoutingTests", dependencies: ["Routing", "Gossip"], path: "Tests/RoutingTests", swiftSettings: strict),
        .testTarget(name: "HealthTests", dependencies: ["Health"], path: "Tests/HealthTests", swiftSettings: strict),
        .testTarget(
            name: "DiscoveryTests", dependencies: ["Discovery", logging], path: "Tests/DiscoveryTests", swiftSettings: strict),
        .testTarget(
            name: "MeshTests",
            dependencies: [
                "API", "Health", "Mesh", "Gossip", "Discovery", nio, nioPosix, nioHTTP1, nioSSL, crypto, logging, lifecycle,
            ],
            path: "Tests/MeshTests",
            swiftSettings: strict),
        .testTarget(
            name: "MachineTests", dependencies: ["Machine", "CDBus", "Gossip", logging], path: "Tests/MachineTests",
            swiftSettings: strict),
        .testTarget(
            name: "OutboundTests", dependencies: ["Outbound", "HTTPStub", logging], path: "Tests/OutboundTests",
            swiftSettings: strict),
        .testTarget(
            name: "BackendsTests", dependencies: ["Backends", "Outbound", "HTTPStub", "Gossip", logging],
            path: "Tests/BackendsTests",
            swiftSettings: strict),
        .testTarget(name: "AccessTests", dependencies: ["Access"], path: "Tests/AccessTests", swiftSettings: strict),
        .testTarget(
            name: "StoreTests", dependencies: ["Store", grdb, logging], path: "Tests/StoreTests", swiftSettings: strict),
        .testTarget(
            name: "InsightTests", dependencies: ["Insight", "Store"], path: "Tests/InsightTests", swiftSettings: strict),
        .testTarget(
            name: "FastLaneTests",
            dependencies: [
                "Access", "CZstd", "FastLane", "Gossip", "Routing", nio, nioPosix, nioHTTP1, nioEmbedded, nioSSL, certificates,
                asn1,
                crypto,
                logging,
                lifecycle,
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            path: "Tests/FastLaneTests", swiftSettings: strict),
        .testTarget(
            name: "TranslationTests", dependencies: ["Translation"], path: "Tests/TranslationTests", swiftSettings: strict),
        .testTarget(
            name: "ContractTests", dependencies: ["DemoEngine", nio, nioPosix, nioHTTP1, logging], path: "Tests/ContractTests",
            swiftSettings: strict),
        .testTarget(name: "DashboardTests", dependencies: ["Dashboard"], path: "Tests/DashboardTests", swiftSettings: strict),
        .testTarget(
            name: "APITests",
            dependencies: [
                "Health",
                "Access", "API", "FastLane", "Gossip", "Insight", "Store", hummingbird, nio, nioEmbedded, logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
            ], path: "Tests/APITests",
            swiftSettings: strict),
        .testTarget(
            name: "FaceTests",
            dependencies: [
                "API", "FastLane", "DemoEngine", "Gossip", "Insight", "Routing", "Store", "HTTPStub", nio, nioPosix, nioHTTP1,
                crypto,
                logging, lifecycle,
            ], path: "Tests/FaceTests", swiftSettings: strict),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "Program", "Access", "API", "FastLane", "Gossip", "Health", "Routing", "Store", nio, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tests/ProgramTests", swiftSettings: strict),
    ]
)
