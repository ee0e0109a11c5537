import Catalogue
import NIOCore

/// Three operations answer with the token that the request carried (field `x_auth_token`), which would give the gateway's own token to a caller.
/// Their answers are buffered, the field is removed, and only then are they passed on.
enum TokenEcho {
    static let field = "x_auth_token"

    /// Whether an operation's answers may hold a token.
    static func isPossible(for operation: Operation) -> Bool {
        operation.secretResponseFields.contains(where: { $0 == field || $0.hasSuffix(".\(field)") })
    }

    /// The answer without the field, and whether it had one.
    static func scrubbed(_ body: ByteBuffer) -> (bytes: [UInt8], hadToken: Bool) {
        var removal = MemberRemoval(of: field)
        let bytes = removal.apply(to: Array(body.readableBytesView))
        return (bytes, removal.removed > 0)
    }
}
