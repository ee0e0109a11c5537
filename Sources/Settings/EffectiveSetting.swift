/// One value in effect, for `config show` and for the digest.
package struct EffectiveSetting: Sendable, Hashable {
    package let site: SettingsProblem.Site
    /// The normalised YAML form; secrets appear as the source from which they are read.
    package let text: String
}
