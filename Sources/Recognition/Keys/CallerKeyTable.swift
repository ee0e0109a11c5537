package import Credentials
import Crypto
import Policy

/// The valid keys, found by id in constant time. Immutable: a new list gives a new table.
package struct CallerKeyTable: Sendable {
    private struct APIEntry: Sendable {
        let caller: String
        let digest: [UInt8]
        let life: Life
    }

    /// The expiry of a key, and when it was last used.
    struct Life: Sendable {
        /// Seconds since 1970; nil without an end.
        let endsAt: Int64?
        let use: KeyUse

        /// Called after the key was verified: throws if it has expired, otherwise notes its use.
        func use(at now: Int64) throws(RecognitionFault) {
            if let endsAt, now >= endsAt { throw .keyEnded(at: endsAt) }
            use.note(now)
        }
    }

    /// A virtual key, prepared for verifying signatures.
    struct VirtualEntry: Sendable {
        let caller: String
        let key: SigningKey
        let life: Life
    }

    private var api: [String: APIEntry] = [:]
    private var virtual: [String: VirtualEntry] = [:]

    package init() {}

    /// - Parameters:
    ///   - secrets: derives the virtual keys' secrets; without it there are none.
    ///   - uses: stores the times of the keys' last uses.
    package init(_ list: CallerKeyList, secrets: VirtualSecretKey?, uses: KeyUses = KeyUses()) {
        for key in list.keys where key.revoked == nil {
            let life = Life(endsAt: key.endsAt, use: uses.use(of: key.id))
            switch key.kind {
            case .api: api[key.id] = APIEntry(caller: key.caller, digest: CallerKeyTable.bytes(key.digest ?? ""), life: life)
            case .virtual: virtual[key.id] = secrets.map { VirtualEntry(caller: key.caller, key: $0.signingKey(for: key.id), life: life) }
            }
        }
    }

    /// The caller of a key. Crypto compares the digests in constant time; that a key has expired is only reported to a sender of the complete key.
    /// - Parameter now: seconds since 1970.
    func prove(_ key: APIKey, now: Int64) throws(RecognitionFault) -> CallerFacts.ProvenKey {
        guard let entry = api[key.id], key.digest == entry.digest else { throw .unknownKey }
        try entry.life.use(at: now)
        return CallerFacts.ProvenKey(kind: .api, id: key.id, caller: entry.caller, endsAt: entry.life.endsAt)
    }

    /// By caller, when the next of its keys expires, seconds since 1970; callers without a key that will expire are left out.
    package func nextEnds(after now: Int64) -> [String: Int64] {
        var ends: [String: Int64] = [:]
        let lives = api.values.map { ($0.caller, $0.life.endsAt) } + virtual.values.map { ($0.caller, $0.life.endsAt) }
        for case (let caller, let end?) in lives where end > now { ends[caller] = min(end, ends[caller] ?? .max) }
        return ends
    }

    func virtualKey(_ id: some StringProtocol) -> VirtualEntry? { virtual[String(id)] }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var digits = hexadecimal.utf8.makeIterator()
        while let high = digits.next(), let low = digits.next() {
            bytes.append(value(high) << 4 | value(low))
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8 { digit < 0x3A ? digit - 0x30 : digit - 0x57 }
}
