/// One histogram for each key. Frequent callers repeat their requests, so the last key is compared before a key is hashed: hashing the two keys
/// of a request cost 2,000 instructions.
package struct HistogramTable<Key: Hashable & Sendable>: Sendable, Sequence {
    private var positions: [Key: Int] = [:]
    private var rows: [(key: Key, histogram: Histogram)] = []
    private var latest = 0

    package mutating func record(_ key: Key, _ duration: Duration) {
        rows[position(of: key)].histogram.record(duration)
    }

    package mutating func add(_ other: HistogramTable) {
        for row in other.rows { rows[position(of: row.key)].histogram.add(row.histogram) }
    }

    package func makeIterator() -> some IteratorProtocol<(key: Key, histogram: Histogram)> { rows.makeIterator() }

    private mutating func position(of key: Key) -> Int {
        if latest < rows.count, rows[latest].key == key { return latest }
        if let known = positions[key] {
            latest = known
        } else {
            latest = rows.count
            positions[key] = latest
            rows.append((key, Histogram()))
        }
        return latest
    }
}
