extension GatewaySettings {
    /// Reads the whole tree. The result is valid only if the pass has no problems afterwards.
    init(decoding root: LocatedNode, _ pass: DecodingPass) {
        let reader = SectionReader(pass, .init(.root, root.origin), root, keys: Schema.root)
        listeners = reader.items("listeners").map(ListenerSettings.init)
        admin = AdminSettings(reader.section("admin"))
        upstream = UpstreamSettings(reader.section("upstream"))
        regions = reader.table("regions").map { RegionSettings(name: $0.name, $0.reader) }
        credentials = reader.items("credentials").map(CredentialSettings.init)
        projects = reader.items("projects").map(ProjectSettings.init)
        let configured = reader.items("callers").map(CallerSettings.init)
        callers = configured.isEmpty ? [.implicit] : configured
        callerKeys = CallerKeySettings(reader.section("caller_keys"))
        policy = reader.items("policy").map(PolicyRuleSettings.init)
        audit = AuditSettings(reader.section("audit"))
        // If it is absent, nothing is recorded, so that the digest of a configuration without it doesn't change.
        fleet = reader.has("fleet") ? FleetSettings(reader.section("fleet")) : nil
        limits = LimitSettings(reader.section("limits"))
        log = LogSettings(reader.section("log"))
        tracing = reader.has("tracing") ? TracingSettings(reader.section("tracing")) : nil
        secretStores = SecretStoreSettings.reading(reader)
        effective = pass.effective
        files = pass.files
    }
}
