/// `host[:port]` of a Host field or an absolute-form target (RFC 9110 section 7.2, RFC 3986 section 3.2), without userinfo.
struct Authority: Equatable {
    /// Lower-cased; an IPv6 literal keeps its brackets.
    let host: String
    let port: Int?

    init?(_ text: String) {
        guard let (end, port) = Self.parts(of: text) else { return nil }
        self.port = port
        let host = text.utf8.prefix(end)
        self.host = host.contains { $0 &- 0x41 < 26 } ? Substring(host).lowercased() : String(Substring(host))
    }

    /// Whether it is well-formed. Called for every request's Host, so it allocates nothing.
    static func isWellFormed(_ text: String) -> Bool { parts(of: text) != nil }

    /// Where the host ends, and which port there is.
    private static func parts(of text: String) -> (hostEnd: Int, port: Int?)? {
        let bytes = text.utf8.span
        var end = 0
        if !bytes.isEmpty, bytes[0] == UInt8(ascii: "[") {
            end = 1
            while end < bytes.count, isAddressByte(bytes[end]) { end += 1 }
            guard end > 1, end < bytes.count, bytes[end] == UInt8(ascii: "]") else { return nil }
            end += 1
        } else {
            while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
            guard end > 0 else { return nil }
        }
        var number: Int?
        if end < bytes.count {
            guard bytes[end] == UInt8(ascii: ":"), bytes.count - end <= 6 else { return nil }
            for index in end + 1..<bytes.count {
                guard bytes[index] &- 0x30 < 10 else { return nil }
                number = (number ?? 0) * 10 + Int(bytes[index] &- 0x30)
            }
            // An empty port is legal and means the default one (RFC 3986 section 3.2.3).
            if let number, !(1...65_535).contains(number) { return nil }
        }
        return (end, number)
    }

    /// Letters, digits and the punctuation that occurs in names. RFC 3986 also allows percent-encoding and
    /// sub-delims in a reg-name; no DNS name needs them and all of them have been used to confuse parsers.
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
