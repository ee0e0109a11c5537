/// The query of a request target, decoded pair by pair in the order received.
struct QueryParameters: Sendable {
    /// One `name=value` of a query.
    struct Pair: Equatable, Sendable {
        /// Decoded name.
        var name: String
        /// Decoded value; empty when there was none.
        var value: String
        /// False for `k`, true for `k=`: Go's SDK sends the first and signs the second.
        var hasEqualsSign: Bool
    }

    /// Every pair, in the order received.
    let pairs: [Pair]

    /// Reads the part of a target after the question mark.
    init(raw: Substring?) {
        pairs = (raw ?? "").split(separator: "&").map { piece in
            guard let equals = piece.firstIndex(of: "=") else {
                return Pair(name: PercentCoding.decode(piece), value: "", hasEqualsSign: false)
            }
            let value = PercentCoding.decode(piece[piece.index(after: equals)...])
            return Pair(name: PercentCoding.decode(piece[..<equals]), value: value, hasEqualsSign: true)
        }
    }

    /// All values of one name, in the order received.
    func values(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// The first value of one name.
    func first(_ name: String) -> String? { pairs.first { $0.name == name }?.value }
}
