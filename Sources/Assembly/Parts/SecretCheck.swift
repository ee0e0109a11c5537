import Credentials
package import Settings

/// What `config check` finds in the files of credentials' secrets and of the admin port's token, beyond that they are there. Their values are
/// read and let go.
package enum SecretCheck {
    package static func problems(_ settings: GatewaySettings) -> [SettingsProblem] {
        var files = settings.credentials.flatMap { Self.files(of: $0.source) }
        if case .file(let path)? = settings.admin.token { files.append((path, .headerText)) }
        return files.compactMap { path, format -> SettingsProblem? in
            do throws(SecretFault) {
                _ = try Secret.read(.file(path: path), as: format)
                return nil
            } catch {
                guard let file = settings.files.first(where: { $0.path == path }) else { return nil }
                return SettingsProblem(.unusableFile, file.site, error.sentence)
            }
        }
    }

    /// The files that a credential is read from, each with the form of what must stand in it.
    private static func files(of source: CredentialSettings.Source) -> [(path: String, format: SecretFormat)] {
        let parts: [(SecretReference?, SecretFormat)]
        switch source {
        case .accessKey(let pair):
            var accessKey: SecretReference?
            if case .reference(let reference) = pair.accessKey { accessKey = reference }
            parts = [(accessKey, .accessKeyID), (pair.secretKey, .text), (pair.securityToken, .headerText)]
        case .token(let token): parts = [(token, .headerText)]
        case .password(let login): parts = [(login.password, .text)]
        case .podIdentity(let agent): parts = [(agent.token, .headerText)]
        case .federation(let federation): return [(federation.tokenFile, .headerText)]
        case .assumedRole(let role): return [(role.tokenFile, .headerText)]
        case .agency, .ecsMetadata, .defaultChain: return []
        }
        return parts.compactMap { reference, format in
            guard case .file(let path)? = reference else { return nil }
            return (path, format)
        }
    }
}
