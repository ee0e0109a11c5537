package import Policy

/// Verifies the credentials in a request and returns proven facts about its sender, or throws the reason why not.
///
/// Foreign credentials are ignored: a signature with an access key of the cloud's form, a bearer token of an unknown issuer. A credential of this
/// gateway must be valid, or the request is refused: it is never treated like a request without credentials.
package struct Recogniser: Sendable {
    package let keys: CallerKeyRing
    package let replays: ReplayMemory
    /// Nil if no caller is recognised by a token.
    package let tokens: TokenVerifier?

    package init(keys: CallerKeyRing = CallerKeyRing(), replays: ReplayMemory = ReplayMemory(), tokens: TokenVerifier? = nil) {
        self.keys = keys
        self.replays = replays
        self.tokens = tokens
    }

    /// - Parameters:
    ///   - proxies: networks whose `X-Forwarded-For` is trusted; empty unless the peer is in one of them.
    ///   - now: seconds since 1970-01-01T00:00:00Z.
    package func recognise(
        _ request: PresentedRequest, on connection: CallerFacts.ConnectionEvidence, proxies: [Network], now: Int64
    ) throws(RecognitionFault) -> Recognition {
        var recognition = Recognition(facts: CallerFacts(connection))
        if !proxies.isEmpty {
            // A proxy that names no client does not prove a caller by its own address.
            let client = try ForwardedFor.client(request.forwardedFor, trusted: proxies)
            recognition.facts.address = client?.address
            recognition.facts.addressText = client?.text ?? connection.text
            recognition.isConnectionAlone = false
        }
        guard request.key.count <= 1, request.token.count <= 1, request.authorization.count <= 1 else { throw .severalProofs }
        if let key = request.key.first { try take(key: key, &recognition, now: now) }
        if let token = request.token.first { try take(token: token, isOurs: true, &recognition, now: now) }
        for value in request.authorization { try take(authorization: value, of: request, &recognition, now: now) }
        return recognition
    }

    private func take(
        authorization value: String, of request: PresentedRequest, _ recognition: inout Recognition, now: Int64
    ) throws(RecognitionFault) {
        if let credentials = Recogniser.bearer(value) {
            if APIKey.isMeant(by: credentials) {
                try take(key: credentials, &recognition, now: now)
            } else {
                try take(token: credentials, isOurs: false, &recognition, now: now)
            }
        } else if SignatureHeader.namesVirtualKey(value) {
            guard recognition.signature == nil, request.authorization.count == 1 else { throw .severalProofs }
            guard let header = SignatureHeader(value) else { throw .unreadableSignature }
            guard let entry = keys.table.virtualKey(header.accessKeyID) else { throw .unknownKey }
            guard recognition.facts.key == nil else { throw .severalProofs }
            recognition.signature = try SignatureClaim(header, entry: entry, request, now: now)
            recognition.isConnectionAlone = false
        }
    }

    private func take(key text: some StringProtocol, _ recognition: inout Recognition, now: Int64) throws(RecognitionFault) {
        guard let key = APIKey(text) else { throw .unknownKey }
        let proven = try keys.table.prove(key, now: now)
        guard recognition.facts.key == nil || recognition.facts.key == proven else { throw .severalProofs }
        recognition.facts.key = proven
        recognition.isConnectionAlone = false
    }

    private func take(
        token text: some StringProtocol, isOurs: Bool, _ recognition: inout Recognition, now: Int64
    ) throws(RecognitionFault) {
        guard let tokens, isOurs || Recogniser.hasThreeParts(text) else { return }
        let source = recognition.facts.address?.sourceNetwork ?? recognition.facts.addressText
        switch try verdict(text, tokens, isOurs: isOurs, from: source, now: now) {
        case .proven(let token):
            guard recognition.facts.token == nil || recognition.facts.token == token else { throw .severalProofs }
            recognition.facts.token = token
            recognition.isConnectionAlone = false
        case .foreign:
            break
        case .unknownKey(let authority):
            guard authority.mayRefresh(now: now) else { throw authority.keys == nil ? .keysUnavailable : .tokenSignature }
            guard recognition.token == nil else { throw .severalProofs }
            recognition.token = Recognition.TokenClaim(text: String(text), authority: authority, verifier: tokens, source: source)
            recognition.isConnectionAlone = false
        }
    }

    /// A bearer token that can't be parsed may be an opaque one of another system; in the gateway's own field it is a fault.
    private func verdict(
        _ text: some StringProtocol, _ tokens: TokenVerifier, isOurs: Bool, from source: String, now: Int64
    ) throws(RecognitionFault) -> TokenVerifier.Verdict {
        do throws(RecognitionFault) {
            return try tokens.verify(text, from: source, now: now)
        } catch .unreadableToken where !isOurs {
            return .foreign
        }
    }

    /// Whether a text is cut into three by dots, as a JSON Web Token is (RFC 7515 section 7.1). A stranger's may be long.
    private static func hasThreeParts(_ text: some StringProtocol) -> Bool {
        let dot = UInt8(ascii: ".")
        return (text.utf8.withContiguousStorageIfAvailable { $0.count { $0 == dot } } ?? text.utf8.count { $0 == dot }) == 2
    }

    /// The token after `Bearer` (RFC 6750 section 2.1; the scheme's case is free, RFC 9110 section 11.1).
    private static func bearer(_ value: String) -> Substring? {
        guard value.utf8.count > 7, value.prefix(7).lowercased() == "bearer " else { return nil }
        // Byte by byte: what a stranger sends may be long.
        return Substring(value.utf8.dropFirst(7).drop { $0 == UInt8(ascii: " ") })
    }
}
