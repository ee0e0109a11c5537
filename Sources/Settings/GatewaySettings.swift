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
    package let credentials: [CredentialSettings]
    package let projects: [ProjectSettings]
    package let callers: [CallerSettings]
    package let callerKeys: CallerKeySettings
    package let policy: [PolicyRuleSettings]
    package let audit: AuditSettings
    /// Nil for a gateway that is alone.
    package let fleet: FleetSettings?
    package let limits: LimitSettings
    package let log: LogSettings
    /// Every value as it took effect with its origin, in the order of the schema.
    package internal(set) var effective: [EffectiveSetting]
    /// The files and directories that these settings name.
    package let files: [FileRequirement]

    /// A stable rendering without origins and secrets, made to be hashed: equal settings give equal text, wherever they were written.
    package var canonicalText: String {
        effective.map { "\($0.site.path) = \($0.text)\n" }.joined()
    }
}
