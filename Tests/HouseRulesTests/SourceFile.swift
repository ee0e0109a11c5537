import Foundation

/// One source file, read completely.
struct SourceFile: CustomStringConvertible, Sendable {
    /// Relative to the repository's root, e.g. `Sources/Audit/Journal.swift`.
    let path: String
    let lines: [String]
    /// The same lines without comments and string literals.
    let code: [String]
    /// The modules that it imports, with any modifiers before `import`.
    let imports: [String]

    init(path: String, lines: [String]) {
        self.path = path
        self.lines = lines
        code = lines.map(Self.code(of:))
        imports = Self.imports(of: code)
    }

    /// The module that a source belongs to.
    var target: String { String(path.split(separator: "/")[1]) }
    /// Generated from a document, so the rules of form don't apply.
    var isGenerated: Bool { path.hasSuffix(".generated.swift") }
    var description: String { path }
    /// The file's name without its folder and ending.
    var name: String { String(path.split(separator: "/").last?.split(separator: ".").first ?? "") }

    /// Every Swift file below `Sources`.
    static let sources = files(below: "Sources", endings: ["swift"])
    /// Every Swift file below `Tests`.
    static let tests = files(below: "Tests", endings: ["swift"])
    /// Every Python file below `Tests`.
    static let clientTests = files(below: "Tests", endings: ["py"])
    /// C headers, module maps and documents next to them.
    static let companions = files(below: "Sources", endings: ["h", "c", "modulemap"])

    /// This file is two folders below the root; links are followed, so that for a package of links the real sources are
    /// checked.
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A document of the repository.
    static func document(_ path: String) throws -> String {
        try String(contentsOfFile: root.appending(path: path).path(percentEncoded: false), encoding: .utf8)
    }

    private static func files(below folder: String, endings: Set<String>) -> [SourceFile] {
        let top = root.appending(path: folder).path(percentEncoded: false)
        return (FileManager.default.subpaths(atPath: top) ?? []).sorted().compactMap { name in
            guard endings.contains(String(name.split(separator: ".").last ?? "")) else { return nil }
            guard let text = try? String(contentsOfFile: "\(top)/\(name)", encoding: .utf8) else { return nil }
            return SourceFile(
                path: "\(folder)/\(name)", lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }

    private static func imports(of code: [String]) -> [String] {
        let statement =
            /^\s*(?:@\w+\s+)*(?:(?:package|internal|private|fileprivate|public)\s+)?import\s+(?:(?:struct|class|enum|func|protocol)\s+)?(\w+)/
        return code.filter { $0.contains("import ") }.compactMap { $0.firstMatch(of: statement).map { String($0.1) } }
    }

    /// `path:line: text` of each line of code that matches the pattern. Comments and string literals are ignored.
    func code(matching pattern: some RegexComponent) -> [String] {
        zip(1..., zip(lines, code)).compactMap { number, line in
            line.1.contains(pattern) ? "\(path):\(number): \(line.0.trimmingCharacters(in: .whitespaces))" : nil
        }
    }

    /// A line without its comment and with empty string literals, read byte by byte because every rule reads every line. The
    /// inner lines of a multi-line literal count as code; none of ours would look like a fault.
    static func code(of line: String) -> String {
        var code: [UInt8] = []
        var isText = false
        var isEscaped = false
        for byte in line.utf8 {
            if isText {
                isText = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                if isText { continue }
            } else if byte == UInt8(ascii: "\"") {
                isText = true
            } else if byte == UInt8(ascii: "/"), code.last == byte {
                code.removeLast()
                break
            }
            code.append(byte)
        }
        return String(decoding: code, as: UTF8.self)
    }
}
