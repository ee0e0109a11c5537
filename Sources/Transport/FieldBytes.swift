// Which bytes may stand where in a head (RFC 9110 sections 5.5 and 5.6.2). Both directions are judged by the same tables.

/// One flag a byte value, so that the judgement of a head costs one load a byte.
private let tokenBytes: [Bool] = (0...255).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(UInt8(byte))
    }
}

extension UInt8 {
    /// Whether a token may hold this byte.
    var isTokenByte: Bool { tokenBytes[Int(self)] }

    /// Whether a field's value may hold this byte: no control character but the tab.
    var isFieldValueByte: Bool { self >= 0x20 && self != 0x7F || self == 0x09 }

    /// Whether a request target may hold this byte: visible ASCII without `#`, since a fragment is never sent.
    var isTargetByte: Bool { self > 0x20 && self < 0x7F && self != UInt8(ascii: "#") }
}

extension UnsafeRawBufferPointer {
    /// Without the spaces and tabs around it (OWS, RFC 9110 section 5.6.3).
    func trimmingWhiteSpace() -> UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }
}
