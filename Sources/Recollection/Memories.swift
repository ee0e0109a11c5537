import Audit

/// Everything that is remembered. A new member needs a line in each function.
package struct Memories: Sendable {
    /// Who created which export task, and which file it produced.
    package var tasks = TaskOwners()
    /// How many exports each caller made on a day.
    package var exports = ExportCounts()
    /// Which task an export with a key created.
    package var idempotent = IdempotentExports()

    package init() {}

    mutating func note(_ fact: RecordFact) {
        tasks.note(fact)
        exports.note(fact)
        idempotent.note(fact)
    }

    mutating func forget(asOf now: Timestamp) {
        tasks.forget(asOf: now)
        exports.forget(asOf: now)
        idempotent.forget(asOf: now)
    }

    /// The parts of a snapshot.
    var sections: [any Remembered] { [tasks, exports, idempotent] }

    /// Restores one saved line; false if no member accepts it.
    mutating func restore(_ line: SavedLine, of title: some StringProtocol) -> Bool {
        switch String(title) {
        case TaskOwners.title: tasks.restore(line)
        case ExportCounts.title: exports.restore(line)
        case IdempotentExports.title: idempotent.restore(line)
        default: false
        }
    }

    /// The longest that anything is remembered.
    static var span: Duration { [TaskOwners.span, ExportCounts.span, IdempotentExports.span].max() ?? .zero }
}
