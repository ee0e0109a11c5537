/// A signature of a virtual key that a request uses.
package struct SharedSignature: Sendable {
    /// The key's id.
    package let key: String
    /// Half of the signature.
    package let mark: [UInt8]
    /// The date that it has, seconds since 1970.
    package let seconds: Int64
    /// The request's own: whoever knows it may give the signature back. It leaves this process for the database alone.
    let pass: String

    package init(key: String, mark: [UInt8], seconds: Int64) {
        self.key = key
        self.mark = mark
        self.seconds = seconds
        pass = (0..<16).map { _ in UInt8.random(in: .min ... .max) }.hexadecimal
    }
}

/// What became of a signature that was given back.
package enum SignatureReturn: Sendable, Hashable {
    case given
    /// There is no such row.
    case missing
    /// This member's epoch is over: the signature stays used.
    case fenced
}

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

extension Statement where Answer == SignatureReturn {
    /// The request that took it never reached the cloud.
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
    /// Marks of reads' signatures.
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
