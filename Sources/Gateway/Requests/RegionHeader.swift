import Policy

/// The API's own header `region`: the region whose assets a call is about. It is part of what the gateway signs, so the configuration
/// says which values a caller may choose.
enum RegionHeader {
    /// The longest value, in characters, as documented.
    static let maximumBytes = 128

    /// - Parameter value: as received; nil when none was sent.
    static func check(_ value: String?, in project: Project) throws(Refusal) {
        guard let value, !project.allows(regionHeader: value) else { return }
        throw Refusal(
            .regionDenied, "The region header names another region than the project \(project.name) may be asked about.",
            hint: "Leave the region header out, or send \(([project.region] + project.otherRegions.sorted()).joined(separator: " or ")). "
                + "The operator lists more under the project's `regions`."
        )
    }
}
