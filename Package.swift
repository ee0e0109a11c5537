// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is compiled with: the language mode and the upcoming features that turn
/// conventions of the house (explicit imports, explicit existentials) into compiler errors.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    // Functions of one module may be inlined in another. The run-time checks for overlapping access stay on, as in the build that the tests run on.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
    // Each function in a section of its own, so that the linker can put it elsewhere; scripts/build.sh asks it of the libraries too.
    .unsafeFlags(["-Xfrontend", "-function-sections"], .when(configuration: .release)),
]

/// For modules that neither a request nor a record runs through: small code instead of quick code.
let small: [SwiftSetting] = house + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// The functions that a request runs through lie one behind the other, in 105 pages instead of 365, in the order that
/// Benchmarks/order.sh finds: 8 to 10 % less CPU a request at 1 connection, 3 to 10 % less at 64. It takes lld, which comes with the toolchain.
let inOrder: [LinkerSetting] = [
    .unsafeFlags(
        ["-use-ld=lld", "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/Benchmarks/functions-in-order.txt"]
            + ["-Xlinker", "--no-warn-symbol-ordering"],
        .when(configuration: .release))
]

/// Nobody links to the program, so that its symbols are not exported and what nothing calls is left out: 41 instead of 47 MB, stripped. Functions with
/// the same instructions, which generics make many of, stand there once (nothing of ours compares addresses of functions), and relocations are packed,
/// which takes glibc 2.36 (Debian 12) or newer: 37 MB. Tables for unwinding the stack are left out, 4.6 MB: nothing throws C++ exceptions through these
/// frames, and debuggers and profilers walk them by their frame pointers: 32 MB. Constant data that is the same byte for byte, such as the tables
/// that both BoringSSLs bring, stands there once as well, and string tables are shared: 0.5 MB. Names of Unicode characters, which nothing asks for, are
/// left out (CUnicodeNames): 0.55 MB.
let closed: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-Xlinker", "--gc-sections", "-Xlinker", "--no-export-dynamic", "-Xlinker", "--icf=all",
            "-Xlinker", "--ignore-data-address-equality", "-Xlinker", "-O2",
            "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-eh-frame-hdr",
            "-Xlinker", "-T", "-Xlinker", "\(Context.packageDirectory)/scripts/release.ld",
            "-Xlinker", "--defsym=_swift_stdlib_getScalarName=cunicodenames_none",
        ],
        .when(configuration: .release))
]

/// Addresses of functions in shared libraries are looked up at the start and read-only from then on (BIND_NOW with RELRO), so that nobody who can
/// write into this process' memory can redirect a call.
let readOnlyAddresses: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now"], .when(configuration: .release))
]

let stamp: [CSetting] = Context.gitInformation.map { [.define("HSSGW_COMMIT", to: "\"\($0.currentCommit)\"")] } ?? []

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")

let package = Package(
    name: "hss-gateway",
    products: [.executable(name: "hss-gateway", targets: ["hss-gateway"])],
    // Exact versions: what is built tomorrow is what was tested today. `make outdated` says which have a newer one.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        // libcurl, as C sees it. Only Transport imports it.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        // Memory for libcurl. C, because libcurl calls it from any thread and Swift has no variables of a thread that cost nothing.
        .target(name: "CCurlMemory"),
        // Shows the frames of HTTP/2 that libcurl receives.
        .target(name: "CStreamFrames", linkerSettings: [.linkedLibrary("nghttp2")]),
        // libnghttp2, as C sees it. Only Gateway imports it.
        .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        // libpq, as C sees it. Only PostgreSQL imports it.
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        // Linux system calls that Swift can't spell: variadic ones, or without a wrapper in libc.
        .systemLibrary(name: "CLinux"),
        // The system's zlib, for closed segments of the journal and the console's files. Only Audit and Administration import it.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // libyaml, as C sees it. Only YAML imports it.
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        // SQLite, as C sees it. Only Inquiry imports it.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        // The commit this was built from. A target of its own, so that a new commit recompiles nothing else.
        .target(name: "CBuildStamp", cSettings: stamp),
        // Descriptors that Swift's runtime is lent when the process can open no other.
        .target(name: "CDescriptorReserve"),
        // What a release has in place of the standard library's names of Unicode characters.
        .target(name: "CUnicodeNames"),

        // Texts and numbers as bytes: JSON, Base64, hexadecimal, dates. It knows nobody.
        .target(name: "Codecs", swiftSettings: house),
        .target(name: "Files", dependencies: ["Codecs"], swiftSettings: house),
        .target(
            name: "Transport", dependencies: ["CCurl", "CCurlMemory", "CLinux", "CStreamFrames", "Codecs", nioCore, nioPosix], swiftSettings: house),
        // One connection to a PostgreSQL server. Shipping copies records over it, Fleet shares state.
        .target(name: "PostgreSQL", dependencies: ["CPostgreSQL"], swiftSettings: house),
        .target(name: "Catalogue", swiftSettings: house),
        // Makes Catalogue/*.generated.swift from openapi.yaml; not part of the product.
        .executableTarget(name: "CatalogueGenerator", dependencies: ["YAML"], swiftSettings: house),
        // Traces of requests, by swift-distributed-tracing's interface; who exports them is no business of those who make them.
        .target(name: "Spans", dependencies: [tracing], swiftSettings: house),
        .target(name: "Policy", dependencies: ["Catalogue"], swiftSettings: house),
        .target(name: "Credentials", dependencies: ["Codecs", "Policy", crypto], swiftSettings: house),
        .target(name: "Recognition", dependencies: ["Codecs", "Credentials", "Files", "Policy", asn1, crypto, jwtKit, x509], swiftSettings: house),
        .target(name: "Audit", dependencies: ["Codecs", "CZlib", "Files", crypto], resources: [.embedInCode("Bundle/Page")], swiftSettings: house),
        .target(name: "Inquiry", dependencies: ["Audit", "Codecs", "CSQLite", "Files", crypto], swiftSettings: house),
        .target(name: "Recollection", dependencies: ["Audit", "Files", crypto], swiftSettings: house),
        // YAML as events with their places; no third party's tree, so that bounds, places and repeated keys are ours.
        .target(name: "YAML", dependencies: ["CLibYAML"], swiftSettings: small),
        .target(name: "Settings", dependencies: ["Codecs", "YAML"], swiftSettings: small),
        .target(
            name: "Shipping",
            dependencies: [
                "Audit", "Codecs", "CLinux", "Files", "Inquiry", "PostgreSQL", "Spans", "Transport", crypto, nioCore, nioPosix, nioSSL, nioTLS,
            ],
            swiftSettings: house
        ),
        .target(
            name: "Fleet", dependencies: ["Audit", "Codecs", "CLinux", "Policy", "PostgreSQL", "Recollection"], resources: [.embedInCode("Schema")],
            swiftSettings: small
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "Audit", "Catalogue", "CLinux", "CNghttp2", "Codecs", "Credentials", "Fleet", "Recognition", "Inquiry", "Policy", "Recollection",
                "Spans", "Transport",
                crypto, lifecycle, logging, nioCore, nioHTTP1, nioPosix, nioSSL, nioTLS,
            ],
            swiftSettings: house
        ),
        .target(
            name: "Administration",
            dependencies: [
                "Audit", "Catalogue", "Codecs", "Credentials", "CZlib", "Fleet", "Gateway", "Inquiry", "Policy", crypto, lifecycle, nioCore,
                nioHTTP1, nioPosix, nioTLS,
            ],
            resources: [.embedInCode("Console")],
            swiftSettings: small
        ),
        .target(
            name: "Sandbox",
            dependencies: ["Catalogue", crypto, nioCore, nioHTTP1, nioPosix],
            swiftSettings: small
        ),
        .target(
            name: "Assembly",
            dependencies: [
                "Administration", "Audit", "Catalogue", "CBuildStamp", "CDescriptorReserve", "CLinux", "Codecs", "Credentials", "Files", "Fleet",
                "Gateway", "Inquiry", "Policy", "Recognition", "Recollection", "Sandbox", "Settings", "Shipping", "Spans", "Transport",
                asn1, crypto, lifecycle, logging, nioCore, nioPosix, nioSSL, signals, x509,
            ],
            swiftSettings: small
        ),
        .executableTarget(
            name: "hss-gateway",
            dependencies: [
                "Assembly", "Audit", "Catalogue", "Codecs", "CUnicodeNames", "Credentials", "Files", "Fleet", "Gateway", "Recognition", "Inquiry",
                "Policy", "Recollection", "Sandbox", "Settings", "Shipping",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                lifecycle, logging, signals,
            ],
            swiftSettings: small,
            linkerSettings: inOrder + closed + readOnlyAddresses
        ),

        // Times our parts of a request one by one; not part of the product.
        .executableTarget(
            name: "hss-microbenchmarks", dependencies: ["Audit", "Catalogue", "Credentials", "Inquiry", "Policy"], path: "Benchmarks/micro",
            swiftSettings: house
        ),

        .testTarget(name: "AuditTests", dependencies: ["Audit", "Codecs", "Files", crypto], swiftSettings: house),
        .testTarget(name: "CatalogueTests", dependencies: ["Catalogue", "CatalogueGenerator"], swiftSettings: house),
        .testTarget(name: "CodecsTests", dependencies: ["Codecs"], swiftSettings: house),
        .testTarget(name: "CommandTests", dependencies: ["hss-gateway"], swiftSettings: house),
        .testTarget(
            name: "AssemblyTests",
            dependencies: [
                "Assembly", "Administration", "Audit", "Catalogue", "Credentials", "Gateway", "Recognition", "Policy", "Settings", "Transport",
                logging,
            ],
            swiftSettings: house
        ),
        .testTarget(name: "FilesTests", dependencies: ["Files"], swiftSettings: house),
        .testTarget(
            name: "CredentialsTests", dependencies: ["Credentials", "Policy"], exclude: ["Oracle", "Fixtures"], swiftSettings: house
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Administration", "Audit", "Catalogue", "Credentials", "Fleet", "Gateway", "Inquiry", "Policy", "Recollection", "Transport", logging,
                nioCore, nioEmbedded, nioHTTP1, nioPosix,
            ],
            swiftSettings: house
        ),
        .testTarget(name: "FleetTests", dependencies: ["Audit", "Fleet", "Policy", "PostgreSQL", "Recollection"], swiftSettings: house),
        .testTarget(name: "RecognitionTests", dependencies: ["Credentials", "Recognition", "Policy", crypto], swiftSettings: house),
        .testTarget(name: "HouseRulesTests", swiftSettings: house),
        .testTarget(name: "InquiryTests", dependencies: ["Audit", "Codecs", "Inquiry", crypto], swiftSettings: house),
        .testTarget(name: "PolicyTests", dependencies: ["Catalogue", "Policy"], swiftSettings: house),
        .testTarget(name: "RecollectionTests", dependencies: ["Audit", "Recollection"], swiftSettings: house),
        .testTarget(name: "SandboxTests", dependencies: ["Catalogue", "Sandbox"], swiftSettings: house),
        .testTarget(name: "SpansTests", dependencies: ["Spans", tracing], swiftSettings: house),
        .testTarget(name: "SettingsTests", dependencies: ["Settings"], swiftSettings: house),
        .testTarget(name: "ShippingTests", dependencies: ["Audit", "Shipping"], swiftSettings: house),
        .testTarget(name: "TransportTests", dependencies: ["CCurlMemory", "Transport", nioCore, nioPosix], swiftSettings: house),
    ]
)

/// Tests/Fuzz is a test that replays a corpus. With HSSGW_FUZZING=1 (`make fuzz`) it is a program instead, which libFuzzer feeds, and the modules
/// that it feeds are instrumented, so that libFuzzer sees which inputs reach something new and AddressSanitizer which touch what isn't theirs.
let fuzzed: [Target.Dependency] = [
    "Administration", "Audit", "Codecs", "Credentials", "Gateway", "Inquiry", "Policy", "Recognition", "Recollection", "Settings", "Shipping",
    "Spans", "Transport", crypto, nioCore, nioEmbedded, nioHTTP1,
]
if Context.environment["HSSGW_FUZZING"] == "1" {
    // Optimised: several times as many inputs a second. Checks of bounds, of sums and of preconditions stay, as in a release. Administration is left
    // out: the console's files that are embedded in it take the instrumenting compiler minutes.
    let sanitized = ["-O", "-sanitize=fuzzer,address"]
    let instrumented: Set<String> = [
        "Audit", "Codecs", "Credentials", "Files", "Gateway", "Inquiry", "Policy", "Recognition", "Recollection", "Settings", "Shipping", "Spans",
        "Transport", "YAML",
    ]
    for target in package.targets where instrumented.contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(sanitized + ["-enable-testing"])]
    }
    for target in package.targets where target.name == "Administration" {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-enable-testing"])]
    }
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Corpus", "FuzzCorpusTests.swift"],
            swiftSettings: house + [.unsafeFlags(sanitized + ["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(sanitized + ["-use-ld=lld"])]))
} else {
    package.targets.append(
        .testTarget(
            name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Corpus", "FuzzDriver.swift"], swiftSettings: house))
}
