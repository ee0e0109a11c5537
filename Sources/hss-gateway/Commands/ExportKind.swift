import Catalogue
import Codecs
import Gateway
import Settings

/// What can be exported, by the name that a user types: an operation's, or its short form, such as `baseline` for `BatchExportBaselineTask`.
struct ExportKind {
    let operation: Operation

    /// All export operations, in the order of their names.
    static let operations = Operation.allCases.filter { $0.kind == .export }
    static let names = operations.map(shortName)

    init?(_ text: String) {
        let folded = text.lowercased().replacing("_", with: "-")
        guard
            let found = Self.operations.first(where: { $0.name.lowercased() == folded || Self.shortName($0) == folded })
        else { return nil }
        operation = found
    }

    /// Words that are common to all of them are omitted, and the others are joined by hyphens.
    static func shortName(_ operation: Operation) -> String {
        var name = Substring(operation.name)
        for prefix in ["BatchExport", "Export", "Download"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
            break
        }
        for suffix in ["Request", "Task", "Result", "List", "Info", "File"] where name.hasSuffix(suffix) && name.count > suffix.count {
            name = name.dropLast(suffix.count)
            break
        }
        var words = ""
        for letter in name {
            if letter.isUppercase, !words.isEmpty { words += "-" }
            words += letter.lowercased()
        }
        return words
    }

    static func suggestion(for text: String) -> String {
        let hint = DidYouMean(names + operations.map(\.name)).hint(for: text)
        return "There is no export \(text).\(hint.map { " D\($0.dropFirst())" } ?? "") Kinds are: \(names.joined(separator: ", "))."
    }
}

/// The filters of an export as they were typed, `--severity-level High` or `--image-name=web`, to be put into a query and a body.
struct ExportFilters {
    private(set) var query: [(name: String, value: String)] = []
    private var body: [(filter: ExportParameter, values: [String])] = []

    /// Why a filter can't be sent.
    struct Fault: Error {
        let sentence: String
    }

    /// The command's own options, which a misspelt flag may also mean.
    private static let options = [
        "--gateway", "--key-file", "--ca-file", "--output", "--force", "--project", "--enterprise-project-id", "--reason", "--task",
        "--idempotency-key", "--body", "--timeout", "--quiet", "--filters",
    ]

    /// - Parameter hasBody: whether the body is given separately.
    init(_ words: [String], of operation: Operation, hasBody: Bool) throws(Fault) {
        let known = ExportParameter.all(of: operation)
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            guard word.hasPrefix("--") else { throw Fault(sentence: "\(word) belongs to no flag; filters are written as --name value.") }
            let pieces = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = pieces[0].replacing("-", with: "_")
            guard let filter = known.first(where: { $0.name.lowercased() == name.lowercased() }) else {
                let flags = known.map { Self.flag($0) }
                let hint = DidYouMean(flags + Self.options).hint(for: "--" + pieces[0]).map { ": " + $0 } ?? "."
                throw Fault(
                    sentence: "\(operation.name) has no filter --\(pieces[0])\(hint) "
                        + (flags.isEmpty ? "It has none at all." : "It has \(flags.joined(separator: ", ")), and --body FILE."))
            }
            var value = pieces.count == 2 ? pieces[1] : nil
            if value == nil, index < words.count, !words[index].hasPrefix("--") {
                value = words[index]
                index += 1
            }
            if value == nil, filter.value == .boolean { value = "true" }
            guard let value else { throw Fault(sentence: "--\(pieces[0]) needs a value.") }
            try add(value, to: filter)
        }
        // Without a list of items, all that match the filters are exported; HSS requires that to be stated.
        if !hasBody, let all = known.first(where: { $0.name == "operate_all" }),
            !body.contains(where: { $0.filter == all || $0.filter.value == .array })
        {
            try add("true", to: all)
        }
    }

    /// The flag of a filter.
    static func flag(_ filter: ExportParameter) -> String { "--" + filter.name.replacing("_", with: "-") }

    private mutating func add(_ value: String, to filter: ExportParameter) throws(Fault) {
        let isArray = filter.value == .array
        guard Self.isValue(value, of: isArray ? filter.element : filter.value) else {
            throw Fault(sentence: "\(Self.flag(filter)) \(value): the value is no \((isArray ? filter.element : filter.value).rawValue).")
        }
        switch filter.place {
        case .query:
            guard isArray || !query.contains(where: { $0.name == filter.name }) else {
                throw Fault(sentence: "\(Self.flag(filter)) stands twice.")
            }
            query.append((filter.name, value))
        case .body:
            if let index = body.firstIndex(where: { $0.filter == filter }) {
                guard isArray else { throw Fault(sentence: "\(Self.flag(filter)) stands twice.") }
                body[index].values.append(value)
            } else {
                body.append((filter, [value]))
            }
        }
    }

    private static func isValue(_ text: String, of type: ExportParameter.Value) -> Bool {
        switch type {
        case .string, .array: true
        case .integer: Int64(text) != nil
        case .number: Double(text)?.isFinite == true
        case .boolean: text == "true" || text == "false"
        case .object: JSONDocument(Array(text.utf8))?.isObject == true
        }
    }

    /// The body; nil if no filter belongs to it.
    var json: [UInt8]? {
        guard !body.isEmpty else { return nil }
        var writer = JSONWriter()
        writer.object { json in
            for (filter, values) in body {
                json.key(filter.name)
                if filter.value == .array {
                    json.open("[")
                    for value in values { Self.write(value, filter.element, to: &json) }
                    json.close("]")
                } else {
                    Self.write(values[0], filter.value, to: &json)
                }
            }
        }
        return writer.bytes
    }

    private static func write(_ text: String, _ type: ExportParameter.Value, to json: inout JSONWriter) {
        switch type {
        case .string, .array: json.value(text)
        case .integer: json.value(Int64(text) ?? 0)
        case .number, .boolean, .object: json.raw(text.utf8)
        }
    }
}
