import Credentials
import NIOCore
import Policy
import Transport

/// An answer of HSS that is buffered before any of it is passed on, because its content decides what happens next.
///
/// Each reason has a bound. An answer that grows past it is passed on whole, from its head to its last byte, or not at all. A class, so that the
/// usual exchange holds one pointer for it.
final class HeldAnswer {
    /// Why the answer is buffered.
    enum Reason {
        /// HSS's quota is used up (429).
        case throttled
        /// HSS refused the credential (401).
        case unauthenticated
        /// The answer may contain the token of the request.
        case tokenEcho

        /// Longest body that is read, bytes. The API gateway's own answers have a few hundred; answers that may contain a token are the settings of
        /// one cluster, a few kilobytes each.
        var bound: Int {
            switch self {
            case .throttled, .unauthenticated: 16 << 10
            case .tokenEcho: 4 << 20
            }
        }
    }

    let head: ResponseHead
    let reason: Reason
    private(set) var body = ByteBuffer()

    init(_ head: ResponseHead, for reason: Reason) {
        self.head = head
        self.reason = reason
    }

    /// Buffers a piece of the body; false if the answer exceeds the bound: then nothing of the piece was buffered.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= reason.bound - body.readableBytes else { return false }
        body.writeBytes(bytes)
        return true
    }

    private var members: JSONMembers { JSONMembers(body.readableBytesView) }

    /// The member `error_code`; nil if the body is no JSON object with one.
    var errorCode: String? { members.string("error_code") }

    /// The member `error_msg`.
    var errorMessage: String? { members.string("error_msg") }
}

extension HeldAnswer {
    /// What a 401 says about the key that signed the request. Only a failed authentication counts against the key: a 401 of HSS itself means that
    /// the API gateway accepted the key, and a page of a proxy says nothing about it.
    var verdictOnKey: CredentialPass.Verdict {
        if GatewayCode.isAuthenticationFailure(errorCode) { return .refused }
        if errorCode?.hasPrefix("HSS.") == true { return .accepted }
        return HeldAnswer.verdictUnread(head, isUnread: body.readableBytes == 0 || head.fields.first(named: "content-encoding") != nil)
    }

    /// The verdict on a 401 whose body can't be read. If it is declared as JSON, the key counts as refused, to be on the safe side.
    static func verdictUnread(_ head: ResponseHead, isUnread: Bool = true) -> CredentialPass.Verdict {
        let isJSON = head.fields.first(named: "content-type")?.lowercased().hasPrefix("application/json") == true
        return isUnread && isJSON ? .refused : .unknown
    }
}

extension HeldAnswer {
    /// What a 429 says about the quota, in the sentence of its body or in header fields of the API gateway.
    var quotaNotice: QuotaNotice {
        let said = QuotaNotice(text: errorMessage ?? "")
        if said.quota != nil { return said }
        for (name, scope) in HeldAnswer.quotaFields {
            guard let value = head.fields.first(named: name), let quota = QuotaNotice(text: value).quota else { continue }
            return QuotaNotice(scope: scope, quota: quota)
        }
        return said
    }

    private static let quotaFields: [(StaticString, QuotaNotice.Scope)] = [
        ("x-apig-ratelimit-user", .credential), ("x-apig-ratelimit-ip", .all), ("x-apig-ratelimit-api", .all),
    ]
}

extension Exchange {
    /// Passes the held answer on without the token.
    func releaseScrubbed() {
        guard let held = held.take() else { return }
        let (bytes, hadToken) = TokenEcho.scrubbed(held.body)
        if hadToken { record.tokenWasRemoved() }
        var scrubbed = relayedHead(held.head)
        if case .none = scrubbed.framing {} else { scrubbed.framing = .length(bytes.count) }
        relay?.begin(scrubbed)
        _ = bytes.withUnsafeBytes { relay?.relay($0) }
    }
}
