import Foundation

/// The reference validator for OpenAPI, `openapi-spec-validator` from PyPI, if it is installed.
enum PythonValidator {
    static let isInstalled = (try? run(["-c", "import openapi_spec_validator"]))?.status == 0

    static func validate(_ path: String) throws -> (status: Int32, output: String) {
        try run(["-m", "openapi_spec_validator", path])
    }

    private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
