import Credentials
package import Policy
import Synchronization

/// One key that was made for a caller, as stored in the key file.
package struct CallerKey: Sendable, Hashable {
    /// The ids of virtual access keys: as long as the cloud's own, 20 characters, and distinguished from them by the prefix.
    package enum VirtualID {
        package static let prefix = "HGV"
        static let length = 20

        /// Whether a text has the form of such an id.
        package static func isMeant(by text: some StringProtocol) -> Bool {
            isMeant(byBytes: text.utf8)
        }

        static func isMeant(byBytes bytes: some Collection<UInt8>) -> Bool {
            bytes.starts(with: prefix.utf8) && bytes.count == length && Base32.isUpperCase(bytes)
        }

        /// Makes a new id with 85 random bits.
        package static func generate(using generator: inout some RandomNumberGenerator) -> String {
            prefix + TextAlphabet.base32.text((0..<11).map { _ in UInt8.random(in: .min ... .max, using: &generator) }).prefix(length - prefix.count)
        }
    }

    package let kind: CallerFacts.ProvenKey.Kind
    package let id: String
    package let caller: String
    /// RFC 3339, seconds.
    package let created: String
    package var revoked: String?
    /// When it expires, in the same form; nil if it doesn't.
    package var ends: String? {
        didSet { endsAt = ends.flatMap { ServiceTime.seconds(iso: $0) } }
    }
    /// When it expires, in seconds since 1970.
    package private(set) var endsAt: Int64?
    /// When it was made, in seconds since 1970; nil if the file contains something else.
    package var createdAt: Int64? { ServiceTime.seconds(iso: created) }
    /// SHA-256 of an API key, 64 hexadecimal digits; nothing is stored for a virtual key.
    package let digest: String?

    /// How long before its end a key's owner and the operator are warned, seconds.
    package static let notice: Int64 = 14 * 86_400

    package init(
        kind: CallerFacts.ProvenKey.Kind, id: String, caller: String, created: String, revoked: String? = nil, digest: String? = nil,
        ends: String? = nil
    ) {
        self.kind = kind
        self.id = id
        self.caller = caller
        self.created = created
        self.revoked = revoked
        self.digest = digest
        self.ends = ends
        endsAt = ends.flatMap { ServiceTime.seconds(iso: $0) }
    }
}

/// The table in force, for all workers; replaced as a whole when the key file changes.
package final class CallerKeyRing: Sendable {
    private let current: Mutex<CallerKeyTable>
    package let uses: KeyUses

    package init(_ table: CallerKeyTable = CallerKeyTable(), uses: KeyUses = KeyUses()) {
        current = Mutex(table)
        self.uses = uses
    }

    package func replace(with table: CallerKeyTable) {
        current.withLock { $0 = table }
    }

    package var table: CallerKeyTable { current.withLock { $0 } }
}
