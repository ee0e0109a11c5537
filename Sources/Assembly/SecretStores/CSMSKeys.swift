import Codecs
import Credentials
import Crypto
import Glibc
import Settings
import Shipping
import Transport

/// The keys for calls of CSMS: those of the configuration, read again for each call, or temporary ones of the machine's agency. Used by one thread
/// at a time.
struct CSMSKeys {
    private let source: SecretStoreSettings.CSMS.Keys
    private let store: String
    /// The metadata service; nil if the keys are configured.
    private let metadata: StoreCall?
    private var session: (token: String, until: ContinuousClock.Instant)?
    private var kept: (keys: Keys, until: ContinuousClock.Instant)?

    /// The keys for signing one call.
    struct Keys {
        let pair: AccessKeyPair
        /// Sent in a field of its own besides the signature.
        let securityToken: String?
        /// Identifies the keys.
        let digest: SHA256.Digest

        init(_ id: String, _ secret: String, securityToken: String?) {
            pair = AccessKeyPair(accessKeyID: id, secretKey: Secret(secret), securityToken: securityToken.map { Secret($0) })
            self.securityToken = securityToken
            digest = SHA256.hash(data: Array("\(id)\n\(secret)\n\(securityToken ?? "")".utf8))
        }
    }

    /// The SDKs request the same duration.
    private static let sessionLife = Duration.seconds(21_600)
    /// The longest session token, bytes.
    private static let longestSession = 4_096
    /// Temporary keys are replaced this long before they expire.
    private static let margin = Duration.seconds(300)

    init(_ source: SecretStoreSettings.CSMS.Keys, _ terms: StoreCall.Terms, store: String) throws(StoreFault) {
        self.source = source
        self.store = store
        guard case .metadata(let endpoint) = source else {
            metadata = nil
            return
        }
        guard let endpoint = endpoint ?? (try? EndpointURL(text: "http://169.254.169.254")) else {
            throw StoreFault(sentence: "The metadata service has no address: name it in metadata_endpoint.", isOfStore: true)
        }
        metadata = try StoreCall("the metadata service", endpoint, authorityFile: nil, isProxied: false, isOnMachine: true, terms)
    }

    var areTemporary: Bool { metadata != nil }

    mutating func current() throws(StoreFault) -> Keys {
        switch source {
        case .metadata: return try temporary()
        case .given(let access, let secret, let token):
            let what = "A key for \(store)"
            let id: String
            switch access {
            case .literal(let literal): id = literal
            case .reference(let reference): id = try StoreSecret.text(reference, what)
            }
            let key = try StoreSecret.text(secret, what)
            return Keys(id, key, securityToken: try token.map { reference throws(StoreFault) in try StoreSecret.text(reference, what) })
        }
    }

    /// The store refused them: temporary ones are requested again.
    mutating func forget() { kept = nil }

    // MARK: - The machine's agency

    private mutating func temporary() throws(StoreFault) -> Keys {
        if let kept, kept.until > .now { return kept.keys }
        guard let metadata else { preconditionFailure("keys that are not given come from the metadata service") }
        var answer = try ask(metadata)
        if answer.status == 401, session != nil {
            session = nil
            answer = try ask(metadata)
        }
        guard answer.status == 200 else {
            // It may be the session token that the service doesn't like: the next attempt requests another.
            if answer.status != 401 { session = nil }
            let hint = answer.status == 401 || answer.status == 404 ? "give the server an agency" : "look at the server's metadata service"
            throw StoreFault(sentence: "\(Self.capital(metadata.name)) gives no keys (status \(answer.status)): \(hint).", isOfStore: true)
        }
        // Keys of another form could not sign, and would be kept until they expire.
        guard let credential = JSONDocument(answer.body)?["credential"], let access = Self.text(credential["access"], .accessKeyID),
            let secret = Self.text(credential["secret"], .text), let token = Self.text(credential["securitytoken"], .headerText),
            let end = credential["expires_at"]?.text.flatMap({ ServiceTime.seconds(iso: $0) })
        else {
            throw StoreFault(sentence: "\(Self.capital(metadata.name)) does not answer as one does: look at what stands there.", isOfStore: true)
        }
        let keys = Keys(access, secret, securityToken: token)
        // Bounded: a time of the calendar less this machine's.
        let life = Duration.seconds(end - Int64(Glibc.time(nil)))
        // Keys that expire sooner than the margin are used for this call only.
        kept = (keys, .now + life - Self.margin)
        return keys
    }

    private static func text(_ member: JSONDocument?, _ format: SecretFormat) -> String? {
        guard let member, member.isText, let text = member.text, format.isFitting(Secret(text)), !text.contains("\u{FFFD}") else { return nil }
        return text
    }

    /// With a session token, if the service supports it.
    private mutating func ask(_ metadata: StoreCall) throws(StoreFault) -> HTTPCall.Answer {
        if session.map({ $0.until <= .now }) ?? true {
            let seconds = HeaderField("X-Metadata-Token-Ttl-Seconds", "\(Self.sessionLife.components.seconds)")
            let answer = try metadata.send("PUT", "/meta-data/latest/api/token", [seconds])
            let text = String(validating: answer.body, as: UTF8.self) ?? ""
            let isToken =
                answer.status == 200 && (1...Self.longestSession).contains(text.utf8.count)
                && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            session = isToken ? (text, .now + Self.sessionLife - Self.margin) : nil
        }
        let fields = session.map { [HeaderField("X-Metadata-Token", $0.token)] } ?? []
        return try metadata.send("GET", "/openstack/latest/securitykey", fields)
    }

    private static func capital(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }
}
