import CBuildStamp

/// Version and commit of this binary.
package enum Build {
    package static let version = "0.1.0"
    /// The commit that was checked out when it was built.
    package static let commit = String(cString: hssgw_build_commit())
    package static let versionText = "hss-gateway \(version) (\(commit))"

    package static var swift: String {
        #if swift(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
