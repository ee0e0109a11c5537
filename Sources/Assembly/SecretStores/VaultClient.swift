import Codecs
import Settings
import Shipping
import Transport

/// Reads secrets of the engine KV version 2 from HashiCorp Vault, and renews its own token. Used by one thread at a time.
///
/// The calls are those of Vault's HTTP API: `sys/health`, `auth/MOUNT/login`, `auth/token/lookup-self`, `auth/token/renew-self`, `MOUNT/data/PATH`.
struct VaultClient: SecretStoreClient {
    private let settings: SecretStoreSettings.Vault
    private let call: StoreCall
    private var token: Token?

    /// The token for Vault.
    private struct Token {
        let text: String
        /// When it expires; nil for one that doesn't, or that can't be queried.
        var end: ContinuousClock.Instant?
        /// For how long a renewal is valid.
        var life = Duration.zero
        var isRenewable = false
        /// Whether Vault has said the three above.
        var isKnown = true
    }

    /// The longest lease that is used: longer ones are renewed as if they were this long.
    private static let longestLease: Int64 = 86_400 * 365

    init(_ settings: SecretStoreSettings.Vault, _ terms: StoreCall.Terms) throws(StoreFault) {
        self.settings = settings
        call = try StoreCall("Vault", settings.address, authorityFile: settings.authorityFile, isProxied: false, terms)
    }

    /// The value of a field.
    mutating func read(_ reference: StoreReference) throws(StoreFault) -> [UInt8] {
        let path = "/v1/\(reference.mount ?? "")/data/\(reference.path)"
        var hasLoggedIn = false
        while true {
            let token = try currentToken()
            let answer = try call.send("GET", path, fields(token))
            // A token that was revoked or has expired is replaced once where that is possible.
            if answer.status == 403, case .kubernetes = settings.login, !hasLoggedIn {
                self.token = nil
                hasLoggedIn = true
                continue
            }
            guard answer.status == 200 else { throw try refusal(answer.status, of: reference) }
            // After a call that Vault answered: a store that is away would make the second call wait as long as the first.
            if let known = self.token, !known.isKnown { self.token = lookedUp(known.text) }
            return try value(in: answer.body, reference)
        }
    }

    /// Renews the token in the second half of its lifetime. A failure is reported with the next read, if there
    /// is one.
    mutating func renew() {
        guard let token, token.isRenewable, let end = token.end, end - .now < token.life / 2 else { return }
        guard let answer = try? call.send("POST", "/v1/auth/token/renew-self", fields(token.text) + [Self.json], body: Array("{}".utf8)),
            answer.status == 200, let auth = JSONDocument(answer.body)?["auth"], let lease = auth["lease_duration"]?.text, Int64(lease) != nil
        else {
            // A token from a login is replaced when needed; a configured one is used as long as Vault accepts it.
            if case .kubernetes = settings.login { self.token = nil }
            return
        }
        self.token = Self.token(token.text, lease: lease, renewable: auth["renewable"])
    }

    // MARK: - Login

    private mutating func currentToken() throws(StoreFault) -> String {
        switch settings.login {
        case .token(let reference):
            // Read each time: an agent on this machine may have replaced it.
            let text = try StoreSecret.text(reference, "The token for \(call.name)")
            guard Self.isToken(text) else {
                throw StoreFault(sentence: "The token for \(call.name) is no token: it must be one word.", isOfStore: true)
            }
            if token?.text != text { token = Token(text: text, isKnown: false) }
            return text
        case .kubernetes(let role, let mount, let file):
            if let token, token.end.map({ $0 > .now }) ?? true { return token.text }
            return try logIn(role, mount, file)
        case nil: throw StoreFault(sentence: "Nothing says who asks \(call.name).", isOfStore: true)
        }
    }

    private mutating func logIn(_ role: String, _ mount: String, _ file: String) throws(StoreFault) -> String {
        let proof = try StoreSecret.text(.file(file), "The pod's token for \(call.name)")
        var writer = JSONWriter()
        writer.open()
        writer.member("role", role)
        writer.member("jwt", proof)
        writer.close()
        let answer = try call.send("POST", "/v1/auth/\(mount)/login", common + [Self.json], body: writer.bytes)
        guard answer.status == 200 else {
            if answer.status == 400 || answer.status == 403 {
                throw StoreFault(
                    sentence:
                        "\(call.name) refuses the pod's token for the role \(role): check the role's service accounts, namespaces and audience.",
                    isOfStore: true)
            }
            throw try refusal(answer.status, of: nil)
        }
        guard let auth = JSONDocument(answer.body)?["auth"], let text = auth["client_token"]?.text, Self.isToken(text) else { throw malformed }
        let made = Self.token(text, lease: auth["lease_duration"]?.text, renewable: auth["renewable"])
        token = made
        return made.text
    }

    /// The properties of a configured token; one that may not query itself is used all the same. A call that failed for another reason is repeated
    /// at the next read: otherwise the token would never be renewed.
    private func lookedUp(_ text: String) -> Token {
        guard let answer = try? call.send("GET", "/v1/auth/token/lookup-self", fields(text)) else { return Token(text: text, isKnown: false) }
        if answer.status == 403 || answer.status == 404 { return Token(text: text) }
        guard answer.status == 200, let data = JSONDocument(answer.body)?["data"] else { return Token(text: text, isKnown: false) }
        return Self.token(text, lease: data["ttl"]?.text, renewable: data["renewable"])
    }

    private static func token(_ text: String, lease: String?, renewable: JSONDocument?) -> Token {
        let seconds = min(lease.flatMap { Int64($0) } ?? 0, longestLease)
        guard seconds > 0 else { return Token(text: text) }
        let life = Duration.seconds(seconds)
        return Token(text: text, end: .now + life, life: life, isRenewable: renewable?.isTrue ?? false)
    }

    /// A header's value, and no more than one line.
    private static func isToken(_ text: String) -> Bool {
        (1...4_096).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static let json = HeaderField("Content-Type", "application/json")

    private var common: [HeaderField] {
        [HeaderField("X-Vault-Request", "true")] + (settings.namespace.map { [HeaderField("X-Vault-Namespace", $0)] } ?? [])
    }

    private func fields(_ token: String) -> [HeaderField] { common + [HeaderField("X-Vault-Token", token)] }

    // MARK: - Answers

    private func value(in body: [UInt8], _ reference: StoreReference) throws(StoreFault) -> [UInt8] {
        guard let outer = JSONDocument(body)?["data"], outer.isObject else { throw malformed }
        let field = reference.field ?? ""
        guard let data = outer["data"], data.isObject else {
            if outer[field] != nil {
                throw StoreFault(sentence: "\(call.name) keeps \(reference) in an engine of KV version 1: move it to one of version 2.")
            }
            throw malformed
        }
        guard let member = data[field] else {
            throw StoreFault(
                sentence: "\(call.name) has \(reference.mount ?? "")/\(reference.path) without the field \(field): correct the reference.")
        }
        guard member.isText, let text = member.text else {
            throw StoreFault(sentence: "\(call.name) has something else than a text at \(reference): write it as one.")
        }
        return try StoreValue.checked(text, reference, call.name)
    }

    private var malformed: StoreFault {
        StoreFault(
            sentence: "\(call.name) does not answer as Vault does for KV version 2: check the address, and what stands between.", isOfStore: true)
    }

    private func refusal(_ status: Int, of reference: StoreReference?) throws(StoreFault) -> StoreFault {
        let place = reference.map { "\($0.mount ?? "")/data/\($0.path)" } ?? "the login"
        switch status {
        case 403:
            return StoreFault(sentence: "\(call.name) lets this token not read \(place): see whether it has ended, and give its policy `read` there.")
        case 404:
            return StoreFault(sentence: "\(call.name) has nothing at \(place), or its version was deleted: correct the reference, or write it anew.")
        case 300..<400:
            return StoreFault(
                sentence: "\(call.name) sends elsewhere, which is not followed: name the active node, or the load balancer.", isOfStore: true)
        case 429: return StoreFault(sentence: "\(call.name) is asked too often: nothing to do, it is asked again later.", isOfStore: true)
        case 500...: return StoreFault(sentence: try health(status), isOfStore: true)
        default: return StoreFault(sentence: "\(call.name) answers \(place) with status \(status): check the mount's name and the namespace.")
        }
    }

    /// Why Vault does not serve requests, from its health endpoint.
    private func health(_ status: Int) throws(StoreFault) -> String {
        switch try call.send("GET", "/v1/sys/health", common).status {
        case 503: "\(call.name) is sealed: unseal it."
        case 501: "\(call.name) is not initialised: initialise and unseal it."
        case 429, 472, 473: "\(call.name) is a standby that passes nothing on: name the active node, or the load balancer."
        default: "\(call.name) fails with status \(status): look in its log."
        }
    }
}

/// A credential for a store, from a file or a variable of this machine.
enum StoreSecret {
    /// - Parameter what: begins the sentence of a fault.
    static func text(_ reference: SecretReference, _ what: String) throws(StoreFault) -> String {
        switch reference {
        case .file(let path):
            do throws(SinkFailure) {
                return try SecretText.read(path)
            } catch {
                throw StoreFault(sentence: "\(what) can't be read: \(error.reason).", isOfStore: true)
            }
        case .environment(let name):
            guard let text = ProcessEnvironment.variables[name], !text.isEmpty else {
                throw StoreFault(sentence: "\(what) is missing: the variable \(name) is not set.", isOfStore: true)
            }
            return text
        }
    }
}

/// Checks of every value from a store.
enum StoreValue {
    /// More than this is no secret (`FileCheck.largestSecret`).
    private static let largest = 65_536

    static func checked(_ text: String, _ reference: StoreReference, _ store: String) throws(StoreFault) -> [UInt8] {
        guard !text.isEmpty else { throw StoreFault(sentence: "\(store) has an empty text at \(reference): write the secret there.") }
        // What a reader of JSON writes for bytes and escapes that are no text: the rest would be another secret, whose signatures lock the user.
        guard !text.unicodeScalars.contains("\u{FFFD}") else {
            throw StoreFault(sentence: "\(store) has something else than a text at \(reference): write it as one.")
        }
        guard text.utf8.count <= largest else { throw StoreFault(sentence: "\(store) has more at \(reference) than a secret can be.") }
        return Array(text.utf8)
    }
}
