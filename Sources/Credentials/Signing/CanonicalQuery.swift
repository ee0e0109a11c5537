/// The query of a request as it is signed and sent (protocol page a.3), for requests of the gateway itself.
enum CanonicalQuery {
    /// Sorts by the UTF-8 bytes of name, then of value, unlike Swift's string comparison, for which strings that differ only in normalisation are
    /// equal.
    static func make(_ pairs: [QueryItem]) -> String {
        let sorted = pairs.sorted { first, second in
            if !first.name.utf8.elementsEqual(second.name.utf8) { return first.name.utf8.lexicographicallyPrecedes(second.name.utf8) }
            return first.value.utf8.lexicographicallyPrecedes(second.value.utf8)
        }
        var text: [UInt8] = []
        for pair in sorted {
            if !text.isEmpty { text.append(UInt8(ascii: "&")) }
            URLEncoding.append(pair.name.utf8, to: &text)
            text.append(UInt8(ascii: "="))
            URLEncoding.append(pair.value.utf8, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
