/// A canonical path and query, with the pairs in the order in which they are signed.
struct SortedQuery {
    private(set) var text: [UInt8]
    private var pairs: [QueryPair]

    /// Takes a parser's text, whose query begins after `pathEnd`.
    init(text: [UInt8], pairs: [QueryPair], pathEnd: Int) {
        self.text = text
        self.pairs = pairs
        if pairs.isEmpty {
            self.text.removeSubrange(pathEnd...)  // a lone "?", or nothing but empty pairs
        } else if !isSorted {
            sort(pathEnd: pathEnd)
        }
    }

    /// Range of the value of `enterprise_project_id`.
    var enterpriseProjectRange: Range<Int>? {
        pairs.first { EnterpriseProjectParameter.isName(text[$0.name]) }?.value
    }

    /// Most callers' queries are sorted already: SDKs sort them.
    private var isSorted: Bool {
        for (first, second) in zip(pairs, pairs.dropFirst()) where QueryPair.precedes(second, first, in: text[...]) {
            return false
        }
        return true
    }

    private mutating func sort(pathEnd: Int) {
        let unsorted = text[...]
        pairs.sort { QueryPair.precedes($0, $1, in: unsorted) }
        text.removeSubrange((pathEnd + 1)...)
        for index in pairs.indices {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            let start = text.count
            let pair = pairs[index]
            text.append(contentsOf: unsorted[pair.start..<pair.end])
            pairs[index] = QueryPair(start: start, equals: start + pair.equals - pair.start, end: text.count)
        }
    }
}
