import Crypto
package import Credentials
import Policy
import Synchronization

/// The keys that are good now, found by id in one step each. Immutable: another list makes another table.
package struct CallerKeyTable: Sendable {
    private struct APIEntry: Sendable {
        let caller: String
        let digest: [UInt8]
    }

    /// A virtual key made ready to check signatures with.
    struct VirtualEntry: Sendable {
        let caller: String
        let key: SigningKey
    }

    private var api: [String: APIEntry] = [:]
    private var virtual: [String: VirtualEntry] = [:]

    package init() {}

    /// - Parameter secrets: derives the virtual keys' secrets; without it there are none.
    package init(_ list: CallerKeyList, secrets: VirtualSecretKey?) {
        for key in list.keys where key.revoked == nil {
            switch key.kind {
            case .api: api[key.id] = APIEntry(caller: key.caller, digest: CallerKeyTable.bytes(key.digest ?? ""))
            case .virtual: virtual[key.id] = secrets.map { VirtualEntry(caller: key.caller, key: $0.signingKey(for: key.id)) }
            }
        }
    }

    /// Whose key this is. The digests are compared in constant time, as Crypto compares them.
    func prove(_ key: APIKey) -> ProvenKey? {
        guard let entry = api[key.id], key.digest == entry.digest else { return nil }
        return ProvenKey(kind: .api, id: key.id, caller: entry.caller)
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

/// The table in force, for all workers; replaced as a whole when the key file changes.
package final class CallerKeyRing: Sendable {
    private let current: Mutex<CallerKeyTable>

    package init(_ table: CallerKeyTable = CallerKeyTable()) {
        current = Mutex(table)
    }

    package func replace(with table: CallerKeyTable) {
        current.withLock { $0 = table }
    }

    var table: CallerKeyTable { current.withLock { $0 } }
}
