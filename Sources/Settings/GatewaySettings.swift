/// The whole configuration, decoded, merged and checked: pure values, no secret among them.
///
/// 1. An instance that `SettingsLoader.load` returns has no fault that can be seen without touching the file system.
/// 2. It holds where secrets are, never what they are.
/// 3. Every path in it is absolute, unless the working directory that was given is not.
package struct GatewaySettings: Sendable, Hashable {
    package let listeners: [ListenerSettings]
    package let admin: AdminSettings
    package let upstream: UpstreamSettings
    package let regions: [RegionSettings]
    package internal(set) var credentials: [CredentialSettings]
    package internal(set) var projects: [ProjectSettings]
    package let callers: [CallerSettings]
    package let callerKeys: CallerKeySettings
    package let policy: [PolicyRuleSettings]
    package let audit: AuditSettings
    /// Nil for a gateway that is alone.
    package let fleet: FleetSettings?
    package let limits: LimitSettings
    package let log: LogSettings
    /// Nil where nothing is traced.
    package let tracing: TracingSettings?
    /// Nil where no secret is in a store.
    package let secretStores: SecretStoreSettings?
    /// Every value as it took effect with its origin, in the order of the schema.
    package internal(set) var effective: [EffectiveSetting]
    /// The files and directories that these settings name.
    package let files: [FileRequirement]

    /// The same with one credential, those that it is made from or that take over for it, and the projects that it acts in itself: so that one can
    /// be tried where another can't be read.
    package func reduced(toCredential name: String) -> GatewaySettings {
        var kept: Set<String> = []
        var names = [name]
        while let next = names.popLast() {
            guard kept.insert(next).inserted, let credential = credentials.first(where: { $0.name == next }) else { continue }
            names += [credential.assumedBy, credential.fallback].compactMap(\.self)
        }
        var reduced = self
        reduced.credentials = credentials.filter { kept.contains($0.name) }
        reduced.projects = projects.filter { Set($0.credentials).isSubset(of: kept) }
        return reduced
    }

    /// A stable rendering without origins and secrets, made to be hashed: equal settings give equal text, wherever they were written.
    package var canonicalText: String {
        effective.map { "\($0.site.path) = \($0.text)\n" }.joined()
    }
}
