/// A piece of SQL and the values of its placeholders. The text never contains values.
package struct SQLFragment: Sendable, Hashable {
    /// How a database writes the placeholder of its n-th argument, from 1.
    package enum Dialect: Sendable {
        case sqlite, postgresql

        func placeholder(_ number: Int) -> String {
            switch self {
            case .sqlite: "?\(number)"
            case .postgresql: "$\(number)"
            }
        }
    }

    /// The value of a placeholder.
    package enum Argument: Sendable, Hashable {
        case text(String)
        case integer(Int64)

        /// The value as a database reads it from text.
        package var text: String {
            switch self {
            case .text(let text): text
            case .integer(let number): String(number)
            }
        }
    }

    /// The text, placeholders in the dialect's form.
    package private(set) var text: String
    /// The placeholders' values, in their order.
    package private(set) var arguments: [Argument]
    private let dialect: Dialect

    /// Begins with text that needs no values.
    package init(_ text: String = "", dialect: Dialect) {
        self.text = text
        self.arguments = []
        self.dialect = dialect
    }

    mutating func append(_ text: String) {
        self.text += text
    }

    mutating func prepend(_ text: String) {
        self.text = text + self.text
    }

    /// Adds a value's placeholder.
    mutating func append(_ argument: Argument) {
        arguments.append(argument)
        text += dialect.placeholder(arguments.count)
    }

    /// Adds `column operator value`, with `AND` before it if it is not the first.
    mutating func condition(_ column: String, _ comparison: String, _ value: Argument, isFirst: inout Bool) {
        append(isFirst ? "" : " AND ")
        append("\(column) \(comparison) ")
        append(value)
        isFirst = false
    }
}
