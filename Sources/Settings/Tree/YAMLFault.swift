import Yams

/// What the YAML library says about a document, without the text that it attaches.
enum YAMLFault: Error {
    case form(message: String, place: KeyPlace, hint: String?)
    case repeatedKey(name: String, place: KeyPlace)

    /// Runs a call of the library and keeps of its error only fixed words and the place: the rest quotes the file, secrets included.
    static func translating<Value>(_ call: () throws -> Value) throws(YAMLFault) -> Value {
        do {
            return try call()
        } catch let error as YamlError {
            throw YAMLFault(error)
        } catch {
            throw .form(message: "the file can't be read as YAML", place: .start, hint: nil)
        }
    }

    private init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let text = [context?.text, problem].compactMap(\.self).joined(separator: ", ")
            self = .form(message: "not valid YAML: \(text)", place: KeyPlace(mark), hint: Self.hint(problem))
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            self = .form(
                message: "a second document begins here", place: KeyPlace(mark), hint: "keep one document per file, without `---` between")
        case .composer(_, let problem, let mark, _):
            self = .form(message: "not valid YAML: \(problem)", place: KeyPlace(mark), hint: nil)
        case .duplicatedKeysInMapping(let names, let context):
            self = .repeatedKey(name: names.first ?? "", place: KeyPlace(context.mark))
        case .reader(let problem, _, _, _):
            self = .form(message: "not valid YAML: \(problem)", place: .start, hint: nil)
        default:
            self = .form(message: "the file can't be read as YAML", place: .start, hint: nil)
        }
    }

    private static func hint(_ problem: String) -> String? {
        if problem.contains("tab") || problem.contains("cannot start any token") {
            return "indent with spaces, and quote values that begin with a sign"
        }
        return problem.contains("mapping values are not allowed") ? "a value that contains `: ` needs quotes" : nil
    }
}

extension KeyPlace {
    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}
