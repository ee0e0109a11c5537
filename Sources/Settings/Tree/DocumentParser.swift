import Yams

/// Reads one YAML document into located nodes and reports every fault of its form.
struct DocumentParser {
    /// More repeated keys than these are not a slip.
    static let mostDuplicateKeys = 64

    let file: String
    private(set) var problems: [SettingsProblem] = []

    init(file: String) {
        self.file = file
    }

    /// The document's root; nil when the form is so broken that its content can't be judged, which `problems` then explains.
    mutating func parse(_ text: String) -> LocatedNode? {
        guard !text.unicodeScalars.contains(AliasMask.sign) else {
            report(.syntax, .start, "the file contains the private-use character U+F8FF", hint: "remove it")
            return nil
        }
        var masked = Array(AliasMask.mask(text).unicodeScalars)
        var repeated: [KeyPlace: String] = [:]
        for _ in 0...Self.mostDuplicateKeys {
            do throws(YAMLFault) {
                let parser = try YAMLFault.translating { try Parser(yaml: Self.text(masked), resolver: .basic, encoding: .utf8) }
                guard let root = try YAMLFault.translating(parser.singleRoot) else { return emptyDocument }
                var conversion = NodeConversion(file: file, repeatedKeys: repeated)
                let node = conversion.convert(root)
                problems += conversion.problems
                // Anchors are weak references into the parser, so it must outlive the conversion.
                return withExtendedLifetime(parser) { node }
            } catch {
                guard case .repeatedKey(let name, let place) = error, Self.rename(&masked, at: place, number: repeated.count) else {
                    report(error)
                    return nil
                }
                repeated[place] = name
            }
        }
        report(.duplicateKey, .start, "more than \(Self.mostDuplicateKeys) keys are repeated")
        return nil
    }

    private var emptyDocument: LocatedNode {
        LocatedNode(content: .mapping([]), origin: .file(SourcePosition(file: file, line: 1, column: 1)))
    }

    private mutating func report(_ fault: YAMLFault) {
        switch fault {
        case .form(let message, let place, let hint): report(.syntax, place, message, hint: hint)
        case .repeatedKey(_, let place): report(.duplicateKey, place, "this key is repeated further down")
        }
    }

    private mutating func report(_ kind: SettingsProblem.Kind, _ place: KeyPlace, _ message: String, hint: String? = nil) {
        let position = SourcePosition(file: file, line: place.line, column: place.column)
        problems.append(SettingsProblem(kind, .init(.root, .file(position)), message, hint: hint))
    }
}

extension DocumentParser {
    /// Gives one of two equal keys another first character, so that the parser, which stops at the first repeated key, goes on.
    ///
    /// False when the key isn't a plain or quoted word at that place (it has an anchor or a tag).
    private static func rename(_ text: inout [Unicode.Scalar], at place: KeyPlace, number: Int) -> Bool {
        var (line, column) = (1, 1)
        var index = text.startIndex
        while index < text.endIndex, line < place.line || column < place.column {
            let scalar = text[index]
            index += 1
            // Line breaks are those of YAML 1.1 section 5.4; CR LF is one.
            if "\n\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalar)
                || scalar == "\r" && (index == text.endIndex || text[index] != "\n")
            {
                line += 1
                column = 1
            } else if scalar != "\r" {
                column += 1
            }
        }
        if index < text.endIndex, text[index] == "\"" || text[index] == "'" { index += 1 }
        guard index < text.endIndex, !"&!\"'".unicodeScalars.contains(text[index]) else { return false }
        guard let substitute = Unicode.Scalar(0xE000 + UInt32(number)) else { return false }
        text[index] = substitute
        return true
    }

    private static func text(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

/// The place of a key within one file.
struct KeyPlace: Hashable, Sendable {
    let line: Int
    let column: Int

    static let start = KeyPlace(line: 1, column: 1)
}
