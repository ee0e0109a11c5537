extension SecretStoreSettings {
    /// Nil if no store is configured and none is referred to; a reference to a store that is not configured is reported at the reference.
    static func reading(_ root: SectionReader) -> SecretStoreSettings? {
        let references = root.pass.references
        guard root.has("secret_stores") || !references.isEmpty else { return nil }
        root.pass.isInsideStores = true
        defer { root.pass.isInsideStores = false }
        let settings = SecretStoreSettings(root.section("secret_stores"), isReferredTo: Set(references.map(\.reference.store)))
        for (reference, site) in references {
            switch reference.store {
            case .vault where settings.vault == nil:
                root.pass.report(
                    .init(
                        .missing, site, "nothing says where Vault is",
                        hint: "add `secret_stores: { vault: { address: https://… } }`, or set VAULT_ADDR"))
            case .csms where settings.csms == nil:
                root.pass.report(
                    .init(.missing, site, "nothing says where CSMS is", hint: "add `secret_stores: { csms: { endpoint: https://csms.… } }`"))
            default: break
            }
        }
        return settings
    }

    private init(_ reader: SectionReader, isReferredTo stores: Set<StoreReference.Store>) {
        refresh = reader.read("refresh", .duration, default: .seconds(60))
        timeout = reader.read("timeout", .duration, default: .seconds(5))
        let environment = reader.pass.surroundings.environment
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let vaultReader = reader.section("vault")
        let usesVariables = stores.contains(.vault) && variable("VAULT_ADDR") != nil
        vault = reader.has("vault") || usesVariables ? Vault(vaultReader, variable) : nil
        csms = reader.has("csms") ? CSMS(reader.section("csms")) : nil
    }
}

extension SecretStoreSettings.Vault {
    /// - Parameter variable: an environment variable's value. The names are those that Vault's own tools read.
    fileprivate init?(_ reader: SectionReader, _ variable: (String) -> String?) {
        // All keys are read before returning, so that all faults are reported at once.
        let address = Self.address(reader, variable)
        namespace = reader.optional("namespace", .text("a namespace of Vault Enterprise")) ?? variable("VAULT_NAMESPACE")
        authorityFile = reader.file("ca_file", .authorities) ?? variable("VAULT_CACERT")
        let role = reader.optional("role", .text("the role of Vault's auth method `kubernetes`"))
        let mount = reader.read("auth_mount", .text("where the auth method is mounted"), default: "kubernetes")
        let isPod = role != nil || reader.has("jwt_file")
        let tokenFile = isPod ? reader.file("jwt_file", .secret, default: "/var/run/secrets/kubernetes.io/serviceaccount/token") : ""
        let token = reader.secret("token")
        if let role {
            if token != nil { reader.report(.conflict, "role", "`role` and a token are both given", hint: "keep one way to prove who asks") }
            login = .kubernetes(role: role, mount: mount, tokenFile: tokenFile)
        } else if let token {
            login = .token(token)
        } else if variable("VAULT_TOKEN") != nil {
            login = .token(.environment("VAULT_TOKEN"))
        } else {
            reader.report(
                .missing, "token_file", "nothing says who asks Vault",
                hint: "add `token_file`, or `role` for the auth method kubernetes, or set VAULT_TOKEN")
            login = nil
        }
        guard let address else { return nil }
        self.address = address
    }

    private static func address(_ reader: SectionReader, _ variable: (String) -> String?) -> EndpointURL? {
        let expected = "Vault's URL such as https://vault.example.com:8200"
        guard !reader.has("address"), let text = variable("VAULT_ADDR") else { return reader.endpoint("address", expected) }
        if let url = try? EndpointURL(text: text), url.scheme == "https" || url.scheme == "http" && url.isLoopback { return url }
        reader.report(.invalidValue, "address", "VAULT_ADDR is not \(expected)", hint: "plain http is accepted for loopback addresses only")
        return nil
    }
}

extension SecretStoreSettings.CSMS {
    fileprivate init?(_ reader: SectionReader) {
        let endpoint = reader.endpoint("endpoint", "CSMS's URL such as https://csms.cn-north-4.myhuaweicloud.com")
        project = reader.required("project_id", .text("the id of the project that the secrets are in", longest: 64), placeholder: "")
        keys = Self.keys(reader)
        authorityFile = reader.file("ca_file", .authorities)
        guard let endpoint else { return nil }
        self.endpoint = endpoint
    }
}

extension SecretStoreSettings.CSMS {
    private enum Kind: String, CaseIterable {
        case aksk
        case ecsMetadata = "ecs_metadata"
    }

    private static func keys(_ reader: SectionReader) -> Keys {
        let kind = reader.read("type", ScalarKind<Kind>.word, default: .aksk)
        let given = ["access_key", "secret_key", "security_token"].flatMap { [$0, "\($0)_file"] }
        guard kind == .ecsMetadata else {
            if reader.has("metadata_endpoint") {
                reader.report(.conflict, "metadata_endpoint", "`metadata_endpoint` goes with `type: ecs_metadata` only", hint: "leave it out")
            }
            return .given(
                access: reader.requiredAccessKey("access_key"), secret: reader.requiredSecret("secret_key"),
                securityToken: reader.secret("security_token"))
        }
        for key in given where reader.has(key) {
            reader.report(.conflict, key, "`\(key)` and `type: ecs_metadata` are both given", hint: "keep one way to prove who asks")
        }
        return .metadata(reader.optional("metadata_endpoint", .machineEndpoint))
    }
}
