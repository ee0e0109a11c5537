/// One histogram for each key. Frequent callers repeat their requests, so the last key is compared before a key is hashed: hashing the two keys
/// of a request cost 2,000 instructions.
package struct HistogramTable<Key: Hashable & Sendable>: Sendable, Sequence {
    private var positions: [Key: Int] = [:]
    /// In arrays of their own, so that a key is compared in place: taken out of a row it was copied.
    private var keys: [Key] = []
    private var histograms: [Histogram] = []
    private var latest = 0

    package mutating func record(_ key: Key, _ duration: Duration) {
        histograms[position(of: key)].record(duration)
    }

    package mutating func add(_ other: HistogramTable) {
        for row in other { histograms[position(of: row.key)].add(row.histogram) }
    }

    package func makeIterator() -> some IteratorProtocol<(key: Key, histogram: Histogram)> {
        zip(keys, histograms).lazy.map { (key: $0, histogram: $1) }.makeIterator()
    }

    private mutating func position(of key: Key) -> Int {
        if latest < keys.count, keys[latest] == key { return latest }
        if let known = positions[key] {
            latest = known
        } else {
            latest = keys.count
            positions[key] = latest
            keys.append(key)
            histograms.append(Histogram())
        }
        return latest
    }
}
