// swift-tools-version: 6.2
import PackageDescription

// The layers of the article Design, top to bottom: a target may depend only on what stands below its line.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// Hundreds of simulated days and a million rows in `make test`, a million records read back by acceptance tests:
// optimised in debug builds too.
let optimized = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]
// The fold and the reader of files own all they write to, one thread each: what debug builds check at run time is not
// checked again per record in release.
let fast = optimized + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

#if arch(x86_64)
    // Without these simdjson falls back to its slow scalar kernel.
    let simdFlags = ["-msse4.2", "-mpclmul"]
#else
    let simdFlags: [String] = []
#endif

let package = Package(
    name: "lifecycle",
    targets: [
        .executableTarget(
            name: "lifecycle",
            dependencies: [
                "Console", "Service", "HTTP", "Files", "Simulation", "Processor", "Kafka", "MappingLanguage",
                "Brokers", "Wire", "PolicyLanguage", "Shop", "Storage", "CustomerLifecycle", "CommandLine",
            ],
            swiftSettings: strict),

        .executableTarget(
            name: "bench",
            dependencies: [
                "Processor", "Kafka", "MappingLanguage", "Brokers", "Wire", "PolicyLanguage", "Shop", "Storage",
                "CustomerLifecycle",
            ],
            swiftSettings: strict),

        .target(
            name: "Console",
            dependencies: [
                "Files", "Service", "HTTP", "Processor", "Brokers", "Wire", "PolicyLanguage", "Storage",
                "CustomerLifecycle", "CommandLine",
            ],
            swiftSettings: strict),

        .target(
            name: "Simulation",
            dependencies: [
                "Processor", "Brokers", "Wire", "PolicyLanguage", "Shop", "Oracle", "Storage", "CustomerLifecycle",
            ],
            swiftSettings: optimized),

        .target(
            name: "Service",
            dependencies: [
                "HTTP", "Processor", "Kafka", "MappingLanguage", "Brokers", "Wire", "PolicyLanguage", "Storage",
                "CustomerLifecycle", "CommandLine",
            ],
            swiftSettings: strict),

        .target(
            name: "Files",
            dependencies: [
                "MappingLanguage",
                "Processor", "Wire", "PolicyLanguage", "Storage", "CustomerLifecycle", "CommandLine", "CZlib",
                "CCrypto",
            ],
            swiftSettings: fast),

        .target(
            name: "Processor",
            dependencies: ["Brokers", "Wire", "PolicyLanguage", "Storage", "CustomerLifecycle", "CXXHash", "CCrypto"],
            swiftSettings: fast),

        .target(
            name: "MappingLanguage",
            dependencies: ["Wire", "PolicyLanguage", "CustomerLifecycle", "CommandLine"],
            swiftSettings: strict),

        .target(name: "HTTP", dependencies: ["CMicrohttpd", "CCrypto"], swiftSettings: strict),

        .target(name: "Kafka", dependencies: ["Brokers", "Storage", "CRdKafka"], swiftSettings: strict),

        .target(name: "Brokers", dependencies: ["Storage", "CZstd"], swiftSettings: fast),
        .target(
            name: "Wire",
            dependencies: ["CustomerLifecycle", "CSimdJSON", "CXXHash", "CCrypto"],
            swiftSettings: fast),
        .target(
            name: "PolicyLanguage",
            dependencies: ["CommandLine", "CustomerLifecycle", "CYAML", "CCrypto", "CXXHash"],
            swiftSettings: strict),
        // What must be published, for the simulation and tests alone.
        .target(name: "Oracle", dependencies: ["CustomerLifecycle"], swiftSettings: optimized),
        .target(name: "Shop", dependencies: ["Wire", "CustomerLifecycle"], swiftSettings: strict),

        .target(name: "Storage", dependencies: ["CXXHash"], swiftSettings: fast),
        .target(name: "CustomerLifecycle", swiftSettings: fast),
        .target(name: "CommandLine", swiftSettings: strict),

        .target(
            name: "CSimdJSON",
            cxxSettings: [.unsafeFlags(simdFlags + ["-Wall", "-Werror"])],
            linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(
            name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // What a command prints and ends with, for the tests of every module that has commands.
        .target(name: "Capture", dependencies: ["CommandLine"], path: "Tests/Capture", swiftSettings: strict),
        // Bytes that were damaged by a seed, for the tests of whatever reads bytes that others wrote.
        .target(name: "Hostile", path: "Tests/Hostile", swiftSettings: optimized),
        // The folder `schemas`, for the tests of what it describes.
        .target(
            name: "JSONSchemas", dependencies: ["PolicyLanguage"], path: "Tests/JSONSchemas", swiftSettings: strict),
        // Any bytes at all, through the readers: those of a file, or, in `make fuzz`, those that libFuzzer makes up.
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Hostile", "Processor", "Brokers", "Wire", "PolicyLanguage", "Storage", "CustomerLifecycle",
            ],
            path: "Tests/Fuzz", swiftSettings: optimized),
        .testTarget(
            name: "HostileTests",
            dependencies: [
                "fuzz", "Hostile", "Processor", "Brokers", "Wire", "PolicyLanguage", "Storage", "CustomerLifecycle",
            ],
            swiftSettings: optimized),
        .testTarget(
            name: "CommandLineTests", dependencies: ["CommandLine", "PolicyLanguage", "Capture"],
            swiftSettings: strict),
        .testTarget(
            name: "CustomerLifecycleTests", dependencies: ["Oracle", "Wire", "CustomerLifecycle"],
            swiftSettings: strict),
        .testTarget(
            name: "PolicyLanguageTests",
            dependencies: ["PolicyLanguage", "CustomerLifecycle", "Hostile", "JSONSchemas"],
            swiftSettings: strict),
        .testTarget(
            name: "MappingLanguageTests",
            dependencies: ["MappingLanguage", "Wire", "PolicyLanguage", "CustomerLifecycle"], swiftSettings: strict),
        .testTarget(
            name: "WireTests", dependencies: ["Wire", "CustomerLifecycle", "CXXHash", "Hostile", "JSONSchemas"],
            swiftSettings: strict),
        // What a fold of its own, which shares no code with ours, makes of wire events.
        .testTarget(
            name: "ReferenceTests", dependencies: ["Wire", "PolicyLanguage", "CustomerLifecycle"],
            exclude: ["Cases"],
            swiftSettings: optimized),
        .testTarget(name: "ShopTests", dependencies: ["Shop", "Wire", "CustomerLifecycle"], swiftSettings: strict),
        .testTarget(name: "StorageTests", dependencies: ["Storage"], swiftSettings: strict),
        .testTarget(name: "BrokersTests", dependencies: ["Brokers", "Storage"], swiftSettings: strict),
        // On a real Kafka, where KAFKA_BOOTSTRAP_SERVERS names one. Most are skipped without it.
        .testTarget(name: "KafkaTests", dependencies: ["Kafka", "Brokers"], swiftSettings: strict),
        .testTarget(
            name: "ProcessorTests",
            dependencies: [
                "Processor", "MappingLanguage", "Brokers", "Wire", "PolicyLanguage", "Storage", "CustomerLifecycle",
                "JSONSchemas",
            ],
            exclude: ["Kept"],
            swiftSettings: strict),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "Service", "HTTP", "RawHTTP", "Processor", "Brokers", "Wire", "PolicyLanguage", "Storage",
                "CustomerLifecycle", "CommandLine", "Capture",
            ],
            swiftSettings: strict),
        // A client that sends whatever bytes it is told to.
        .target(name: "RawHTTP", path: "Tests/RawHTTP", swiftSettings: strict),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Console", "Service", "HTTP", "RawHTTP", "Processor", "Brokers", "Wire", "PolicyLanguage", "Storage",
                "CustomerLifecycle",
            ],
            swiftSettings: strict),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "RawHTTP"], swiftSettings: strict),
        .testTarget(
            name: "FilesTests",
            dependencies: ["Files", "Processor", "MappingLanguage", "Wire", "Storage", "CustomerLifecycle"],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Simulation", "PolicyLanguage", "CustomerLifecycle"],
            swiftSettings: strict),
        .testTarget(
            name: "lifecycleTests",
            dependencies: [
                "lifecycle", "Service", "Processor", "Brokers", "Storage", "Wire", "PolicyLanguage",
                "CustomerLifecycle",
                "CommandLine", "Capture",
            ],
            exclude: ["Demo/transcript-seed-1.txt"],
            swiftSettings: strict),
        .testTarget(
            name: "benchTests", dependencies: ["bench", "Brokers", "Wire", "Shop", "CustomerLifecycle"],
            swiftSettings: strict),
        // Runs the program as its users do: what the documentation shows, and, with `.ci/acceptance FOLDER`, over the
        // shared data.
        .testTarget(
            name: "AcceptanceTests",
            dependencies: [
                "Brokers", "Storage", "Wire", "PolicyLanguage", "CustomerLifecycle", "fuzz", "Hostile", "JSONSchemas",
            ],
            swiftSettings: optimized),
        .testTarget(name: "TidyTests", swiftSettings: optimized),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
