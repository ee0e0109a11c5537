/// How a path names its project, in the segment after `v5`.
package enum ProjectReference: Sendable, Equatable {
    /// `_` or `-`: the caller's own project.
    case placeholder
    /// The literal `{project_id}`, which the official SDKs send when they have no id: also the caller's own project.
    case template
    /// A project's id or its configured name.
    case named(String)

    /// The literal that SDKs send when they have no project id, percent-encoded (protocol page e).
    static let templateText: [UInt8] = Array("{project_id}".utf8)

    /// The same in canonical spelling.
    static let canonicalTemplate: [UInt8] = Array("%7Bproject_id%7D".utf8)

    init(segment: ArraySlice<UInt8>) {
        let isShort = segment.count == 1 && (segment.first == UInt8(ascii: "_") || segment.first == UInt8(ascii: "-"))
        if isShort {
            self = .placeholder
        } else if segment.elementsEqual(Self.canonicalTemplate) {
            self = .template
        } else {
            self = .named(PercentCoding.decoded(segment))
        }
    }
}
