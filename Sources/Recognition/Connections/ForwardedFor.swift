import Policy

/// `X-Forwarded-For` from proxies that are trusted to write it. Each proxy appends the address of its peer, so the list is read from its end: the
/// first address that doesn't belong to a trusted proxy is the client's, and everything before it was written by the client and proves nothing.
enum ForwardedFor {
    /// Who the fields say sent the request.
    struct Sender: Equatable {
        /// The client's address. Nil if there are only proxies: the first of them has named no client, and is none itself.
        let client: NetworkAddress?
        /// The address that is nearest to the client, in the spelling of records.
        let text: String
    }

    /// - Parameter values: the fields of this name in the order received.
    /// - Returns: nil if the fields are empty.
    static func sender(_ values: [String], trusted: [Network]) throws(RecognitionFault) -> Sender? {
        var last: Sender?
        for hop in values.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false).reversed() {
            guard let text = host(of: hop) else { throw .unreadableForwarding }
            guard let address = NetworkAddress(String(text)) else {
                if values.isEmpty || text.isEmpty && last == nil && values.allSatisfy(\.isEmpty) { return nil }
                throw .unreadableForwarding
            }
            guard trusted.contains(where: { $0.contains(address) }) else { return Sender(client: address, text: address.text) }
            last = Sender(client: nil, text: address.text)
        }
        return last
    }

    /// An address without the spaces, brackets and port that some proxies add; nil if something else stands around it.
    private static func host(of hop: Substring) -> Substring? {
        var text = hop.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.utf8.firstIndex(of: UInt8(ascii: "]")), isPort(text[text.utf8.index(after: end)...]) else { return nil }
            return text[text.utf8.index(after: text.startIndex)..<end]
        }
        guard text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return text }
        return isPort(text[colon...]) ? text[..<colon] : nil
    }

    /// Whether it is nothing, or a colon and a port.
    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        let digits = text.utf8.dropFirst()
        return text.utf8.first == UInt8(ascii: ":") && (1...5).contains(digits.count) && digits.allSatisfy { $0 &- 0x30 < 10 }
    }
}
