import Codecs

/// Writes a text of bytes, piece by piece, into memory provided by the caller.
///
/// 1. It does not outlive the closure of ``bytes(capacity:_:)`` that it is passed to.
/// 2. Each piece is checked against the memory's end; the code that reserves the memory has computed an upper bound for all pieces. Appending to an
///    array would check uniqueness and capacity for each of a signature's forty pieces.
struct CanonicalText {
    private let memory: UnsafeMutableRawBufferPointer
    /// How many bytes have been written.
    private(set) var count = 0

    private init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    /// The text that `write` writes, of at most `capacity` bytes.
    @inline(__always)
    static func bytes(capacity: Int, _ write: (inout CanonicalText) -> Void) -> [UInt8] {
        // Not `Array(unsafeUninitializedCapacity:)`, which looks up the array's type at run time: 580 instructions each time.
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: capacity) { output in
            output.withUnsafeMutableBufferPointer { memory, count in
                var text = CanonicalText(UnsafeMutableRawBufferPointer(memory))
                write(&text)
                count = text.count
            }
        }
        return bytes
    }

    mutating func append(_ piece: UnsafeRawBufferPointer) {
        precondition(piece.count <= memory.count - count, "whoever asks for the memory has counted the pieces")
        UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + piece.count]).copyMemory(from: piece)
        count += piece.count
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    mutating func append(_ text: String.UTF8View) {
        append(text.span)
    }

    @inline(__always)
    mutating func append(_ piece: Span<UInt8>) {
        piece.withUnsafeBufferPointer { append(UnsafeRawBufferPointer($0)) }
    }

    @inline(__always)
    mutating func append(_ date: SigningDate) {
        append(date.text.span)
    }

    @inline(__always)
    mutating func append(hexadecimal digest: UnsafeRawBufferPointer) {
        append(Hexadecimal.digits(of: digest).span)
    }

    /// Appends a line break, then the text.
    @inline(__always)
    mutating func appendLine(_ text: String.UTF8View) {
        append("\n")
        append(text)
    }
}
