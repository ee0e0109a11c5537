import Codecs

/// The 32 bytes of a SHA-256, stored inline: bodies' digests in records, leaves and nodes of the tree.
package struct SHA256Hash: Sendable, Hashable, CustomStringConvertible {
    /// The bytes in the order they are written.
    package var bytes: SIMD32<UInt8>

    /// Makes a hash from 32 bytes; anything else is no SHA-256.
    package init?(_ bytes: some Sequence<UInt8>) {
        var value = SIMD32<UInt8>()
        var count = 0
        for byte in bytes {
            guard count < 32 else { return nil }
            value[count] = byte
            count += 1
        }
        guard count == 32 else { return nil }
        self.bytes = value
    }

    /// Makes a hash from its bytes.
    package init(bytes: SIMD32<UInt8>) {
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits in lower case.
    package init?(hexadecimal text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var value = SIMD32<UInt8>()
        for start in stride(from: 0, to: 32, by: 4) {
            let word = digits.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start * 2, as: UInt64.self) }
            guard let number = HexadecimalDigits(UInt64(littleEndian: word)).number else { return nil }
            for position in 0..<4 { value[start + position] = UInt8(truncatingIfNeeded: number >> UInt32(24 - position * 8)) }
        }
        bytes = value
    }

    /// 64 hexadecimal digits in lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            var line = LineWriter(buffer)
            line.put(self)
            return line.count
        }
    }
}

extension SHA256Hash {
    /// The bytes in the order they are written.
    var array: [UInt8] { (0..<32).map { bytes[$0] } }

    /// In Base64, as in checkpoints.
    package var base64: String { Base64.encode(array) }
}
