extension CallerSettings {
    /// Bounds of a caller's limits; larger values are mistakes.
    static let limitBounds = 1...1_000_000
    /// Linux user ids end below 2^32 - 1, which means "no user".
    static let userBounds = 0...4_294_967_294

    /// The only caller if none is configured: everyone whom a listener admits, with access to every project.
    static let implicit = CallerSettings(
        name: anonymousName, authentication: .none, projects: .all,
        enterpriseProjects: EnterpriseProjects(byDefault: nil, allowed: ["*", EnterpriseProjects.allGranted]),
        limits: Limits(requestsPerSecond: nil, burst: nil, concurrent: nil, exportsPerDay: nil), reasonRequiredFor: [], notify: nil)

    init(_ reader: SectionReader) {
        name = reader.required("name", .name, placeholder: "")
        authentication = Authentication(reader.section("authenticate"))
        projects = Self.grant(reader)
        let enterprise = reader.section("enterprise_projects")
        enterpriseProjects = EnterpriseProjects(
            byDefault: enterprise.optional("default", .enterpriseProject), allowed: enterprise.list("allowed", .enterpriseProjectOrAny))
        limits = Limits(reader.section("limits"))
        reasonRequiredFor = reader.list("require_reason", .word, default: [])
        notify = reader.has("notify") ? Notify(reader.section("notify")) : nil
    }

    private static func grant(_ reader: SectionReader) -> Grant {
        let names = reader.list("projects", .nameOf("a project, or \"*\""), default: [])
        if names.contains("*") {
            if names.count > 1 {
                reader.report(.conflict, "projects", "\"*\" already stands for every project", hint: "keep \"*\" or the names")
            }
            return .all
        }
        if names.isEmpty, reader.node("projects")?.hasContent != true {
            reader.report(
                .missing, "projects", "this caller has no project", hint: "add `projects: [name]`, or `projects: [\"*\"]` for all")
        }
        return .named(names)
    }
}

extension CallerSettings.Authentication {
    /// No rule at all.
    static let none = CallerSettings.Authentication(
        required: .all, apiKey: false, virtualKey: false, subjectAlternativeNames: [], jwt: nil, addresses: [], unixUsers: [])

    init(_ reader: SectionReader) {
        required = reader.read("require", .word, default: .all)
        apiKey = reader.read("api_key", .boolean, default: false)
        virtualKey = reader.read("virtual_key", .boolean, default: false)
        subjectAlternativeNames = reader.list("mtls_san", .text("a name in the certificate", longest: 1024), default: [])
        jwt = reader.has("jwt") ? CallerSettings.TokenRule(reader.section("jwt")) : nil
        addresses = reader.list("cidr", .cidr, default: [])
        unixUsers = reader.list("unix_uid", .integer(CallerSettings.userBounds), default: [])
    }
}

extension CallerSettings.TokenRule {
    init(_ reader: SectionReader) {
        issuer = reader.required("issuer", .text("the issuer as it stands in `iss`"), placeholder: "")
        audience = reader.required("audience", .text("an audience as it stands in `aud`"), placeholder: "")
        keySet = Self.keySet(reader)
        claims = Self.claims(reader)
    }

    /// A URL if it has a URL's prefix, otherwise the path of a file.
    private static func keySet(_ reader: SectionReader) -> CallerSettings.KeySetSource {
        guard let text = reader.node("jwks")?.scalar?.text, text.hasPrefix("https:") || text.hasPrefix("http:"),
            let node = reader.node("jwks")
        else { return .file(reader.requiredFile("jwks", .publicMaterial)) }
        return reader.decode(node, reader.site("jwks"), .keySetURL).map { .url($0) } ?? .file("")
    }

    private static func claims(_ reader: SectionReader) -> [Claim] {
        guard let node = reader.node("claims") else { return [] }
        guard let entries = node.entries else {
            reader.report(.wrongType, "claims", "expected a mapping, this is \(node.shapeInWords)")
            return []
        }
        let path = reader.path.key("claims")
        return entries.compactMap { entry in
            let site = SettingsProblem.Site(NameGrammar.accepts(entry.key) ? path.key(entry.key) : path, entry.value.origin)
            let kind = ScalarKind<String>.text("the value that the claim must have")
            return reader.decode(entry.value, site, kind).map { Claim(name: entry.key, value: $0) }
        }
    }
}

extension CallerSettings.Limits {
    init(_ reader: SectionReader) {
        requestsPerSecond = reader.optional("requests_per_second", .integer(CallerSettings.limitBounds))
        burst = reader.optional("burst", .integer(CallerSettings.limitBounds))
        concurrent = reader.optional("concurrent", .integer(CallerSettings.limitBounds))
        exportsPerDay = reader.optional("exports_per_day", .integer(CallerSettings.limitBounds))
    }
}

extension CallerSettings.Notify {
    init?(_ reader: SectionReader) {
        let secretFile = reader.requiredFile("secret_file", .secret)
        let events = reader.list("events", ScalarKind<Event>.word, default: Event.allCases)
        guard let url = reader.endpoint("url", "the URL of a webhook such as https://team.example/hss") else { return nil }
        self.url = url
        self.secretFile = secretFile
        self.events = events
    }
}
