/// The words that the catalogue knows and settings refer to; passed in, so that this module needs no other of ours.
package struct Vocabulary: Sendable {
    /// Every operation's name.
    package let operations: [String]
    /// Every region whose endpoints are built in.
    package let regions: Set<String>

    package init(operations: [String], regions: Set<String>) {
        self.operations = operations.sorted()
        self.regions = regions
    }
}
