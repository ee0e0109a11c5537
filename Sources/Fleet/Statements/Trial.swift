import PostgreSQL

/// What gateways that share a database report to each other about a key that is not proven yet.
package enum Trial {
    /// The outcome of a request that was signed with a key that is not proven.
    package enum End: String, Sendable, Hashable {
        case proven
        case refused
        case silent
    }

    /// The fleet's state of a key.
    package enum Phase: String, Sendable, Hashable {
        /// Two requests at a time may sign.
        case guarded
        case open
        case resting
    }

    /// Whether a key that is not proven may sign one more request.
    package enum Verdict: Sendable, Hashable {
        /// Another request has proved it: no permission is needed.
        case open
        /// This request may; its outcome must be reported.
        case pass
        /// The allowed number of requests is under way.
        case wait
        /// The cloud refused it, and it is tried again after that many microseconds.
        case rest(Int64)
        case fenced
    }
}

extension Statement where Answer == Trial.Verdict {
    /// - Parameter pass: a text that no other request has; a repetition with it is the same request.
    static func trial(_ credential: [UInt8], pass: String, _ member: MemberName) -> Statement {
        Statement("trust_pass", member.arguments + [.bytes(credential), .text(pass)]) { rows throws(FleetFault) in
            let row = try rows.one()
            switch row.text(0) {
            case "open": return .open
            case "pass", "probe": return .pass
            case "wait": return .wait
            case "rest": return .rest(row.integer(1) ?? 0)
            case "fenced": return .fenced
            default: throw .refused("the server's answer to trust_pass is none that this version knows")
            }
        }
    }
}

extension Statement where Answer == Trial.Phase {
    /// - Parameter pass: nil for a request that was sent while the key was proven.
    static func trialEnd(_ credential: [UInt8], pass: String?, _ end: Trial.End) -> Statement {
        Statement("trust_end", [.bytes(credential), .text(pass), .text(end.rawValue)]) { rows throws(FleetFault) in
            guard let phase = try rows.one().text(0).flatMap(Trial.Phase.init) else {
                throw .refused("the server's answer to trust_end is none that this version knows")
            }
            return phase
        }
    }
}
