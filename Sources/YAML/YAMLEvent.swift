/// One event of a YAML document, as the parser reports it.
package struct YAMLEvent: Sendable {
    /// The parser's message about a text that is not YAML. Never quotes the text, which may contain secrets.
    package struct Fault: Error, Hashable {
        /// What the parser was reading, in libyaml's words, e.g. `while parsing a block mapping`.
        package let context: String?
        /// What is wrong, in libyaml's words, e.g. `did not find expected key`.
        package let problem: String
        package let mark: Mark

        package init(context: String? = nil, problem: String, mark: Mark) {
            self.context = context
            self.problem = problem
            self.mark = mark
        }
    }

    /// A position in a text; line and column count from 1, columns in Unicode scalars.
    package struct Mark: Sendable, Hashable {
        package let line: Int
        package let column: Int

        /// Where every text begins.
        package static let start = Mark(line: 1, column: 1)

        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// The kinds of events.
    package enum Kind: Sendable, Equatable {
        case documentStart
        case documentEnd
        /// A single value. `isPlain` means that it has no quotes and is not a block, so that `~` or `true` have a meaning of their own.
        case scalar(String, isPlain: Bool)
        /// `*name`, with the name.
        case alias(String)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    package let kind: Kind
    /// Where it begins.
    package let mark: Mark
    /// The name after `&`.
    package var anchor: String?
    /// The tag with its prefix written out, e.g. `tag:yaml.org,2002:binary`.
    package var tag: String?
}
