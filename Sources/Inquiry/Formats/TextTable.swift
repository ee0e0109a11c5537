import Codecs

/// Rows of short texts under titles: in columns if they fit, and otherwise one block of lines for each row, so that nothing is left out.
package struct TextTable: Sendable {
    private let titles: [String]
    private let rows: [[String]]
    private let lastWraps: Bool
    private let isMarked: Bool

    /// The space between two columns, and between a title and its value in a block.
    private static let gap = 2
    /// A time to the microsecond, as records have it; on a terminal its seconds are enough.
    private static let timeLength = 27

    /// A last column that wraps is useless below this width.
    private static let leastText = 16

    /// - Parameters:
    ///   - rows: as many cells each as there are titles, or fewer. They are made printable here.
    ///   - lastWraps: whether the last column contains sentences, which are wrapped at the terminal's width.
    ///   - isMarked: whether the first column contains a verdict, which is coloured by its meaning.
    package init(_ titles: [String], _ rows: [[String]], lastWraps: Bool = false, isMarked: Bool = false) {
        self.titles = titles
        self.lastWraps = lastWraps
        self.isMarked = isMarked
        self.rows = rows.map { $0.map(PrintableText.line) }
    }

    package func text(_ layout: TableLayout = TableLayout()) -> String { lines(layout).joined(separator: "\n") + "\n" }

    func lines(_ layout: TableLayout) -> [String] {
        let rows = layout.width == nil ? rows : rows.map { $0.map(Self.shortened) }
        let widths = titles.indices.map { column in
            rows.reduce(titles[column].count) { max($0, column < $1.count ? $1[column].count : 0) }
        }
        let needed = widths.reduce(0) { $0 + $1 + Self.gap } - Self.gap
        if let width = layout.width, needed > width {
            let used = needed - (widths.last ?? 0)
            guard lastWraps, width - used >= Self.leastText else { return blocks(rows, layout) }
            return [layout.heading(line(titles, widths))] + rows.flatMap { wrapped($0, widths, behind: used, layout) }
        }
        return [layout.heading(line(titles, widths))] + rows.map { marked(line($0, widths), $0, layout) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths) { line += cell.padded(to: width + Self.gap) }
        while line.last == " " { line.removeLast() }
        return line
    }

    private func wrapped(_ cells: [String], _ widths: [Int], behind used: Int, _ layout: TableLayout) -> [String] {
        guard cells.count == titles.count, let last = cells.last else { return [marked(line(cells, widths), cells, layout)] }
        let parts = layout.wrapped(last, behind: used, isHanging: true).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return [marked(line(cells.dropLast() + parts.prefix(1), widths), cells, layout)] + parts.dropFirst()
    }

    private func marked(_ line: String, _ cells: [String], _ layout: TableLayout) -> String {
        guard isMarked, let word = cells.first, !word.isEmpty else { return line }
        return layout.outcome(word, padded: word) + line.dropFirst(word.count)
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
                let first = String(value.first ?? "")
                lines.append(layout.heading(title) + space + (isMarked && title == titles.first ? layout.outcome(first, padded: first) : first))
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
