/// A pattern for names of operations, as the policy has them: `*` stands for any characters, everything else for itself.
package struct OperationPattern: Sendable, Hashable {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// The operations whose names fit. Empty when the pattern is a misspelling, which is worth an error to its author.
    package var operations: OperationSet {
        OperationSet(Operation.allCases.lazy.filter { matches($0.name) })
    }

    /// Goes back to the last `*` only: what an earlier one skipped need not change once a later one was reached. The
    /// work is therefore bounded by the product of both lengths.
    package func matches(_ name: String) -> Bool {
        let pattern = text.utf8.span
        let name = name.utf8.span
        var next = (pattern: 0, name: 0)
        var retry: (pattern: Int, name: Int)?
        while next.name < name.count {
            if next.pattern < pattern.count, pattern[next.pattern] == UInt8(ascii: "*") {
                retry = (next.pattern + 1, next.name)
                next.pattern += 1
            } else if next.pattern < pattern.count, pattern[next.pattern] == name[next.name] {
                next = (next.pattern + 1, next.name + 1)
            } else if let star = retry {
                retry = (star.pattern, star.name + 1)
                next = (star.pattern, star.name + 1)
            } else {
                return false
            }
        }
        while next.pattern < pattern.count, pattern[next.pattern] == UInt8(ascii: "*") { next.pattern += 1 }
        return next.pattern == pattern.count
    }
}
