import PostgreSQL

/// Whether a key that is not proven may sign one more request.
package enum TrialVerdict: Sendable, Hashable {
    /// Another request has proved it: nobody need ask.
    case open
    /// This request may; what becomes of it must be said.
    case pass
    /// As many as may are under way.
    case wait
    /// The cloud refused it, and it is tried again after that, microseconds.
    case rest(Int64)
    case fenced
}

/// What the fleet knows of a key.
package enum TrialPhase: String, Sendable, Hashable {
    /// Two requests at a time may sign.
    case guarded
    case open
    case resting
}

/// What became of a request that signed with a key which is not proven.
package enum TrialEnd: String, Sendable, Hashable {
    case proven
    case refused
    case silent
}

extension Statement where Answer == TrialVerdict {
    /// - Parameter pass: a text that no other request has; said again it is the same request.
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

extension Statement where Answer == TrialPhase {
    /// - Parameter pass: nil of a request that left while the key was proven.
    static func trialEnd(_ credential: [UInt8], pass: String?, _ end: TrialEnd) -> Statement {
        Statement("trust_end", [.bytes(credential), .text(pass), .text(end.rawValue)]) { rows throws(FleetFault) in
            guard let phase = try rows.one().text(0).flatMap(TrialPhase.init) else {
                throw .refused("the server's answer to trust_end is none that this version knows")
            }
            return phase
        }
    }
}
