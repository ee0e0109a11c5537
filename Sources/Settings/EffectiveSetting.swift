/// One value as it took effect, for `config show` and for the digest.
package struct EffectiveSetting: Sendable, Hashable {
    package let site: SettingsProblem.Site
    /// The normalised YAML form; secrets appear as the place they are read from.
    package let text: String
}
