/// Permission bits of a file, written as four octal digits in quotes, `"0660"`.
package struct FileMode: Sendable, Hashable {
    package let bits: UInt16

    package init(bits: UInt16) {
        self.bits = bits
    }

    /// Reads `0` and three octal digits; nil for everything else, set-id and sticky bits included.
    package init?(text: String) {
        guard text.utf8.count == 4, text.first == "0", let bits = UInt16(text, radix: 8) else { return nil }
        self.bits = bits
    }
}

extension FileMode: CustomStringConvertible {
    package var description: String {
        let digits = String(bits, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
