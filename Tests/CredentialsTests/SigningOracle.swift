import Foundation
import Testing

/// The official Python signer, run once over a list of cases.
enum SigningOracle {
    struct Case: Encodable {
        let method: String
        let host: String
        let target: String
        let headers: [[String]]
        let body: Data
        let ak: String
        let sk: String
    }

    struct Answer: Decodable {
        let authorization: String
        let uri: String
    }

    static func sign(_ cases: [Case]) throws -> [Answer] { try Oracle.ask("sign_oracle.py", cases) }
}

/// A script that runs the official Python SDK: one JSON object a line as input, one a line as output.
enum Oracle {
    /// The exit status of a script when the SDK is not installed.
    private static let notInstalled: Int32 = 3

    static func ask<Question: Encodable, Answer: Decodable>(_ script: String, _ questions: [Question]) throws -> [Answer] {
        let folder = try TemporaryFolder()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let lines = try questions.map { try encoder.encode($0) + Data("\n".utf8) }
        try Data(lines.joined()).write(to: URL(fileURLWithPath: folder.path("in")))
        try Data().write(to: URL(fileURLWithPath: folder.path("out")))

        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [ProcessInfo.processInfo.environment["HSSGW_TEST_PYTHON"] ?? "python3", Fixture.path("Oracle/\(script)")]
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder.path("in")))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path("out")))
        try process.run()
        process.waitUntilExit()
        try #require(
            process.terminationStatus != notInstalled,
            "The official SDK is missing: pip install huaweicloudsdkcore==3.1.219, and name its Python in HSSGW_TEST_PYTHON."
        )
        try #require(process.terminationStatus == 0)
        let output = try Data(contentsOf: URL(fileURLWithPath: folder.path("out")))
        return try output.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Answer.self, from: $0) }
    }
}
