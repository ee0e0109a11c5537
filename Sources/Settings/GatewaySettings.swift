/// The whole configuration, decoded, merged and checked: pure values, no secret among them.
///
/// 1. An instance that `SettingsLoader.load` returns has no fault that can be found without accessing the file system.
/// 2. It contains the sources of secrets, never the secrets.
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
    /// Nil if nothing is traced.
    package let tracing: TracingSettings?
    /// Nil if no secret is in a store.
    package let secretStores: SecretStoreSettings?
    /// Every value in effect with its origin, in the order of the schema.
    package internal(set) var effective: [EffectiveSetting]
    /// The files and directories that these settings name.
    package let files: [FileRequirement]

    /// The same settings with only one credential, its sources and fallbacks, and its own projects, so that it can be tested even if another one
    /// can't be read.
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

    /// A stable rendering without origins and secrets, for hashing: equal settings give equal text, independent of their origins.
    package var canonicalText: String {
        effective.map { "\($0.site.path) = \($0.text)\n" }.joined()
    }
}
