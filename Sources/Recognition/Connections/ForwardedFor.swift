import Policy

/// `X-Forwarded-For` from proxies that are trusted to write it. Each proxy appends the address of its peer, so the list is read from its end: the
/// first address that doesn't belong to a trusted proxy is the client's, and everything before it was written by the client and proves nothing.
///
/// The client's part may be of any length, so nothing is read beyond the address that decides.
enum ForwardedFor {
    /// How many addresses are read. No chain of proxies has as many; a client in a trusted network can write thousands.
    private static let mostHops = 300
    /// Bytes of the longest address, with a zone, brackets and a port.
    private static let longestHop = 128

    /// - Parameter values: the fields of this name in the order received.
    /// - Returns: nil if the fields are empty.
    static func client(_ values: [String], trusted: [Network]) throws(RecognitionFault) -> (address: NetworkAddress, text: String)? {
        guard values.contains(where: { !$0.isEmpty }) else { return nil }
        var last: NetworkAddress?
        var hops = 0
        for value in values.reversed() {
            var rest = value.utf8[...]
            while true {
                let comma = rest.lastIndex(of: UInt8(ascii: ","))
                hops += 1  // Bounded: `mostHops`.
                guard hops <= mostHops, let text = host(of: Substring(rest[(comma.map { rest.index(after: $0) } ?? rest.startIndex)...])),
                    let address = NetworkAddress(String(text))
                else { throw .unreadableForwarding }
                last = address
                guard trusted.contains(where: { $0.contains(address) }) else { return (address, address.text) }
                guard let comma else { break }
                rest = rest[..<comma]
            }
        }
        return last.map { ($0, $0.text) }
    }

    /// An address without the spaces, brackets and port that some proxies add; nil if something else stands around it.
    private static func host(of hop: Substring) -> Substring? {
        var text = Substring(hop.utf8.drop { $0 == 0x20 || $0 == 0x09 })
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text = Substring(text.utf8.dropLast()) }
        guard text.utf8.count <= longestHop else { return nil }
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
