import Synchronization

/// Settings of the identity services that tests change while they run: `POST /sandbox/terms`.
final class LiveTerms: Sendable {
    struct Values: Sendable {
        /// The lifetime of IAM's tokens from now on.
        var tokenLifetime: Duration
        /// The longest lifetime of temporary keys, whatever is requested; nil grants the requested one.
        var keyLifetime: Duration?
        var metadata: MetadataSetting
        /// The first user's password, when it isn't the configured one.
        var password: String?
        /// The required identity token, pod token, identity provider and agency; nil accepts any.
        var idToken: String?
        var podToken: String?
        var identityProvider: String?
        var agency: String?
    }

    private let values: Mutex<Values>
    private let configured: Values

    init(_ configuration: SandboxConfiguration) {
        configured = Values(tokenLifetime: configuration.tokenLifetime, metadata: configuration.metadata)
        values = Mutex(configured)
    }

    var current: Values { values.withLock { $0 } }

    func change(_ change: (inout Values) -> Void) { values.withLock { change(&$0) } }

    /// Resets them to the configured values.
    func reset() { values.withLock { $0 = configured } }
}

extension LiveTerms.Values {
    /// Sets the values in a JSON object.
    mutating func take(_ document: JSONValue) throws(FaultRequestError) {
        for member in document.members ?? [] {
            switch (member.key, member.value) {
            case ("token_lifetime", .integer(let seconds)) where seconds > 0: tokenLifetime = .seconds(seconds)
            case ("key_lifetime", .integer(let seconds)) where seconds > 0: keyLifetime = .seconds(seconds)
            case ("metadata", .string("tokens")): metadata = .tokens
            case ("metadata", .string("tokenless")): metadata = .tokenless(status: 404)
            case ("metadata", .string("without_agency")): metadata = .withoutAgency
            case ("password", .string(let text)): password = text
            case ("id_token", .string(let text)): idToken = text
            case ("pod_token", .string(let text)): podToken = text
            case ("identity_provider", .string(let text)): identityProvider = text
            case ("agency", .string(let text)): agency = text
            default:
                throw FaultRequestError(
                    sentence: "terms are token_lifetime and key_lifetime in seconds, metadata (tokens, tokenless, without_agency), "
                        + "password, id_token, pod_token, identity_provider, agency")
            }
        }
    }
}
