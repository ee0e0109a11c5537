import Glibc

/// A lookup key of bytes. Arrays as keys are hashed and compared byte by byte; these eight bytes at a time.
struct ByteKey: Hashable {
    private(set) var bytes: [UInt8] = []

    static func == (left: ByteKey, right: ByteKey) -> Bool {
        guard left.bytes.count == right.bytes.count else { return false }
        return left.bytes.withUnsafeBytes { $0.isEqual(to: right.bytes) }
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// Empties it and keeps the allocated memory.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Appends a text with a terminator.
    mutating func append(_ text: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: text)
        bytes.append(0)
    }

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    mutating func append(_ number: Int64) {
        withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these are the same bytes. (`elementsEqual` compares one at a time: a thousand instructions for two ids.)
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count, let baseAddress, let theirs = other.baseAddress else { return count == other.count }
        return memcmp(baseAddress, theirs, count) == 0
    }

    /// Whether these are the same bytes.
    func isEqual(to other: [UInt8]) -> Bool { other.withUnsafeBytes { isEqual(to: $0) } }

    /// Whether a byte is among them.
    func has(_ byte: UInt8) -> Bool { baseAddress.map { memchr($0, CInt(byte), count) != nil } ?? false }

    /// Whether it is this text.
    func isText(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, let baseAddress else { return count == text.utf8CodeUnitCount }
        return memcmp(baseAddress, text.utf8Start, count) == 0
    }
}
