import PostgreSQL

extension Statement where Answer == Bool {
    /// - Returns: whether it is the first use.
    static func take(_ signature: SharedSignature, by instance: String) -> Statement {
        Statement(
            "signature_take",
            [
                .text(instance), .text(signature.key), .bytes(signature.mark), .number(signature.seconds &* 1_000_000), .id(signature.pass),
            ]
        ) { rows throws(FleetFault) in
            switch try rows.one().text(0) {
            case "fresh": return true
            case "used": return false
            default: throw .refused("the server's answer to signature_take is none that this version knows")
            }
        }
    }
}

extension Statement where Answer == SharedSignature.Return {
    /// The request that used it was never sent to the cloud.
    static func giveBack(_ signature: SharedSignature, _ member: MemberName) -> Statement {
        Statement(
            "signature_give_back", member.arguments + [.text(signature.key), .bytes(signature.mark), .id(signature.pass)]
        ) { rows throws(FleetFault) in
            switch try rows.one().text(0) {
            case "given": return .given
            case "missing": return .missing
            case "fenced": return .fenced
            default: throw .refused("the server's answer to signature_give_back is none that this version knows")
            }
        }
    }
}

extension Statement where Answer == Int64 {
    /// Signatures of reads.
    static func signatures(_ uses: [SharedSignature]) -> Statement {
        Statement(
            "signatures_used",
            [
                .list("text", uses.map(\.key)), .list("bytea", uses.map { $0.mark.bytea }),
                .list("bigint", uses.map { String($0.seconds &* 1_000_000) }),
            ]
        ) { rows throws(FleetFault) in try rows.one().integer(0) ?? 0 }
    }
}
