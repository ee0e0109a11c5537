import Credentials
package import Settings

/// What `config check` finds in the secrets of credentials and of the admin port, beyond their existence. Their values are read and not kept.
package enum SecretCheck {
    /// Reads the files and variables, one after the other.
    package static func problems(_ settings: GatewaySettings) -> [SettingsProblem] {
        var places: [(section: SettingPath, part: Part)] = []
        for (index, credential) in settings.credentials.enumerated() {
            let path = SettingPath.root.key("credentials").index(index)
            places += secrets(of: credential.source).map { (path, $0) }
        }
        if let token = settings.admin.token { places.append((SettingPath.root.key("admin"), ("token", source(token), .headerText))) }
        for (index, token) in settings.admin.tokens.enumerated() {
            places.append((SettingPath.root.key("admin").key("tokens").index(index), ("token", source(token.token), .headerText)))
        }
        let sites = Dictionary(settings.effective.map { ($0.site.path, $0.site) }, uniquingKeysWith: { first, _ in first })
        return places.compactMap { section, part -> SettingsProblem? in
            // A secret in a store that was not fetched is examined by the doctor.
            if case .file(let path) = part.source, StoreReference.isMeant(by: path) { return nil }
            do throws(SecretFault) {
                _ = try Secret.read(part.source, as: part.format)
                return nil
            } catch {
                guard let site = sites[section.key("\(part.key)_file")] ?? sites[section.key(part.key)] else { return nil }
                return SettingsProblem(.unusableFile, site, error.sentence)
            }
        }
    }

    private typealias Part = (key: String, source: SecretSource, format: SecretFormat)

    /// The secrets of a credential, by key, each with its expected form.
    private static func secrets(of source: CredentialSettings.Source) -> [Part] {
        switch source {
        case .accessKey(let pair):
            let accessKey: SecretSource =
                switch pair.accessKey {
                case .literal(let text): .value(Secret(text))
                case .reference(let reference): Self.source(reference)
                }
            var parts: [Part] = [("access_key", accessKey, .accessKeyID), ("secret_key", Self.source(pair.secretKey), .text)]
            if let token = pair.securityToken { parts.append(("security_token", Self.source(token), .headerText)) }
            return parts
        case .token(let token): return [("token", Self.source(token), .headerText)]
        case .password(let login): return [("password", Self.source(login.password), .text)]
        case .podIdentity(let agent): return agent.token.map { [("token", Self.source($0), .headerText)] } ?? []
        case .federation(let federation): return [("id_token", .file(path: federation.tokenFile), .headerText)]
        case .assumedRole(let role): return [("id_token", .file(path: role.tokenFile), .headerText)]
        case .agency, .trustAgency, .ecsMetadata, .defaultChain: return []
        }
    }

    private static func source(_ reference: SecretReference) -> SecretSource {
        switch reference {
        case .file(let path): .file(path: path)
        case .environment(let name): .environment(name: name)
        }
    }
}
