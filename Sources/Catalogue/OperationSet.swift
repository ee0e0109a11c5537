/// A set of operations with one bit for each, so that policy asks for membership in constant time.
package struct OperationSet: Sendable, Hashable {
    private static let wordCount = (Operation.count + UInt64.bitWidth - 1) / UInt64.bitWidth

    private var words: [UInt64]

    package init() { words = Array(repeating: 0, count: Self.wordCount) }

    package init(_ operations: some Sequence<Operation>) {
        self.init()
        for operation in operations { insert(operation) }
    }

    /// All operations of these kinds.
    package init(kinds: some Sequence<OperationKind>) {
        let kinds = Set(kinds)
        self.init(Operation.allCases.lazy.filter { kinds.contains($0.kind) })
    }

    package static var all: OperationSet { OperationSet(Operation.allCases) }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
    package var operations: [Operation] { Operation.allCases.filter(contains) }

    package func contains(_ operation: Operation) -> Bool {
        words[operation.index / UInt64.bitWidth] & Self.bit(of: operation) != 0
    }

    package mutating func insert(_ operation: Operation) {
        words[operation.index / UInt64.bitWidth] |= Self.bit(of: operation)
    }

    package mutating func formUnion(_ other: OperationSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    private static func bit(of operation: Operation) -> UInt64 { 1 << UInt64(operation.index % UInt64.bitWidth) }
}
