import Catalogue
import Policy

/// The names under which the HSS API carries secrets: every one that the catalogue marks in any operation's query, body or answer.
///
/// One list for all operations and all depths, because a secret in the wrong place is a secret still. Names are compared folded: a
/// lenient reader takes `Kube-Config` for `kube_config`, and so might a caller's mistake.
enum SecretNames {
    static let mask = "***"

    /// Whether a member or parameter of this name holds a secret.
    static func contains(_ name: some Sequence<UInt8>) -> Bool {
        // A name's hash is made without an allocation; nearly every name ends here.
        var hash = offset
        for byte in name {
            if byte >= 0x80 { return isSecret(FoldedName(name).bytes) }
            let letter = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if letter &- 0x61 < 26 || letter &- 0x30 < 10 { hash = (hash ^ UInt64(letter)) &* prime }
        }
        return sieve[Int(hash & sieveMask) / 64] >> (hash & 63) & 1 == 1 && isSecret(FoldedName(name).bytes)
    }

    private static func isSecret(_ folded: [UInt8]) -> Bool { names.contains(folded) }

    /// The last name of each secret field's path; `[]` behind a name goes with the folding.
    private static let names: Set<[UInt8]> = {
        let fields = Operation.allCases.flatMap { $0.secretRequestFields.map(\.name) + $0.secretResponseFields }
        return Set(fields.map { field in FoldedName((field.split(separator: ".").last ?? "").utf8).bytes })
    }()

    /// FNV-1a, 64 bits.
    private static let offset: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let prime: UInt64 = 0x100_0000_01B3
    /// One bit of 4,096 for each secret name, by the low bits of its hash: of the other names one in fifty falls through. A set of hashes would
    /// hash them once more, and better than needed.
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
