import Policy
import PostgreSQL

/// Who owns an export, as far as the fleet knows.
package struct ExportOwners: Sendable, Hashable {
    /// Nil when no caller is known to have created it.
    package let owners: [String]?
    /// It can't be said that it has no owner: an export of another caller has an unknown end, or a member has not reported its
    /// journal yet.
    package let isDoubtful: Bool
    /// For `any`: another caller has a task in the project.
    package let hasOthers: Bool
}

extension Statement where Answer == ExportOwners {
    static func owners(_ name: ExportName, in project: String, for caller: String) -> Statement {
        var (task, file): (String?, String?) = (nil, nil)
        switch name {
        case .task(let id): task = id
        case .file(let id): file = id
        case .any: break
        }
        return Statement(
            "owners_of", [.text(project), .text(task), .text(file), .text(caller)],
            columns: "array_to_string(q.owners, E'\\n'), q.doubt, q.others"
        ) { rows throws(FleetFault) in
            let row = try rows.one()
            return ExportOwners(owners: row.lines(0), isDoubtful: row.flag(1), hasOthers: row.flag(2))
        }
    }
}
