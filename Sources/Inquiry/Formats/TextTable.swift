import Codecs

/// Rows of short texts under titles, for people: in columns where they fit, and otherwise one block of lines for each row, so that nothing is left
/// out.
package struct TextTable: Sendable {
    private let titles: [String]
    private let rows: [[String]]

    /// Between two columns, and between a title and its value in a block.
    private static let gap = 2
    /// A time to the microsecond, as records have it; on a terminal its seconds are enough.
    private static let timeLength = 27

    /// - Parameter rows: as many cells each as there are titles, or fewer. They are made printable here.
    package init(_ titles: [String], _ rows: [[String]]) {
        self.titles = titles
        self.rows = rows.map { $0.map(PrintableText.line) }
    }

    package func text(_ layout: TableLayout = TableLayout()) -> String { lines(layout).joined(separator: "\n") + "\n" }

    func lines(_ layout: TableLayout) -> [String] {
        let rows = layout.width == nil ? rows : rows.map { $0.map(Self.shortened) }
        let widths = titles.indices.map { column in
            rows.reduce(titles[column].count) { max($0, column < $1.count ? $1[column].count : 0) }
        }
        let needed = widths.reduce(0) { $0 + $1 + Self.gap } - Self.gap
        if let width = layout.width, needed > width { return blocks(rows, layout) }
        return [layout.heading(Self.line(titles, widths))] + rows.map { Self.line($0, widths) }
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths) { line += cell.padded(to: width + gap) }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Titles on the left; a value that is wider than the terminal continues on the next line.
    private func blocks(_ rows: [[String]], _ layout: TableLayout) -> [String] {
        let margin = titles.reduce(0) { max($0, $1.count) } + Self.gap
        guard !rows.isEmpty else { return [layout.heading(layout.wrapped(titles.joined(separator: " "), behind: 0))] }
        var lines: [String] = []
        for row in rows {
            if !lines.isEmpty { lines.append("") }
            for (title, cell) in zip(titles, row) {
                let space = String(repeating: " ", count: margin - title.count)
                let value = layout.wrapped(cell, behind: margin).split(separator: "\n", omittingEmptySubsequences: false)
                lines.append(layout.heading(title) + space + (value.first ?? ""))
                lines += value.dropFirst().map(String.init)
            }
        }
        return lines
    }

    private static func shortened(_ cell: String) -> String {
        guard cell.count == timeLength, cell.hasSuffix("Z"), cell.dropFirst(19).hasPrefix(".") else { return cell }
        return cell.prefix(19) + "Z"
    }
}
