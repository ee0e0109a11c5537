extension CredentialSettings {
    /// The keys of a type besides `name` and `type`, with secrets by their first key.
    private static func keys(of kind: Kind) -> Set<String> {
        switch kind {
        case .aksk: ["access_key", "secret_key", "security_token"]
        case .token: ["token"]
        case .iamPassword: ["domain", "username", "password"]
        case .agency: ["source", "domain", "domain_id", "agency", "agency_urn", "session_name", "duration"]
        case .oidc: ["idp", "id_token_file", "provider_urn", "agency_urn", "session_name", "duration"]
        case .ecsMetadata: ["endpoint"]
        case .podIdentity: ["endpoint", "token"]
        case .defaultChain: []
        }
    }

    init(_ reader: SectionReader) {
        name = reader.required("name", .name, placeholder: "")
        region = reader.optional("region", .nameOf("a region, e.g. cn-north-4"))
        fallback = reader.optional("fallback", .nameOf("a credential"))
        guard reader.has("type"), let kind = reader.node("type").flatMap({ reader.decode($0, reader.site("type"), ScalarKind<Kind>.word) })
        else {
            if !reader.has("type") {
                let words = Kind.allCases.map(\.rawValue).joined(separator: ", ")
                reader.report(.missing, "type", "`type` is missing", hint: "expected one of \(words)")
            }
            self.kind = .aksk
            source = .defaultChain
            return
        }
        self.kind = kind
        Self.refuseForeignKeys(reader, kind)
        source = Self.source(reader, kind)
    }

    private static func source(_ reader: SectionReader, _ kind: Kind) -> Source {
        switch kind {
        case .aksk:
            let accessKey = reader.requiredAccessKey("access_key")
            let secretKey = reader.requiredSecret("secret_key")
            return .accessKey(.init(accessKey: accessKey, secretKey: secretKey, securityToken: reader.secret("security_token")))
        case .token: return .token(reader.requiredSecret("token"))
        case .iamPassword: return .password(Login(reader))
        case .agency: return agency(reader)
        case .ecsMetadata: return .ecsMetadata(reader.optional("endpoint", .machineEndpoint))
        case .podIdentity: return .podIdentity(.init(endpoint: reader.optional("endpoint", .agentURL), token: reader.secret("token")))
        case .oidc: return identity(reader)
        case .defaultChain: return .defaultChain
        }
    }

    /// The receiver of the identity token: IAM if an identity provider is named, STS if URNs are.
    private static func identity(_ reader: SectionReader) -> Source {
        let (provider, urns) = (reader.has("idp"), ["provider_urn", "agency_urn"].filter(reader.has))
        if provider, let urn = urns.first {
            reader.report(.conflict, urn, "`idp` and `\(urn)` are both given", hint: "name `idp` for IAM, or both URNs for STS")
        }
        for key in ["session_name", "duration"] where provider && reader.has(key) {
            reader.report(.conflict, key, "`\(key)` goes with `provider_urn` and `agency_urn` only", hint: "leave it out")
        }
        return urns.isEmpty ? .federation(Federation(reader)) : .assumedRole(AssumedRole(reader))
    }

    /// An agency by its account and name, which IAM knows, or a trust agency by its URN, which STS knows.
    private static func agency(_ reader: SectionReader) -> Source {
        guard reader.has("agency_urn") else {
            if reader.has("session_name") {
                reader.report(.conflict, "session_name", "`session_name` goes with `agency_urn` only", hint: "leave it out")
            }
            return .agency(Agency(reader))
        }
        for key in ["domain", "domain_id", "agency"] where reader.has(key) {
            reader.report(.conflict, key, "`agency_urn` and `\(key)` are both given", hint: "the URN names account and agency: keep one way")
        }
        return .trustAgency(TrustAgency(reader))
    }

    /// Keys that are common to all types.
    private static let common: Set<String> = ["name", "type", "region", "fallback"]

    private static func refuseForeignKeys(_ reader: SectionReader, _ kind: Kind) {
        let own = keys(of: kind)
        for key in reader.keys where reader.has(key.name) && !common.contains(key.name) {
            let stem = key.name.hasSuffix(Schema.fileSuffix) ? String(key.name.dropLast(Schema.fileSuffix.count)) : key.name
            guard !own.contains(key.name), !own.contains(stem) else { continue }
            let hint = own.isEmpty ? "this type takes nothing more" : "this type takes \(own.sorted().joined(separator: ", "))"
            reader.report(.conflict, key.name, "`\(key.name)` does not belong to credentials of type `\(kind.rawValue)`", hint: hint)
        }
    }
}

extension CredentialSettings.Login {
    init(_ reader: SectionReader) {
        domain = reader.required("domain", .text("the account's name"), placeholder: "")
        username = reader.required("username", .text("the IAM user's name"), placeholder: "")
        password = reader.requiredSecret("password")
    }
}

extension CredentialSettings.Agency {
    init(_ reader: SectionReader) {
        source = reader.required("source", .nameOf("a credential"), placeholder: "")
        if reader.has("domain_id") {
            if reader.has("domain") {
                reader.report(.conflict, "domain_id", "`domain` and `domain_id` are both given", hint: "keep one of them")
            }
            domain = .id(reader.required("domain_id", .text("the id of the account that made the agency"), placeholder: ""))
        } else {
            domain = .name(
                reader.required("domain", .text("the name of the account that made the agency, or its id as `domain_id`"), placeholder: ""))
        }
        agency = reader.required("agency", .text("the agency's name"), placeholder: "")
        duration = reader.read("duration", .keyLifetime, default: .seconds(3600))
    }
}

extension CredentialSettings.TrustAgency {
    init(_ reader: SectionReader) {
        source = reader.required("source", .nameOf("a credential"), placeholder: "")
        urn = reader.required("agency_urn", .text("the trust agency's URN, iam::ACCOUNT:agency:NAME"), placeholder: "")
        sessionName = reader.read("session_name", .text("a name for the cloud's own trail"), default: "hss-gateway")
        duration = reader.read("duration", .keyLifetime, default: .seconds(3600))
    }
}

extension CredentialSettings.AssumedRole {
    init(_ reader: SectionReader) {
        providerURN = reader.required("provider_urn", .text("the identity provider's URN"), placeholder: "")
        agencyURN = reader.required("agency_urn", .text("the agency's URN"), placeholder: "")
        sessionName = reader.read("session_name", .text("a name for the cloud's own trail"), default: "hss-gateway")
        duration = reader.read("duration", .keyLifetime, default: .seconds(3600))
        tokenFile = reader.requiredFile("id_token_file", .secret)
    }
}

extension CredentialSettings.Federation {
    init(_ reader: SectionReader) {
        identityProvider = reader.required("idp", .text("the identity provider's name in IAM"), placeholder: "")
        tokenFile = reader.requiredFile("id_token_file", .secret)
    }
}
