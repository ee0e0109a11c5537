import YAML

/// Reads one YAML document into located nodes and reports every syntax fault.
struct DocumentParser {
    /// More repeated keys than this are not reported.
    static let mostDuplicateKeys = 64

    let file: String
    private(set) var problems: [SettingsProblem] = []

    init(file: String) {
        self.file = file
    }

    /// The document's root; nil if the syntax is so broken that the content can't be checked, which `problems` then explains.
    mutating func parse(_ text: String) -> LocatedNode? {
        guard !text.unicodeScalars.contains(AliasMask.sign) else {
            report(.syntax, .start, "the file contains the private-use character U+F8FF", hint: "remove it")
            return nil
        }
        do throws(DocumentFault) {
            var tree = TreeBuilder(file: file, reader: YAMLEventReader(AliasMask.mask(text)))
            let root = try tree.build()
            problems += tree.problems
            return root ?? emptyDocument
        } catch {
            report(error)
            return nil
        }
    }

    private var emptyDocument: LocatedNode {
        LocatedNode(content: .mapping([]), origin: .file(SourcePosition(file: file, line: 1, column: 1)))
    }

    private mutating func report(_ fault: DocumentFault) {
        switch fault {
        case .form(let fault):
            let words = [fault.context, fault.problem].compactMap(\.self).joined(separator: ", ")
            report(.syntax, fault.mark, "not valid YAML: \(words)", hint: Self.hint(fault.problem))
        case .secondDocument(let mark):
            report(.syntax, mark, "a second document begins here", hint: "keep one document per file, without `---` between")
        case .tooDeep(let mark):
            report(.syntax, mark, "nested deeper than \(TreeBuilder.deepestLevel) levels")
        case .tooManyRepeatedKeys:
            report(.duplicateKey, .start, "more than \(Self.mostDuplicateKeys) keys are repeated")
        }
    }

    private static func hint(_ problem: String) -> String? {
        if problem.contains("tab") || problem.contains("cannot start any token") {
            return "indent with spaces, and quote values that begin with a sign"
        }
        return problem.contains("mapping values are not allowed") ? "a value that contains `: ` needs quotes" : nil
    }

    private mutating func report(_ kind: SettingsProblem.Kind, _ mark: YAMLEvent.Mark, _ message: String, hint: String? = nil) {
        let position = SourcePosition(file: file, line: mark.line, column: mark.column)
        problems.append(SettingsProblem(kind, .init(.root, .file(position)), message, hint: hint))
    }
}

/// Why a document's content can't be checked at all.
enum DocumentFault: Error {
    case form(YAMLEvent.Fault)
    case secondDocument(YAMLEvent.Mark)
    case tooDeep(YAMLEvent.Mark)
    case tooManyRepeatedKeys
}
