/// Where one canonical `name=value` stands.
struct QueryPair {
    let start: Int
    /// Index of the `=`.
    let equals: Int
    let end: Int

    var name: Range<Int> { start..<equals }
    var value: Range<Int> { equals + 1..<end }

    /// The order of signed queries: by decoded name, then by decoded value, byte by byte (protocol page a.3).
    static func precedes(_ first: QueryPair, _ second: QueryPair, in text: ArraySlice<UInt8>) -> Bool {
        switch compare(first.name, second.name, in: text) {
        case .before: true
        case .after: false
        case .same: compare(first.value, second.value, in: text) == .before
        }
    }

    private enum Order { case before, same, after }

    private static func compare(_ first: Range<Int>, _ second: Range<Int>, in text: ArraySlice<UInt8>) -> Order {
        var left = CanonicalReader(range: first)
        var right = CanonicalReader(range: second)
        while let byte = left.next(in: text) {
            guard let other = right.next(in: text) else { return .after }
            if byte != other { return byte < other ? .before : .after }
        }
        return right.next(in: text) == nil ? .same : .before
    }
}
