import PostgreSQL

/// Why the fleet's database gave no answer. No sentence has any part of the URL.
package enum FleetFault: Error, Sendable, Hashable {
    /// The database can't be reached, takes too long, stops, is full or is read-only: a later attempt may
    /// succeed.
    case unavailable(String)
    /// The database answers, and a repetition changes nothing: a wrong role, no fleet of that name, another version of
    /// the schema.
    case refused(String)
    /// This member may change nothing: another process has its name, or it was silent for too long.
    case fenced

    /// One sentence without a full stop.
    package var sentence: String {
        switch self {
        case .unavailable(let reason), .refused(let reason): reason
        case .fenced: "another process has this member's name, or this one was silent for too long"
        }
    }

    /// Whether the same statement may be sent again over another connection.
    package var isOfConnection: Bool {
        if case .unavailable = self { true } else { false }
    }

    /// What a session's fault is for a member.
    static func of(_ fault: PostgreSQLFault, schema: String) -> FleetFault {
        switch fault {
        case .reported(let code): .of(code, schema: schema)
        case .urlHasNoScheme, .urlIsUnusable, .needsPassword: .refused(fault.sentence)
        case .clearText, .outOfMemory, .unreachable, .silent, .stopped, .lost, .garbled, .tooMuch, .takesNoData: .unavailable(fault.sentence)
        }
    }

    /// What an SQLSTATE means (PostgreSQL's Appendix A). The server's own texts may quote data, so only the code is
    /// shown.
    static func of(_ code: String, schema: String) -> FleetFault {
        switch code {
        case "42501": .refused("the role may not do this (\(code))")
        case "3F000", "42883", "42P01": .refused("the database has no schema \(schema) of this version (\(code)): run hss-gateway fleet migrate")
        case "53100": .unavailable("the server's disk is full (\(code))")
        case "53300": .unavailable("the server has no connection left (\(code))")
        case "25006": .unavailable("the server can only be read (\(code))")
        case "57014", "55P03": .unavailable("the server took too long (\(code))")
        case "57P01", "57P02", "57P03": .unavailable("the server is stopping or starting (\(code))")
        case let code where code.hasPrefix("28"): .refused("the server refused the login (\(code))")
        case let code where code.hasPrefix("3D"): .refused("there is no such database (\(code))")
        case let code where ["08", "53", "54", "55", "57", "58", "40"].contains(String(code.prefix(2))):
            .unavailable("the server answered with SQLSTATE \(code)")
        default: .refused("the server answered with SQLSTATE \(code)")
        }
    }
}
