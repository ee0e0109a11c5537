/// The records of many facets in one order. A facet is read only when its next record may be the next of all: until then the number of its
/// newest record, which is in the facet's row, is used.
struct FacetMerge {
    /// A binary heap with the facet of the next record on top.
    private var heap: [FacetRows] = []
    private let isNewest: Bool

    init(
        _ database: SQLiteConnection, _ conditions: SQLFragment, bounds: Range<Int64>, times: Range<Int64>, order: RecordQuery.Order
    ) throws {
        isNewest = order == .newest
        let values = conditions.arguments.map { argument -> SQLiteValue in
            switch argument {
            case .text(let text): .text(text)
            case .integer(let number): .integer(number)
            }
        }
        var facets: [FacetRows] = []
        try database.statement("SELECT id, first, last FROM facet WHERE \(conditions.text)").forEach(values) { row in
            let (first, last) = (try row.number(1), try row.number(2))
            // Bounded: a record's number is at most 2^62.
            let reach = bounds.clamped(to: first..<max(first, last + 1))
            if !reach.isEmpty { facets.append(FacetRows(facet: try row.number(0, upTo: .max), bounds: reach, times: times, order: order)) }
            return true
        }
        for facet in facets { push(facet) }
    }

    /// The next record.
    mutating func next(_ database: SQLiteConnection) throws -> IndexReader.Found? {
        while let top = heap.first {
            guard top.isHeadKnown else {
                // Its first record may come later than estimated; then other facets come before it.
                try heap[0].load(database)
                settleTop()
                continue
            }
            let found = try heap[0].next(database)
            settleTop()
            return found
        }
        return nil
    }

    /// Moves the facet on top to its place, or removes it.
    private mutating func settleTop() {
        if heap[0].head == nil {
            let last = heap.removeLast()
            guard !heap.isEmpty else { return }
            heap[0] = last
        }
        var index = 0
        while true {
            var best = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && precedes(child, best) { best = child }
            guard best != index else { return }
            heap.swapAt(index, best)
            index = best
        }
    }

    private mutating func push(_ rows: FacetRows) {
        heap.append(rows)
        var index = heap.count - 1
        while index > 0, precedes(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let (left, right) = (heap[left].head ?? .min, heap[right].head ?? .min)
        return isNewest ? left > right : left < right
    }
}
