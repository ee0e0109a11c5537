/// The `Authorization` field that the official SDKs send: `SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…` (protocol page a.6).
struct SignatureHeader: Sendable {
    let accessKeyID: Substring
    /// In lower case, in the order of the field.
    let signedHeaders: [String]
    /// 32 bytes.
    let signature: [UInt8]

    static let scheme = "SDK-HMAC-SHA256 "
    /// The SDKs sign up to a dozen fields.
    private static let mostSignedHeaders = 64

    /// Bytes of the longest field that is read. One with all the names that may be signed has some 2,000.
    private static let longest = 8 << 10

    /// Whether a field names a virtual key, in any scheme. The field may be of any length and hold anything: its bytes are passed over once.
    static func namesVirtualKey(_ text: String) -> Bool {
        let prefix = Array(CallerKey.VirtualID.prefix.utf8)
        var rest = Substring(text).utf8
        while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
            let label = rest[..<equals]
            rest = rest[rest.index(after: equals)...]
            guard rest.starts(with: prefix), ["Access", "Credential"].contains(where: { label.suffix($0.utf8.count).elementsEqual($0.utf8) })
            else { continue }
            if CallerKey.VirtualID.isMeant(by: Substring(rest.prefix(CallerKey.VirtualID.length))) { return true }
        }
        return false
    }

    /// Nil when it isn't one of these.
    init?(_ text: String) {
        guard text.utf8.count <= SignatureHeader.longest, text.hasPrefix(SignatureHeader.scheme) else { return nil }
        var parts: [Substring: Substring] = [:]
        for part in text.dropFirst(SignatureHeader.scheme.count).split(separator: ",", omittingEmptySubsequences: false) {
            let trimmed = part.drop { $0 == " " }
            guard let equals = trimmed.firstIndex(of: "=") else { return nil }
            guard parts.updateValue(trimmed[trimmed.index(after: equals)...], forKey: trimmed[..<equals]) == nil else { return nil }
        }
        guard parts.count == 3, let access = parts["Access"], let names = parts["SignedHeaders"], let signature = parts["Signature"],
            let bytes = SignatureHeader.bytes(signature)
        else { return nil }
        let list = names.split(separator: ";", omittingEmptySubsequences: false).map { $0.lowercased() }
        guard list.count <= SignatureHeader.mostSignedHeaders, Set(list).count == list.count, list.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.accessKeyID = access
        self.signedHeaders = list
        self.signature = bytes
    }

    private static func bytes(_ hexadecimal: Substring) -> [UInt8]? {
        guard hexadecimal.utf8.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in hexadecimal.utf8 {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let upper = high {
                bytes.append(upper << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
