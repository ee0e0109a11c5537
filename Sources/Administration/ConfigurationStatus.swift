/// The configuration in force, as the admin port tells of it.
package struct ConfigurationStatus: Sendable, Equatable {
    /// SHA-256 of the effective settings, without their secrets.
    package let digest: String
    /// Counts up with each reload; 1 since the start.
    package let generation: Int
    /// False while a newer one was offered and refused.
    package let newestWasTaken: Bool

    package init(digest: String, generation: Int, newestWasTaken: Bool) {
        self.digest = digest
        self.generation = generation
        self.newestWasTaken = newestWasTaken
    }
}

/// How an attempt to replace the configuration ended.
package enum ReloadOutcome: Sendable, Equatable {
    case reloaded(ConfigurationStatus)
    /// The old one stays in force. The reason holds no secret.
    case refused(reason: String)
}
