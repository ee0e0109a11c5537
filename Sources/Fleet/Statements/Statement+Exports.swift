import Policy
import PostgreSQL
import Recollection

extension Statement where Answer == Bool {
    /// - Returns: whether the export's row changed; false when its end was known.
    static func end(_ id: String, _ end: ExportOutcome) -> Statement {
        var (task, total): (String?, Int64?) = (nil, nil)
        if case .made(let made, let count) = end { (task, total) = (made, count) }
        return Statement("export_end", [.id(id), .text(end.state), .flag(end != .failed), .text(task), .number(total)]) { rows throws(FleetFault) in
            try rows.one().text(0) == "ended"
        }
    }

    /// - Returns: whether the file belongs to that task.
    static func file(_ file: String, of task: String, in project: String) -> Statement {
        Statement("file_of", [.text(project), .text(task), .text(file)]) { rows throws(FleetFault) in try rows.one().text(0) == task }
    }

    static func retain() -> Statement { Statement("retain", []) { rows throws(FleetFault) in try rows.one().flag(0) } }
}

extension Statement where Answer == Int64 {
    /// The exports and files of a journal, as a JSON array.
    static func push(_ json: String, _ member: MemberName) -> Statement {
        Statement("export_push", member.arguments + [.json(json)]) { rows throws(FleetFault) in
            guard let count = try rows.one().integer(0) else { throw .fenced }
            return count
        }
    }
}
