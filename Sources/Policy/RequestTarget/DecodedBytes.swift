/// An iterator over the decoded bytes of canonical text.
struct DecodedBytes: Sequence, IteratorProtocol {
    private let text: ArraySlice<UInt8>
    private var reader: CanonicalReader

    init(canonical text: ArraySlice<UInt8>) {
        self.text = text
        reader = CanonicalReader(range: text.indices)
    }

    mutating func next() -> UInt8? { reader.next(in: text) }
}
