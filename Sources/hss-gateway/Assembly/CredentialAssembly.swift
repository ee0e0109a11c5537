import Credentials
import Settings

/// Makes credentials of what the operator wrote about them. Reads every secret once, so that a missing one is found at start.
enum CredentialAssembly {
    /// - Parameter secrets: values that stand in for environment variables of these names: the sandbox's own keys.
    static func credentials(_ settings: GatewaySettings, secrets: [String: String]) throws(Failure) -> [Credential] {
        var credentials: [Credential] = []
        for setting in settings.credentials {
            do throws(SecretFault) {
                credentials.append(Credential(name: setting.name, source: try source(setting, secrets)))
            } catch {
                throw Failure(.badConfiguration, "The credential \(setting.name) can't be used. \(error.sentence)")
            }
        }
        return credentials
    }

    private static func source(_ setting: CredentialSettings, _ secrets: [String: String]) throws(SecretFault) -> any CredentialSource {
        switch setting.source {
        case .accessKey(let pair):
            let id: SecretSource =
                switch pair.accessKey {
                case .literal(let text): .value(Secret(text))
                case .reference(let reference): place(reference, secrets)
                }
            return try StoredCredential.accessKey(
                id: id, secretKey: place(pair.secretKey, secrets), securityToken: pair.securityToken.map { place($0, secrets) }
            )
        case .token(let reference):
            return try StoredCredential.token(place(reference, secrets))
        case .password, .agency, .ecsMetadata, .podIdentity, .federation, .defaultChain:
            // Settings refuse these by name before anybody gets here.
            preconditionFailure("a credential type that settings let through and nobody makes")
        }
    }

    /// A secret that is read once, at start.
    static func secret(_ reference: SecretReference) throws(SecretFault) -> Secret {
        try Secret.read(place(reference, [:]))
    }

    private static func place(_ reference: SecretReference, _ secrets: [String: String]) -> SecretSource {
        switch reference {
        case .file(let path): .file(path: path)
        case .environment(let name): secrets[name].map { .value(Secret($0)) } ?? .environment(name: name)
        }
    }
}
