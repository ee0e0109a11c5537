/// A change of the segment being written by another process.
package enum SegmentChange: String, Sendable {
    /// The file was deleted and has no name.
    case deleted
    /// The file has another name.
    case renamed
    /// Another file has the name.
    case replaced
    /// The file is shorter than what was written.
    case truncated
    /// The file is longer than what was written.
    case extended
}
