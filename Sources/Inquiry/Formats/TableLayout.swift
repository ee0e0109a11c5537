/// How a table is laid out: with its natural width for files and pipes, fitted to a terminal's width, or with
/// colour.
package struct TableLayout: Sendable, Hashable {
    /// Columns of the terminal; nil for no limit.
    let width: Int?
    let isColoured: Bool

    /// Narrower terminals are treated as if they had this width.
    private static let leastWidth = 40

    package init(width: Int? = nil, isColoured: Bool = false) {
        self.width = width.map { max($0, TableLayout.leastWidth) }
        self.isColoured = isColoured
    }

    /// Widths of columns that fit into the terminal: full width where possible, a shortened one where that is still readable, 0 for columns left out.
    /// - Parameter columns: for each the full width, the least useful one, and when it may be left out.
    func fit(_ columns: [Column]) -> [Int] {
        var widths = columns.map(\.full)
        guard let width else { return widths }
        // With less space than this, the remaining members come on lines of their own.
        func isTooWide() -> Bool { widths.reduce(0) { $1 > 0 ? $0 + $1 + 1 : $0 } > width }
        for (index, column) in columns.enumerated() where isTooWide() { widths[index] = column.least }
        for round in 1...TableLayout.rounds {
            for (index, column) in columns.enumerated().reversed() where column.goes == round && isTooWide() { widths[index] = 0 }
        }
        return widths
    }

    struct Column {
        let full: Int
        let least: Int
        /// In which round it is left out; 0 for never.
        var goes = 0
    }

    private static let rounds = 3

    /// The end of a row: on the same line as far as it fits, then on indented lines.
    /// - Parameter isHanging: whether those lines begin below the first one's text.
    func wrapped(_ text: String, behind used: Int, isHanging: Bool = false) -> String {
        guard let width, used + text.count > width else { return text }
        let indent = isHanging ? String(repeating: " ", count: used) : TableLayout.indent
        var lines: [String] = []
        var line = ""
        var room = width - used
        for word in text.split(separator: " ") {
            var word = Substring(word)
            if !line.isEmpty, line.count + 1 + word.count > room || lines.isEmpty && room < 1 {
                lines.append(line)
                (line, room) = ("", width - indent.count)
            } else if line.isEmpty, lines.isEmpty, word.count > room, !isHanging {
                lines.append("")
                room = width - indent.count
            }
            while word.count > room {
                lines.append(String(word.prefix(room)))
                word = word.dropFirst(room)
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        lines.append(line)
        return lines.joined(separator: "\n" + indent)
    }

    private static let indent = "    "

    func heading(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    /// An outcome in the colour of its meaning; failures are also bold, for readers who can't distinguish the colours.
    func outcome(_ text: String, padded cell: String) -> String {
        guard isColoured else { return cell }
        switch text {
        case "success", "ok", "alive": return "\u{1B}[32m\(cell)\u{1B}[0m"
        case "refused", "WARN": return "\u{1B}[33m\(cell)\u{1B}[0m"
        case "failure", "unknown", "FAIL", "gone": return "\u{1B}[1;31m\(cell)\u{1B}[0m"
        default: return cell
        }
    }
}
