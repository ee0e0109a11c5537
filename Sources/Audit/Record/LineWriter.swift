import Codecs
internal import Glibc

/// Writes bytes into memory owned by the caller; the only part of the journal that accesses memory by address.
///
/// 1. A writer lives no longer than the buffer it was made over: it is made inside the closure that provides the buffer.
/// 2. Nothing is written past the buffer's end: every `put` checks, and the creator of the writer has reserved an upper bound (`bound(of:)`), so that
///    a record costs one capacity check instead of one for each of its hundred pieces.
struct LineWriter {
    private let base: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    /// How many bytes have been written.
    private(set) var count = 0

    /// Makes a writer that starts at the buffer's first byte.
    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        guard let base = buffer.baseAddress else { preconditionFailure("a line writer needs a buffer") }
        self.base = base
        capacity = buffer.count
    }

    /// Appends one byte.
    @inline(__always)
    mutating func put(byte: UInt8) {
        precondition(count < capacity)
        base[count] = byte
        count += 1
    }

    /// Appends text that is known at compile time, unchanged.
    @inline(__always)
    mutating func put(literal: StaticString) {
        put(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// The next bytes of the buffer; `advance` makes them part of the line.
    @inline(__always)
    mutating func room(for size: Int) -> UnsafeMutableRawBufferPointer {
        precondition(size <= capacity - count)
        return UnsafeMutableRawBufferPointer(start: base + count, count: size)
    }

    /// Makes bytes that were written into `room(for:)` part of the line.
    @inline(__always)
    mutating func advance(by size: Int) {
        precondition(size <= capacity - count)
        count += size
    }

    /// Appends bytes unchanged.
    @inline(__always)
    mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        precondition(bytes.count <= capacity - count)
        memcpy(base + count, source, bytes.count)
        count += bytes.count
    }

    /// Appends bytes unchanged.
    @inline(__always)
    mutating func put(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { put($0) }
    }

    /// Replaces the comma after the last member by the end of the object or list, or closes an empty one. Each member writes a comma after itself, so
    /// that none has to know whether it is the first.
    mutating func close(with end: UInt8) {
        if count > 0, base[count - 1] == UInt8(ascii: ",") {
            base[count - 1] = end
        } else {
            put(byte: end)
        }
    }

    /// Appends a number in decimal.
    mutating func put(_ number: Int64) {
        if number < 0 { put(byte: UInt8(ascii: "-")) }
        put(number.magnitude)
    }

    /// Appends a number in decimal.
    mutating func put(_ number: UInt64) {
        var width = 1
        var bound: UInt64 = 10
        // 20 digits hold every UInt64; the bound would overflow at the last step.
        while width < 20, number >= bound {
            width += 1
            bound = width < 20 ? bound * 10 : .max
        }
        put(digits: number, width: width)
    }

    /// Appends the number's last `width` decimal digits.
    mutating func put(digits number: UInt64, width: Int) {
        precondition(width <= capacity - count)
        var rest = number
        var position = count + width
        while position > count {
            position -= 1
            base[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += width
    }

    /// Appends a hash as 64 hexadecimal digits.
    mutating func put(_ hash: SHA256Hash) {
        for start in stride(from: 0, to: 32, by: 4) {
            var word: UInt32 = 0
            for position in start..<start + 4 { word = word << 8 | UInt32(hash.bytes[position]) }
            put(digits: HexadecimalDigits(of: word).word, length: 8)
        }
    }

    /// Appends an identifier in its text form.
    mutating func put(_ id: RecordID) {
        let words = (
            HexadecimalDigits(of: UInt32(truncatingIfNeeded: id.high >> 32)).word, HexadecimalDigits(of: UInt32(truncatingIfNeeded: id.high)).word,
            HexadecimalDigits(of: UInt32(truncatingIfNeeded: id.low >> 32)).word, HexadecimalDigits(of: UInt32(truncatingIfNeeded: id.low)).word
        )
        put(digits: words.0, length: 8)
        put(byte: UInt8(ascii: "-"))
        put(digits: words.1, length: 4)
        put(byte: UInt8(ascii: "-"))
        put(digits: words.1 >> 32, length: 4)
        put(byte: UInt8(ascii: "-"))
        put(digits: words.2, length: 4)
        put(byte: UInt8(ascii: "-"))
        put(digits: words.2 >> 32, length: 4)
        put(digits: words.3, length: 8)
    }

    /// Appends the lowest bytes of a word of digits, the lowest first.
    @inline(__always)
    private mutating func put(digits: UInt64, length: Int) {
        precondition(length <= capacity - count)
        withUnsafeBytes(of: digits.littleEndian) { digits in
            UnsafeMutableRawBufferPointer(start: base + count, count: length).copyMemory(from: UnsafeRawBufferPointer(rebasing: digits[..<length]))
        }
        count += length
    }

    /// The digit of a number below 16. Arithmetic rather than a table: it compiles to no memory access and vectorises.
    @inline(__always)
    static func hexadecimal(_ nibble: UInt8) -> UInt8 {
        nibble &+ (nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }
}
