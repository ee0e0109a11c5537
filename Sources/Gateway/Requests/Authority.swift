/// `host[:port]` as it stands in a Host field or an absolute-form target (RFC 9110 section 7.2, RFC 3986 section 3.2), without
/// userinfo.
struct Authority: Equatable {
    /// Lower-cased; an IPv6 literal keeps its brackets.
    let host: String
    let port: Int?

    init?(_ text: String) {
        var hostPart = Substring(text)
        var portPart: Substring?
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostPart = text[...end]
            let rest = text[text.utf8.index(after: end)...]
            if !rest.isEmpty {
                guard rest.utf8.first == UInt8(ascii: ":") else { return nil }
                portPart = rest[rest.utf8.index(after: rest.startIndex)...]
            }
            guard hostPart.utf8.count > 2, hostPart.utf8.dropFirst().dropLast().allSatisfy(Authority.isAddressByte) else { return nil }
        } else {
            if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
                hostPart = text[..<colon]
                portPart = text[text.utf8.index(after: colon)...]
            }
            guard !hostPart.isEmpty, hostPart.utf8.allSatisfy(Authority.isNameByte) else { return nil }
        }
        if let portPart {
            // An empty port is legal and means the default one (RFC 3986 section 3.2.3).
            guard portPart.utf8.allSatisfy({ $0 &- 0x30 < 10 }), portPart.utf8.count <= 5 else { return nil }
            let number = portPart.isEmpty ? nil : Int(portPart)
            if let number, !(1...65_535).contains(number) { return nil }
            self.port = number
        } else {
            self.port = nil
        }
        self.host = hostPart.lowercased()
    }

    /// Letters, digits and the marks that occur in names. RFC 3986 also allows percent-encoding and sub-delims in a
    /// reg-name; no DNS name needs them and every one of them has been used to confuse a parser.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default:
            false
        }
    }
}
