import Catalogue
import NIOCore
import Transport

/// Three operations answer with the token that the request carried (field `x_auth_token`), which would hand the gateway's own
/// token to a caller. Their answers are held whole, freed of the field, and only then passed on.
struct TokenEcho {
    static let field = "x_auth_token"
    /// Longest answer of these operations, bytes. They are settings of one cluster, some kilobytes each.
    static let maximumBytes = 4 << 20

    private var kept = ByteBuffer()

    /// Nil for operations whose answers don't hold a token.
    init?(of operation: Operation) {
        guard operation.secretResponseFields.contains(where: { $0 == TokenEcho.field || $0.hasSuffix(".\(TokenEcho.field)") }) else { return nil }
    }

    /// False when the answer is longer than may be held.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard kept.readableBytes + bytes.count <= TokenEcho.maximumBytes else { return false }
        kept.writeBytes(bytes)
        return true
    }

    /// The answer without the field, and whether there was one.
    func scrubbed() -> (bytes: [UInt8], hadToken: Bool) {
        var removal = MemberRemoval(of: TokenEcho.field)
        let bytes = removal.apply(to: Array(kept.readableBytesView))
        return (bytes, removal.removed > 0)
    }
}

/// HSS's answer while a token may still be in it. A class, so that an exchange with any other answer carries no room for it.
final class HeldAnswer {
    let head: ResponseHead
    var echo: TokenEcho

    init(_ head: ResponseHead, _ echo: TokenEcho) {
        self.head = head
        self.echo = echo
    }
}
