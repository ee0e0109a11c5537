import Catalogue
import Policy

/// The names under which the HSS API carries secrets: every one that the catalogue marks in any operation's query, body or answer.
///
/// One list for all operations and all depths, because a secret in the wrong place is still a secret. Names are compared folded: a lenient parser
/// accepts `Kube-Config` as `kube_config`, and a caller may send it by mistake.
enum SecretNames {
    static let mask = "***"

    /// Whether a member or parameter of this name holds a secret.
    static func contains(_ name: some Sequence<UInt8>) -> Bool {
        // The hash of a name needs no allocation, and for nearly every name it decides.
        var hash = offset
        for byte in name {
            if byte >= 0x80 { return isSecret(FoldedName(name).bytes) }
            let letter = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if letter &- 0x61 < 26 || letter &- 0x30 < 10 { hash = (hash ^ UInt64(letter)) &* prime }
        }
        return sieve[Int(hash & sieveMask) / 64] >> (hash & 63) & 1 == 1 && isSecret(FoldedName(name).bytes)
    }

    private static func isSecret(_ folded: [UInt8]) -> Bool { names.contains(folded) }

    /// The last name of each secret field's path; folding removes a `[]` after the name.
    private static let names: Set<[UInt8]> = {
        let fields = Operation.allCases.flatMap { $0.secretRequestFields.map(\.name) + $0.secretResponseFields }
        return Set(fields.map { field in FoldedName((field.split(separator: ".").last ?? "").utf8).bytes })
    }()

    /// FNV-1a, 64 bits.
    private static let offset: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let prime: UInt64 = 0x100_0000_01B3
    /// A bitmap of 4,096 bits with one bit set for each secret name, chosen by the low bits of its hash: one in fifty of the other names passes it. A
    /// `Set` of hashes would hash them a second time, with a stronger hash than needed.
    private static let sieve: [UInt64] = {
        var sieve = [UInt64](repeating: 0, count: Int(sieveMask + 1) / 64)
        for name in names {
            let hash = name.reduce(offset) { ($0 ^ UInt64($1)) &* prime }
            sieve[Int(hash & sieveMask) / 64] |= 1 << (hash & 63)
        }
        return sieve
    }()
    private static let sieveMask: UInt64 = 4_095
}
