/// A block of addresses, `10.1.0.0/16` or `fd00::/8`; an address alone is a block of one.
package struct CIDRBlock: Sendable, Hashable {
    package let network: IPAddress
    package let prefixLength: Int

    /// Reads a block; nil when it isn't one. Bits behind the prefix are kept as written, see `hasHostBits`.
    package init?(text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let network = parts.first.flatMap({ IPAddress(text: String($0)) }) else { return nil }
        let width = network.bytes.count * 8
        var length = width
        if parts.count == 2 {
            guard let written = PortNumber.parse(parts[1]), written <= width else { return nil }
            length = written
        }
        self.network = network
        self.prefixLength = length
    }

    private init(network: IPAddress, prefixLength: Int) {
        self.network = network
        self.prefixLength = prefixLength
    }

    /// The block with every bit behind the prefix cleared.
    package var masked: CIDRBlock {
        let bytes = network.bytes.enumerated().map { index, byte in
            let kept = max(0, min(8, prefixLength - index * 8))
            return byte & UInt8(truncatingIfNeeded: 0xff00 >> kept)
        }
        return CIDRBlock(network: IPAddress(bytes: bytes), prefixLength: prefixLength)
    }

    /// Whether the address has bits after the prefix: usually a mistake, with a larger block than intended.
    package var hasHostBits: Bool { masked.network != network }
}

extension CIDRBlock: CustomStringConvertible {
    package var description: String { "\(network)/\(prefixLength)" }
}
