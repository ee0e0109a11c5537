/// Refers to a secret in a store, in place of a file's path: `vault:MOUNT/PATH#FIELD` or `csms:NAME`, `csms:NAME#FIELD`.
package struct StoreReference: Sendable, Hashable {
    package enum Store: String, Sendable, Hashable, CaseIterable {
        /// HashiCorp Vault, a secrets engine of the kind KV version 2.
        case vault
        /// Huawei Cloud's CSMS, a part of DEW.
        case csms
    }

    package let store: Store
    /// For Vault the path below the mount; for CSMS the secret's name.
    package let path: String
    /// Vault's mount.
    package let mount: String?
    /// The member of the secret to use.
    package let field: String?

    private static let longest = 512

    /// Whether a text looks like a reference, even if it is malformed.
    package static func isMeant(by text: some StringProtocol) -> Bool {
        Store.allCases.contains { text.hasPrefix("\($0.rawValue):") }
    }

    /// Nil if it is no valid reference; `expected` describes the form.
    package init?(text: String) {
        guard text.utf8.count <= Self.longest, let colon = text.firstIndex(of: ":"), let store = Store(rawValue: String(text[..<colon])) else {
            return nil
        }
        let parts = text[text.index(after: colon)...].split(separator: "#", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let field = parts.count == 2 ? String(parts[1]) : nil
        guard field.map({ $0.utf8.allSatisfy(Self.isNameByte) }) ?? true else { return nil }
        self.store = store
        self.field = field
        switch store {
        case .vault:
            var segments = parts[0].split(separator: "/", omittingEmptySubsequences: false)
            // Both forms are in use: the path of the command line, and that of the API with `data` after the mount.
            if segments.count > 2, segments[1] == "data" { segments.remove(at: 1) }
            let areGood = segments.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.allSatisfy(Self.isNameByte) }
            guard segments.count >= 2, areGood, field != nil else { return nil }
            mount = String(segments[0])
            path = segments.dropFirst().joined(separator: "/")
        case .csms:
            guard parts[0].utf8.count <= 64, parts[0].utf8.allSatisfy(Self.isNameByte) else { return nil }
            mount = nil
            path = String(parts[0])
        }
    }

    /// Completes "expected …".
    static let expected = "a reference such as vault:secret/hss/prod#secret_key, csms:hss-secret or csms:hss-secret#secret_key"

    /// Letters, digits and what needs no escaping in a path.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
}

extension StoreReference: CustomStringConvertible {
    package var description: String {
        "\(store.rawValue):\(mount.map { "\($0)/" } ?? "")\(path)\(field.map { "#\($0)" } ?? "")"
    }
}
