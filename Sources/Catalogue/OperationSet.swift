/// A set of operations with one bit for each, for membership tests of policies in constant time.
package struct OperationSet: Sendable, Hashable {
    private static let wordCount = (Operation.count + UInt64.bitWidth - 1) / UInt64.bitWidth

    private var words: [UInt64]

    package init() { words = Array(repeating: 0, count: Self.wordCount) }

    package init(_ operations: some Sequence<Operation>) {
        self.init()
        for operation in operations { insert(operation) }
    }

    package func contains(_ operation: Operation) -> Bool {
        words[operation.index / UInt64.bitWidth] & Self.bit(of: operation) != 0
    }

    private mutating func insert(_ operation: Operation) {
        words[operation.index / UInt64.bitWidth] |= Self.bit(of: operation)
    }

    private static func bit(of operation: Operation) -> UInt64 { 1 << UInt64(operation.index % UInt64.bitWidth) }
}
