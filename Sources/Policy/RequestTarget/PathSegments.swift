/// The segments of a canonical path, as slices of the target's own bytes.
package struct PathSegments: RandomAccessCollection, Sendable {
    let bytes: [UInt8]
    let ends: [UInt16]

    package var startIndex: Int { 0 }
    package var endIndex: Int { ends.count }

    /// The segment in canonical spelling.
    package subscript(position: Int) -> ArraySlice<UInt8> { bytes[range(of: position)] }

    func range(of position: Int) -> Range<Int> {
        let start = position == 0 ? 1 : Int(ends[position - 1]) + 1
        return start..<Int(ends[position])
    }
}
