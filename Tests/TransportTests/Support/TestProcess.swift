import Foundation

/// A program that a test talks to. It is ended, by its own process id, when the test lets it go.
final class TestProcess: @unchecked Sendable {
    // The two objects are made in init and only told to end afterwards; Process and Pipe allow that from any thread.
    private let process = Process()
    private let output = Pipe()

    /// Starts a program from the usual places; nil when it is not installed.
    init?(_ name: String, _ arguments: [String], in directory: URL? = nil) throws {
        let places = ["/usr/bin/", "/usr/sbin/", "/usr/local/bin/"].map { $0 + name }
        guard let path = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardOutput = output
        process.standardError = output
        process.standardInput = Pipe()
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    /// Reads output until a line holds this text, and returns that line; nil when the output ends first.
    func line(containing text: String) -> String? {
        var line: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first {
            if byte == UInt8(ascii: "\n") {
                let found = String(decoding: line, as: UTF8.self)
                if found.contains(text) { return found }
                line = []
            } else {
                line.append(byte)
            }
        }
        return nil
    }

    /// Waits for the end and tells whether it went well.
    func succeeded() -> Bool {
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
