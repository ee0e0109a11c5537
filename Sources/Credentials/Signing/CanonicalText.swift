/// A growing text of bytes. Its methods take contiguous pieces, so that each is one copy.
struct CanonicalText {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    @inline(__always)
    mutating func append(_ text: String.UTF8View) {
        bytes.append(contentsOf: text)
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    mutating func append(_ piece: ArraySlice<UInt8>) {
        bytes.append(contentsOf: piece)
    }

    @inline(__always)
    mutating func append(_ piece: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: piece)
    }

    @inline(__always)
    mutating func append(_ date: SigningDate) {
        date.text.span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    @inline(__always)
    mutating func append(hexadecimal digest: UnsafeRawBufferPointer) {
        Hexadecimal.digits(of: digest).span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    /// A line break, then the text.
    @inline(__always)
    mutating func appendLine(_ text: String.UTF8View) {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: text)
    }
}
