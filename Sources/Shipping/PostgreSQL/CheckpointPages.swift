import PostgreSQL

/// The checkpoints of one instance in the central database, ascending by size, read in pages.
struct CheckpointPages {
    /// Checkpoints of one page.
    private static let page = 1_000

    private let instance: String
    private let connection: PostgreSQLConnection
    /// The smallest last.
    private var waiting: [(size: UInt64, root: String, note: String)] = []
    private var last: (size: UInt64, root: String)?
    private var isAtEnd = false

    init(_ instance: String, _ connection: PostgreSQLConnection) {
        self.instance = instance
        self.connection = connection
    }

    /// The journal's name in the oldest checkpoint.
    func firstOrigin() throws(SinkFailure) -> String? {
        try connection.run("SELECT note FROM hssgw_checkpoints WHERE instance = $1 ORDER BY size, root LIMIT 1", [instance]).first?.text(0)
            .flatMap { $0.split(separator: "\n").first.map(String.init) }
    }

    /// The next checkpoint; nil after the last.
    mutating func peek() throws(SinkFailure) -> (size: UInt64, note: String)? {
        if waiting.isEmpty, !isAtEnd { try fetch() }
        return waiting.last.map { ($0.size, $0.note) }
    }

    /// Removes the next one.
    mutating func advance() { waiting.removeLast() }

    private mutating func fetch() throws(SinkFailure) {
        let rows = try connection.run(
            "SELECT size, root, note FROM hssgw_checkpoints WHERE instance = $1 AND (size, root) > ($2, $3) ORDER BY size, root LIMIT \(Self.page)",
            [instance, last.map { String($0.size) } ?? "-1", last?.root ?? ""])
        isAtEnd = rows.count < Self.page
        for row in rows {
            // A negative size is invalid: it is read as 0, which then differs from the note's.
            waiting.append((UInt64(max(row.integer(0) ?? 0, 0)), row.text(1) ?? "", row.text(2) ?? ""))
        }
        last = waiting.last.map { ($0.size, $0.root) }
        waiting.reverse()
    }
}
