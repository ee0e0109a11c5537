// Which bytes are allowed in which part of a head (RFC 9110 sections 5.5 and 5.6.2). Both directions use the same tables.

internal import Codecs

extension UInt8 {
    /// Whether a token may hold this byte: one bit for each ASCII character. Two constants and not a table, because a lazy table checks its
    /// initialisation at each access.
    package var isTokenByte: Bool {
        let bits = self < 64 ? 0x03FF_6CFA_0000_0000 as UInt64 : self < 128 ? 0x57FF_FFFF_C7FF_FFFE : 0
        return bits >> UInt64(self & 63) & 1 == 1
    }

    /// Whether a field's value may hold this byte: no control character but the tab.
    var isFieldValueByte: Bool { self >= 0x20 && self != 0x7F || self == 0x09 }

    /// Whether a request target may hold this byte: visible ASCII without `#`, since a fragment is never sent.
    var isTargetByte: Bool { self > 0x20 && self < 0x7F && self != UInt8(ascii: "#") }
}

extension UnsafeRawBufferPointer {
    /// Whether all bytes are allowed in a token.
    var isToken: Bool { tokenLength == count }

    /// How many leading bytes are allowed in a token.
    package var tokenLength: Int {
        var length = 0
        while length < count, self[length].isTokenByte { length += 1 }
        return length
    }

    /// Whether all bytes are allowed in a request target.
    var isTarget: Bool {
        allPass(\.isTargetByte) { word in
            word.isASCII && word.hasNone(below: 0x21) && word.hasNone(of: 0x7F) && word.hasNone(of: UInt8(ascii: "#"))
        }
    }

    /// Whether all bytes are allowed in a field's value.
    package var isFieldValue: Bool {
        allPass(\.isFieldValueByte) { word in word.hasNone(below: 0x20) && word.hasNone(of: 0x7F) }
    }

    /// Whether no byte is a control character or a blank.
    package var hasNoControlNorBlank: Bool {
        allPass({ $0 > 0x20 && $0 != 0x7F }) { word in word.hasNone(below: 0x21) && word.hasNone(of: 0x7F) }
    }

    /// Compares with a literal without regard to ASCII case.
    func isNamed(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        let expected = name.utf8Start
        for index in 0..<count where self[index].lowercasedASCII != expected[index].lowercasedASCII { return false }
        return true
    }
}

extension UnsafeRawBufferPointer {
    /// Without the spaces and tabs around it (OWS, RFC 9110 section 5.6.3).
    package func trimmingWhiteSpace() -> UnsafeRawBufferPointer {
        var (start, end) = (0, count)
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// A field's value as text. In one that is no UTF-8, U+FFFD stands for each run of bytes beyond ASCII: the standard library's repair replaces
    /// them one by one, which takes twenty times as long as anything else that is done with a value that anybody may send.
    package var fieldText: String {
        // Checked first, for all usual values: a validation costs three times as much as a short text.
        if allPass({ $0 < 0x80 }, unless: { $0.isASCII }) { return String(decoding: self, as: UTF8.self) }
        if let text = String(validating: self, as: UTF8.self) { return text }
        var repaired: [UInt8] = []
        repaired.reserveCapacity(count)
        var isInRun = false
        for byte in self {
            switch (byte < 0x80, isInRun) {
            case (true, _): repaired.append(byte)
            case (false, true): break
            case (false, false): for part in [0xEF, 0xBF, 0xBD] as [UInt8] { repaired.append(part) }
            }
            isInRun = byte >= 0x80
        }
        return String(decoding: repaired, as: UTF8.self)
    }
}
