import Catalogue

/// The position of each operation in the embedded API description; determined once, at the first use.
struct OperationDescriptions: Sendable {
    /// The description of one operation.
    struct Entry: Sendable {
        var summary = ""
        var tag = ""
        /// Its lines, starting with its method.
        var lines = 0..<0
    }

    /// The lines of a path: its name, and what is common to all of its operations.
    struct Path: Sendable {
        var lines: Range<Int>
        /// Indices of operations, in the description's order.
        var operations: [Int] = []
    }

    /// Bytes before the first path, without the line `paths:`.
    private(set) var head = 0..<0
    private(set) var paths: [Path] = []
    /// Bytes after the last path.
    private(set) var tail = 0..<0
    private var entries = [Entry](repeating: Entry(), count: Operation.count)

    static let shared = OperationDescriptions()

    static func of(_ operation: Operation) -> Entry { shared.entries[operation.index] }

    private init() {
        APIDescription.text.withUTF8Buffer { text in
            var reader = Reader()
            var start = 0
            while start < text.count {
                let end = text[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? text.count
                read(String(decoding: text[start..<end].dropLast(), as: UTF8.self), start..<end, &reader)
                start = end
            }
            tail = tail.lowerBound..<text.count
        }
    }

    /// State of the line reader.
    private struct Reader {
        var isWithinPaths = false
        var operation: Int?
        /// First line of the operation that is being read.
        var method = 0
    }

    private mutating func read(_ line: String, _ range: Range<Int>, _ reader: inout Reader) {
        if line == "paths:" {
            head = 0..<range.lowerBound
            reader.isWithinPaths = true
        } else if reader.isWithinPaths, let first = line.first, first != " " {
            reader.isWithinPaths = false
            tail = range.lowerBound..<range.upperBound
        } else if reader.isWithinPaths {
            readWithinPaths(line, range, &reader)
        }
    }

    private mutating func readWithinPaths(_ line: String, _ range: Range<Int>, _ reader: inout Reader) {
        if line.hasPrefix("  /") {
            paths.append(Path(lines: range))
            reader.operation = nil
            reader.method = 0
        } else if Self.methods.contains(line) {
            reader.operation = nil
            reader.method = range.lowerBound
        } else if let name = line.value(of: "      operationId: "), let operation = Operation(named: name) {
            reader.operation = operation.index
            entries[operation.index].lines = reader.method..<range.upperBound
            paths[paths.count - 1].operations.append(operation.index)
            return
        }
        if let operation = reader.operation {
            entries[operation].lines = entries[operation].lines.lowerBound..<range.upperBound
            if let summary = line.value(of: "      summary: ") { entries[operation].summary = String(summary) }
            if let tag = line.value(of: "      tags: [") { entries[operation].tag = String(tag.dropLast()) }
        } else if reader.method == 0, !paths.isEmpty {
            paths[paths.count - 1].lines = paths[paths.count - 1].lines.lowerBound..<range.upperBound
        }
    }

    private static let methods: Set<String> = ["    get:", "    post:", "    put:", "    delete:"]

    func lines(of operation: Int) -> Range<Int> { entries[operation].lines }

    /// The lines that describe an operation.
    static func text(of operation: Operation) -> [String] { lines(in: shared.lines(of: operation.index)) }

    /// The lines of a schema that several operations use.
    static func schema(_ name: String) -> [String] {
        let rest = lines(in: shared.tail)
        guard let start = rest.firstIndex(of: "    \(name):") else { return [] }
        return [rest[start]] + rest[(start + 1)...].prefix { $0.hasPrefix("     ") || $0.isEmpty }
    }

    private static func lines(in range: Range<Int>) -> [String] {
        APIDescription.text.withUTF8Buffer { text in
            text[range].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

extension String {
    fileprivate func value(of key: String) -> Substring? { hasPrefix(key) ? dropFirst(key.count) : nil }
}

/// `/-/openapi.yaml`: the API description, reduced to the operations that the caller may call.
enum DescriptionOfRights {
    static func answer(_ rights: CallerRights) -> OwnAnswer {
        let known = OperationDescriptions.shared
        let allowed = Set(rights.all.map(\.operation.index))
        var bytes: [UInt8] = []
        APIDescription.text.withUTF8Buffer { text in
            bytes.reserveCapacity(text.count)
            bytes += text[known.head]
            bytes += (allowed.isEmpty ? "paths: {}\n" : "paths:\n").utf8
            for path in known.paths {
                let own = path.operations.filter(allowed.contains)
                guard !own.isEmpty else { continue }
                bytes += text[path.lines]
                for operation in own { bytes += text[known.lines(of: operation)] }
            }
            bytes += text[known.tail]
        }
        return OwnAnswer(type: "application/yaml", bytes: bytes)
    }
}
