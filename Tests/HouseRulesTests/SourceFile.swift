import Foundation

/// One file of ours, read whole.
struct SourceFile: CustomStringConvertible, Sendable {
    /// Relative to the repository's root, e.g. `Sources/Audit/Journal.swift`.
    let path: String
    let lines: [String]

    /// The module that a source belongs to.
    var target: String { String(path.split(separator: "/")[1]) }
    /// Made by a tool from a document, so the rules of shape are not its own.
    var isGenerated: Bool { path.hasSuffix(".generated.swift") }
    var description: String { path }

    /// Every Swift file below `Sources`.
    static let sources = files(below: "Sources", endings: ["swift"])
    /// Every Swift file below `Tests`.
    static let tests = files(below: "Tests", endings: ["swift"])
    /// C headers, module maps and documents that go with them.
    static let companions = files(below: "Sources", endings: ["h", "c", "modulemap"])

    /// This file is two folders below the root; links are followed, so that a package of links judges the true sources.
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func files(below folder: String, endings: Set<String>) -> [SourceFile] {
        let top = root.appending(path: folder).path(percentEncoded: false)
        return (FileManager.default.subpaths(atPath: top) ?? []).sorted().compactMap { name in
            guard endings.contains(String(name.split(separator: ".").last ?? "")) else { return nil }
            guard let text = try? String(contentsOfFile: "\(top)/\(name)", encoding: .utf8) else { return nil }
            return SourceFile(
                path: "\(folder)/\(name)", lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }

    /// The modules it imports, whatever stands before `import`.
    var imports: [String] {
        lines.compactMap { line in
            line.firstMatch(
                of:
                    /^\s*(?:@\w+\s+)*(?:(?:package|internal|private|fileprivate|public)\s+)?import\s+(?:(?:struct|class|enum|func|protocol|typealias|var|let)\s+)?(\w+)/
            )
            .map { String($0.1) }
        }
    }

    /// `path:line: text` of each line of code that the pattern fits. Comments are no code, nor is what stands between quotes.
    func code(matching pattern: some RegexComponent) -> [String] {
        zip(1..., lines).compactMap { number, line in
            Self.code(of: line).contains(pattern) ? "\(path):\(number): \(line.trimmingCharacters(in: .whitespaces))" : nil
        }
    }

    /// A line without its comment and its texts. A text with an escaped quote ends early, which hides no code of ours.
    static func code(of line: String) -> String {
        var code = line.replacing(/\\"/, with: "").replacing(/"[^"]*"/, with: "\"\"")
        if let comment = code.firstRange(of: "//") { code.removeSubrange(comment.lowerBound...) }
        return code
    }
}
