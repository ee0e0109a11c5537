import Foundation

/// A directory of a test's own, gone when the test is.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "audit-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Where the test's journal lives; the journal makes it.
    var journal: String { path + "/audit" }

    func segments() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: journal).filter { $0.hasPrefix("journal-") && $0.hasSuffix(".jsonl") }.sorted()
    }

    func file(_ name: String) -> URL { URL(fileURLWithPath: journal + "/" + name) }

    /// Every line of every segment in order, superseded ones too.
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

    /// A copy as a crash would leave it: taken while the journal is open. The frontier comes before the segments that it speaks of, and a
    /// draft may get its final name under the copier's hands.
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
