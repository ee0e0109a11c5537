import Policy

/// `X-Forwarded-For` from proxies that are trusted to write it. Each proxy appends whom it heard from, so the list is read from its end:
/// the first address that is no trusted proxy's is the client's, and whatever stands before it is that client's own invention.
enum ForwardedFor {
    /// - Parameter values: the fields of this name in the order received.
    /// - Returns: nil when no field says anything.
    static func client(_ values: [String], trusted: [Network]) throws(RecognitionFault) -> (address: NetworkAddress, text: String)? {
        var last: (NetworkAddress, String)?
        for hop in values.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false).reversed() {
            let text = host(of: hop)
            guard let address = NetworkAddress(String(text)) else {
                if values.isEmpty || text.isEmpty && last == nil && values.allSatisfy(\.isEmpty) { return nil }
                throw .unreadableForwarding
            }
            last = (address, String(text))
            guard trusted.contains(where: { $0.contains(address) }) else { return last }
        }
        return last
    }

    /// An address without blanks, brackets and port, as some proxies add them.
    private static func host(of hop: Substring) -> Substring {
        var text = hop.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        if text.first == "[" { return text.dropFirst().prefix { $0 != "]" } }
        return text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1 ? text.prefix { $0 != ":" } : text
    }
}
