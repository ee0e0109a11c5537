import PostgreSQL

/// An export as shown to operators.
package struct ExportState: Sendable, Hashable {
    /// The result of an operator's order about an export.
    package enum Resolution: String, Sendable, Hashable {
        case ended
        /// Its end is known already.
        case settled
        case missing
    }

    package let id: String
    package let state: String
    package let caller: String
    package let project: String
    package let operation: String
    package let task: String?
    package let instance: String
    /// Microseconds since 1970.
    package let begun: Int64
}

extension Statement where Answer == [ExportState] {
    /// - Parameter state: `open`, `unknown`, `made` or `failed`.
    static func exports(in state: String) -> Statement {
        Statement("export_list", [.text(state)]) { rows throws(FleetFault) in
            rows.map { row in
                ExportState(
                    id: row.text(0) ?? "", state: row.text(1) ?? "", caller: row.text(2) ?? "", project: row.text(3) ?? "",
                    operation: row.text(4) ?? "", task: row.text(5), instance: row.text(6) ?? "", begun: row.integer(7) ?? 0)
            }
        }
    }
}

extension Statement where Answer == ExportState.Resolution {
    /// - Parameter task: the task that HSS created; nil if it created none.
    static func resolve(_ id: String, task: String?, reason: String) -> Statement {
        Statement("export_resolve", [.id(id), .text(task), .text(reason)]) { rows throws(FleetFault) in
            switch try rows.one().text(0) {
            case "ended": .ended
            case "missing": .missing
            default: .settled
            }
        }
    }
}
