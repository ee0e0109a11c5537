import Foundation

/// A test's own directory, removed with the test.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "audit-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The directory of the test's journal, which the journal creates.
    var journal: String { path + "/audit" }

    func segments() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: journal).filter { $0.hasPrefix("journal-") && $0.hasSuffix(".jsonl") }.sorted()
    }

    func file(_ name: String) -> URL { URL(fileURLWithPath: journal + "/" + name) }

    /// Every line of every segment in order, including superseded ones.
    func lines() throws -> [String] {
        try segments().flatMap { name in
            try String(contentsOf: file(name), encoding: .utf8).split(separator: "\n").map(String.init)
        }
    }

    func records() throws -> [[String: Any]] {
        try lines().map { line in
            guard let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                throw NotARecord(line: line)
            }
            return record
        }
    }

    /// A copy as a crash would leave it: made while the journal is open. The frontier is copied before the segments that it covers, and a
    /// draft may be renamed while it is being copied.
    func copy() throws -> TemporaryDirectory {
        let files = FileManager.default
        let copy = try TemporaryDirectory()
        try files.createDirectory(atPath: copy.journal, withIntermediateDirectories: false)
        for name in try files.contentsOfDirectory(atPath: journal).sorted() {
            do {
                try files.copyItem(atPath: journal + "/" + name, toPath: copy.journal + "/" + name)
            } catch {
                guard name.hasSuffix(".new"), !files.fileExists(atPath: journal + "/" + name) else { throw error }
            }
        }
        return copy
    }
}

struct NotARecord: Error {
    let line: String
}
