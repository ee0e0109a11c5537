/// A file or directory that the settings name and that something will open.
package struct FileRequirement: Sendable, Hashable {
    /// What the file is for, which decides what is asked of it.
    package enum Role: Sendable, Hashable {
        /// Key material or a token: a non-empty regular file, not writable by everybody.
        case secret
        /// A certificate or key set that everybody may read.
        case publicMaterial
        /// Certificate authorities in PEM form, which everybody may read.
        case authorities
        /// A directory that is made when it's missing.
        case directory
        /// A file that the gateway makes itself when it's missing.
        case madeOnStart
        /// A Unix socket that is made; its directory must be there.
        case socket
    }

    package let site: SettingsProblem.Site
    package let path: String
    package let role: Role
}
