import Testing

@testable import Transport

@Suite struct FieldBytesTests {
    /// Each byte at each position of a text of just over one word, among bytes that are near the limits
    /// themselves.
    @Test func `judges every byte at every place as it does alone`() {
        for filler in [0x21, 0x61, 0x7E] as [UInt8] {
            for count in [1, 7, 8, 9, 15, 16, 17] {
                for position in 0..<count {
                    for byte in UInt8.min...UInt8.max {
                        var text = [UInt8](repeating: filler, count: count)
                        text[position] = byte
                        let (value, target, visible) = text.withUnsafeBytes { ($0.isFieldValue, $0.isTarget, $0.hasNoControlNorBlank) }
                        #expect(value == byte.isFieldValueByte)
                        #expect(target == byte.isTargetByte)
                        #expect(visible == (byte > 0x20 && byte != 0x7F))
                    }
                }
            }
        }
    }

    @Test func `finds a fault behind bytes that only look like one`() {
        // A tab makes its word suspect, and possibly the byte after it.
        for text in ["\t\t\t\t\t\t\t\t", "a\t!a\t a\t", "        ", "aaaaaaa\taaaaaaaa"] {
            #expect(Array(text.utf8).withUnsafeBytes { $0.isFieldValue })
            for fault in ["\u{1}", "\u{7F}", "\n"] {
                #expect(!Array((text + fault).utf8).withUnsafeBytes { $0.isFieldValue })
                #expect(!Array((fault + text).utf8).withUnsafeBytes { $0.isFieldValue })
            }
        }
    }
}
