/// What somebody else did to the segment that is being written.
package enum SegmentChange: String, Sendable {
    /// The file is gone, and no name leads to it.
    case deleted
    /// The file has another name.
    case renamed
    /// Another file stands under the name.
    case replaced
    /// The file is shorter than what was written.
    case truncated
    /// The file is longer than what was written.
    case extended
}
