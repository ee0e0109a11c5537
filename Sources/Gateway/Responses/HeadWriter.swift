/// Writes the pieces of a response's head directly into a buffer's memory.
///
/// 1. A writer must not be used outside the closure that provides the memory.
/// 2. Every piece is checked against the memory's end. The code that makes the writer reserves an upper bound for all pieces, so that the buffer
///    grows once per head and not for each of its fifty pieces: that was 18 of 22 thousand instructions.
struct HeadWriter {
    private let memory: UnsafeMutableRawBufferPointer
    /// How many bytes have been written.
    private(set) var count = 0

    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    @inline(__always)
    mutating func put(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= memory.count - count, "the memory of a writer holds all that is written")
        UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + bytes.count]).copyMemory(from: bytes)
        count += bytes.count
    }

    @inline(__always)
    mutating func put(_ literal: StaticString) {
        put(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Has its own label: if both overloads matched a literal, Swift would make a `String` of it, for every fixed piece of a head.
    mutating func put(text: String) {
        text.utf8.span.withUnsafeBytes { put($0) }
    }

    /// In decimal. The number is not negative.
    mutating func put(number: Int) {
        var width = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            width += 1
        }
        precondition(number >= 0 && width <= memory.count - count, "the memory of a writer holds all that is written")
        rest = number
        for position in (count..<count + width).reversed() {
            memory[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += width
    }
}
