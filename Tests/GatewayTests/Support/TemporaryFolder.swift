import Foundation

/// A test's own folder, removed with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "gateway-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The directory of the test's journal, which the journal creates.
    var journal: String { path + "/audit" }

    /// Every complete line of the journal as it is on disk now.
    func records() throws -> [[String: Any]] {
        let segments = try FileManager.default.contentsOfDirectory(atPath: journal).filter { $0.hasSuffix(".jsonl") }.sorted()
        return try segments.flatMap { name in
            let text = try String(contentsOf: URL(fileURLWithPath: journal + "/" + name), encoding: .utf8)
            return text.split(separator: "\n").compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        }
    }
}
