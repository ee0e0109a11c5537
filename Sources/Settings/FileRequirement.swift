/// A file or directory that the settings name and that will be opened.
package struct FileRequirement: Sendable, Hashable {
    /// The purpose of the file, which determines the checks.
    package enum Role: Sendable, Hashable {
        /// Key material or a token: a non-empty regular file, not writable by everybody.
        case secret
        /// A certificate or key set that all users may read.
        case publicMaterial
        /// Certificate authorities in PEM form, which all users may read.
        case authorities
        /// A directory that is created if it is missing.
        case directory
        /// A file that the gateway creates if it is missing.
        case madeOnStart
        /// The same, and the start fails where it can't be created: its directory must exist, unless it is one that is created.
        case madeWithJournal
        /// A Unix socket that is created; its directory must exist.
        case socket
    }

    package let site: SettingsProblem.Site
    package let path: String
    package let role: Role
}
