/// The configuration in force, as the admin port shows it.
package struct ConfigurationStatus: Sendable, Equatable {
    /// How an attempt to replace the configuration ended.
    package enum ReloadOutcome: Sendable, Equatable {
        case reloaded(ConfigurationStatus)
        /// The old one stays in force. The reason contains no secret.
        case refused(reason: String)
    }

    /// SHA-256 of the effective settings, without their secrets.
    package let digest: String
    /// The number of configurations since the start, beginning with 1.
    package let generation: Int
    /// Why the last configuration that was read is not in force; nil if it is. Contains no secret.
    package let refusal: String?

    /// False while a newer one was read and refused.
    package var newestWasTaken: Bool { refusal == nil }

    package init(digest: String, generation: Int, refusal: String? = nil) {
        self.digest = digest
        self.generation = generation
        self.refusal = refusal
    }

    /// The check `config` of `/readyz`: a refused configuration is a warning, since the previous one stays in force.
    var check: HealthCheck {
        let sentence = refusal.map { "the newest configuration was refused, the old one stays: \($0.split(separator: "\n").joined(separator: " "))" }
        return HealthCheck(name: "config", state: sentence.map { .warning($0) } ?? .passing)
    }
}
