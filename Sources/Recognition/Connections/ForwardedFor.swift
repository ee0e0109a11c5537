import Policy

/// `X-Forwarded-For` from proxies that are trusted to write it. Each proxy appends the address of its peer, so the list is read from its end: the
/// first address that doesn't belong to a trusted proxy is the client's, and everything before it was written by the client and proves nothing.
enum ForwardedFor {
    /// - Parameter values: the fields of this name in the order received.
    /// - Returns: nil if the fields are empty.
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

    /// An address without the spaces, brackets and port that some proxies add.
    private static func host(of hop: Substring) -> Substring {
        var text = hop.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        if text.first == "[" { return text.dropFirst().prefix { $0 != "]" } }
        return text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1 ? text.prefix { $0 != ":" } : text
    }
}
