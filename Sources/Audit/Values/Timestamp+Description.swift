extension Timestamp: CustomStringConvertible {
    /// As in a record: RFC 3339 in UTC with six digits.
    package var description: String {
        String(unsafeUninitializedCapacity: TimestampFormatter.length) { buffer in
            var line = LineWriter(buffer)
            var formatter = TimestampFormatter()
            formatter.write(self, to: &line)
            return line.count
        }
    }
}
