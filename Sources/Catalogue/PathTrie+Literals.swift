extension PathTrie {
    /// The branch of a node whose fixed text is the segment of `path`, by binary search over length, then bytes.
    static func literalChild(of node: Int, _ path: Span<UInt8>, _ segment: Range<Int>) -> Int? {
        var low = Int(nodes[node * NodeColumn.count + NodeColumn.edges])
        var high = Int(nodes[(node + 1) * NodeColumn.count + NodeColumn.edges])
        while low < high {
            let middle = (low + high) / 2
            let row = middle * EdgeColumn.count
            let difference = compare(
                path, segment, label: Int(edges[row + EdgeColumn.label]), length: Int(edges[row + EdgeColumn.length]))
            if difference == 0 { return Int(edges[row + EdgeColumn.node]) }
            if difference < 0 { high = middle } else { low = middle + 1 }
        }
        return nil
    }

    /// Negative when the segment sorts before the label, 0 when they are equal.
    private static func compare(_ path: Span<UInt8>, _ segment: Range<Int>, label: Int, length: Int) -> Int {
        guard segment.count == length else { return segment.count - length }
        // A StaticString's bytes are constant data of the program, so the pointer is always valid; the generator wrote
        // label and length from the same text, and the tests read every label.
        let text = UnsafeBufferPointer(start: labels.utf8Start, count: labels.utf8CodeUnitCount)
        for offset in 0..<length {
            let difference = Int(path[segment.lowerBound + offset]) - Int(text[label + offset])
            if difference != 0 { return difference }
        }
        return 0
    }
}
