import Crypto

/// A text's SHA-256 in hexadecimal.
enum SHA256Text {
    static func of(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
