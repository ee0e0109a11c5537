/// The header fields that a credential adds to a request: the last change before it is sent.
///
/// They are passed as bytes, so that a token of kilobytes is copied once, into the transport's own memory.
package struct CredentialHeaders: Sendable {
    enum Content {
        case signature(Signature)
        case token(Secret)
    }

    struct Signature {
        let authorization: [UInt8]
        let date: SigningDate
        let projectID: String?
        let declaresUnsigned: Bool
        let securityToken: Secret?
    }

    let content: Content

    /// Calls `body` with each field's name and value. The bytes are valid during the call only.
    package func forEachField(_ body: (StaticString, UnsafeBufferPointer<UInt8>) -> Void) {
        switch content {
        case .token(let token):
            // X-Project-Id is left out: a token is issued for one project and contains its id (protocol page b.1).
            token.withBytes { body("X-Auth-Token", $0) }
        case .signature(let signature):
            signature.date.text.span.withUnsafeBufferPointer { body("X-Sdk-Date", $0) }
            if var projectID = signature.projectID { projectID.withUTF8 { body("X-Project-Id", $0) } }
            signature.securityToken?.withBytes { body("X-Security-Token", $0) }
            if signature.declaresUnsigned { body("X-Sdk-Content-Sha256", Self.unsigned) }
            signature.authorization.withUnsafeBufferPointer { body("Authorization", $0) }
        }
    }

    private static var unsigned: UnsafeBufferPointer<UInt8> {
        let text: StaticString = "UNSIGNED-PAYLOAD"
        return UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}

extension CredentialHeaders: CustomStringConvertible, CustomReflectable {
    package var description: String { "CredentialHeaders(<secret>)" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
