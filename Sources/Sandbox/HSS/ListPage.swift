/// `offset` and `limit` of a list, whole numbers from 0.
struct ListPage {
    var offset = 0
    var limit = 10

    /// Reads a query; nil when a number is invalid.
    init?(_ query: QueryParameters) {
        if let text = query.first("offset") {
            guard let number = Int32(text), number >= 0 else { return nil }
            offset = Int(number)
        }
        if let text = query.first("limit") {
            guard let number = Int32(text), number >= 0 else { return nil }
            limit = min(200, Int(number))
        }
    }
}
