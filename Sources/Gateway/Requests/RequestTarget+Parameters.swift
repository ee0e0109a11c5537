import Policy

extension RequestTarget {
    /// The value of the first parameter whose name satisfies a condition: its position in `bytes`, both in canonical form. Searched in place,
    /// without a list of all parameters.
    func firstParameter(where isWanted: (_ name: UnsafeRawBufferPointer) -> Bool) -> Range<Int>? {
        let queryEnd = queryRange.upperBound
        return bytes.withUnsafeBytes { bytes in
            var start = queryRange.lowerBound
            while start < queryEnd {
                var nameEnd = start
                while nameEnd < queryEnd, bytes[nameEnd] != UInt8(ascii: "="), bytes[nameEnd] != UInt8(ascii: "&") { nameEnd += 1 }
                var end = nameEnd
                while end < queryEnd, bytes[end] != UInt8(ascii: "&") { end += 1 }
                if isWanted(UnsafeRawBufferPointer(rebasing: bytes[start..<nameEnd])) { return min(nameEnd + 1, end)..<end }
                start = end + 1
            }
            return nil
        }
    }
}
