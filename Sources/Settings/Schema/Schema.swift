/// Every key of the configuration file, defined once: the check for unknown keys, the suggestions and the variable names all use this tree.
enum Schema {
    static let root: [SchemaKey] = [
        .namedItems("listeners", listener),
        .section(
            "admin",
            [.value("address")] + secret("token")
                + [.namedItems("tokens", values("name", "role") + secret("token")), .section("tls", tls)]),
        .section("upstream", upstream),
        .table("regions", values("hss", "iam", "sts")),
        .namedItems("credentials", credential),
        .namedItems("projects", values("name", "id", "region", "credential", "enterprise_project_id") + [.list("credentials"), .list("regions")]),
        .namedItems("callers", caller),
        .section("caller_keys", values("store_file", "master_key_file")),
        .namedItems("policy", policy),
        .section("audit", audit),
        .section("fleet", fleet),
        .section("limits", limits),
        .section("log", values("level", "format", "requests", "requests_to")),
        .section("secret_stores", secretStores),
        .section("tracing", values("endpoint", "sample", "headers_file", "ca_file", "propagate")),
    ]

    static let secretStores: [SchemaKey] =
        values("refresh", "timeout")
        + [
            .section("vault", values("address", "namespace", "role", "auth_mount", "jwt_file", "ca_file") + secret("token")),
            .section(
                "csms",
                values("endpoint", "project_id", "ca_file", "type", "metadata_endpoint")
                    + secret("access_key") + secret("secret_key") + secret("security_token")),
        ]

    static let limits: [SchemaKey] =
        values("request_body", "bodies", "header_block", "token", "header_timeout", "idle_timeout", "connections", "in_flight", "same_key")
        + values("drain", "drain_delay")
        + [.section("refusals", values("per_source", "disk"))]

    static let tls: [SchemaKey] = values("certificate_file", "private_key_file", "client_ca_file")

    static let listener: [SchemaKey] =
        values("name", "address", "unix", "mode", "anonymous")
        + [.list("hosts"), .list("trusted_proxies")] + [.section("tls", tls)]

    static let upstream: [SchemaKey] =
        values("connect_timeout", "first_byte_timeout", "idle_timeout", "total_timeout", "connection_lifetime", "connections")
        + values("http2", "ca_file", "pinned_public_key", "proxy")
        + [
            .section("retry", [.value("attempts"), .list("on")]),
            .wordOrSection("flow_control", values("per_operation", "per_api", "max_wait", "queue")),
            .wordOrSection("coalesce", values("polls", "reads")),
        ]

    static let credential: [SchemaKey] =
        values("name", "type") + secret("access_key") + secret("secret_key") + secret("security_token") + secret("token")
        + secret("password")
        + values("domain", "domain_id", "username", "source", "agency", "duration", "idp", "id_token_file")
        + values("provider_urn", "agency_urn", "session_name", "endpoint", "region", "fallback")

    static let caller: [SchemaKey] = [
        .value("name"),
        .section("authenticate", authenticate),
        .list("projects"),
        .section("enterprise_projects", [.value("default"), .list("allowed")]),
        .section("limits", values("requests_per_second", "burst", "concurrent", "exports_per_day")),
        .list("require_reason"),
        .section("notify", values("url", "secret_file") + [.list("events")]),
    ]

    static let authenticate: [SchemaKey] = [
        .value("require"), .value("api_key"), .value("virtual_key"), .list("mtls_san"),
        .section("jwt", values("issuer", "audience", "jwks") + [.freeMapping("claims")]),
        .list("cidr"), .list("unix_uid"),
    ]

    static let policy: [SchemaKey] =
        [.value("name")]
        + ["callers", "operations", "kinds", "methods", "projects", "enterprise_projects"].map(SchemaKey.list)
        + [.section("hours", [.list("days")] + values("from", "to", "zone"))]
        + values("tasks", "action")

    static let audit: [SchemaKey] = [
        .value("directory"), .value("durability"),
        .wordOrSection("body", values("read", "write", "export", "download")),
        .section("checkpoint", values("every", "interval", "key_file") + [.wordsOrItems("anchors", anchor)]),
        .section("rotate", values("size", "age")),
        .value("compress"),
        .value("retain"),
        .items(
            "ship",
            values(
                "type", "name", "required", "url_file", "endpoint", "headers_file", "address", "ca_file", "certificate_file", "private_key_file",
                "max_message")),
    ]

    private static let anchor = values(
        "file", "type", "name", "endpoint", "headers_file", "address", "url_file", "ca_file", "certificate_file", "private_key_file")

    static let fleet: [SchemaKey] =
        values("url_file", "key_file", "name", "instance", "connections", "patience", "signatures")
        + [.section("drift", values("grace")), .section("outage", values("exports", "owners", "signatures", "paced", "ready"))]

    private static func values(_ names: String...) -> [SchemaKey] {
        names.map(SchemaKey.value)
    }

    /// The key of a secret, and the corresponding key for a file.
    private static func secret(_ name: String) -> [SchemaKey] {
        [SchemaKey(name: name, shape: .secret), .value(name + fileSuffix)]
    }

    /// What is appended to a secret's key to name a file instead.
    static let fileSuffix = "_file"
}

extension Schema {
    /// The sections that have a key of this name, as patterns, e.g. `upstream` for `connect_timeout`.
    static func homes(of name: String) -> [String] {
        homes(of: name, in: root, below: .root)
    }

    private static func homes(of name: String, in keys: [SchemaKey], below path: SettingPath) -> [String] {
        keys.flatMap { key -> [String] in
            let here = key.name == name && !path.steps.isEmpty ? [path.pattern] : []
            return here + homes(of: name, in: key.children, below: path.key(key.name))
        }
    }

    /// The key at a path of plain sections, or nil.
    static func key(at path: SettingPath) -> SchemaKey? {
        var keys = root
        var found: SchemaKey?
        for step in path.steps {
            guard case .key(let name) = step, let key = keys.first(where: { $0.name == name }) else { return nil }
            found = key
            keys = key.children
        }
        return found
    }
}
