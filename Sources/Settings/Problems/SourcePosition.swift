/// A place in a configuration file; lines and columns count from 1, columns in Unicode scalars as YAML parsers count them.
package struct SourcePosition: Sendable, Hashable {
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePosition: Comparable {
    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension SourcePosition: CustomStringConvertible {
    /// `file:line:column`, the form that editors jump to.
    package var description: String { "\(file):\(line):\(column)" }
}
