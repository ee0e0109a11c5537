import Testing

@testable import Audit

@Suite struct SHA256HashTests {
    @Test func `a hash is read as it was written, byte for byte`() throws {
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: $0 * 0x2F + 0x0A) }
        let hash = try #require(SHA256Hash(bytes))
        let text = bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
        #expect(hash.description == text)
        #expect(SHA256Hash(hexadecimal: text) == hash)
    }

    @Test func `no other text than 64 lower-case digits is a hash`() {
        let digits = String(repeating: "0f", count: 32)
        #expect(SHA256Hash(hexadecimal: digits.dropLast()) == nil)
        #expect(SHA256Hash(hexadecimal: digits + "0") == nil)
        for position in [0, 7, 8, 31, 32, 63] {
            for wrong in "Fg/:`@ \0" {
                var text = Array(digits)
                text[position] = wrong
                #expect(SHA256Hash(hexadecimal: String(text)) == nil, "\(wrong) at \(position)")
            }
        }
    }
}
