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
        let first = CallerKey.VirtualID.prefix.utf8.first
        var text = text
        return text.withUTF8 { bytes in
            for equals in bytes.indices where bytes[equals] == UInt8(ascii: "=") {
                let (label, value) = (bytes[..<equals], bytes.dropFirst(equals).dropFirst())
                guard value.first == first, CallerKey.VirtualID.isMeant(byBytes: value.prefix(CallerKey.VirtualID.length)) else { continue }
                if label.hasSuffix("Access") || label.hasSuffix("Credential") { return true }
            }
            return false
        }
    }

    /// Nil when it isn't one of these. Whoever knows a key's id can send it: it is read byte by byte, and its parts and names are counted before
    /// anything is made of them.
    init?(_ text: String) {
        guard text.utf8.count <= SignatureHeader.longest, text.utf8.starts(with: SignatureHeader.scheme.utf8) else { return nil }
        let rest = text.utf8.dropFirst(SignatureHeader.scheme.utf8.count)
        let pieces = rest.split(separator: UInt8(ascii: ","), maxSplits: 3, omittingEmptySubsequences: false)
        guard pieces.count == 3 else { return nil }
        var parts: [Substring: Substring] = [:]
        for piece in pieces {
            let trimmed = piece.drop { $0 == UInt8(ascii: " ") }
            guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            parts[Substring(trimmed[..<equals])] = Substring(trimmed[trimmed.index(after: equals)...])
        }
        guard let access = parts["Access"], let names = parts["SignedHeaders"], let signature = parts["Signature"],
            let bytes = SignatureHeader.bytes(signature)
        else { return nil }
        let most = SignatureHeader.mostSignedHeaders
        let spellings = names.utf8.split(separator: UInt8(ascii: ";"), maxSplits: most, omittingEmptySubsequences: false)
        guard spellings.count <= most else { return nil }
        let list = spellings.map { Substring($0).lowercased() }
        guard Set(list).count == list.count, list.allSatisfy({ !$0.isEmpty }) else { return nil }
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

extension Slice<UnsafeBufferPointer<UInt8>> {
    fileprivate func hasSuffix(_ text: StaticString) -> Bool {
        suffix(text.utf8CodeUnitCount).elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
