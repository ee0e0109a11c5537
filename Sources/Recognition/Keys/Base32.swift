/// The texts of keys in Base32 (RFC 4648 section 6), in either case.
enum Base32 {
    static func isUpperCase(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { $0 &- 0x41 < 26 || $0 &- 0x32 < 6 }
    }

    static func isLowerCase(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x32 < 6 }
    }
}
