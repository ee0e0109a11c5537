extension FixedWidthInteger {
    /// The sum, or the nearest number that the type can hold. For numbers that come from outside: a request, a file, a database row, an answer.
    package func saturatingSum(_ other: Self) -> Self {
        let (sum, isBeyond) = addingReportingOverflow(other)
        guard isBeyond else { return sum }
        return other < 0 ? .min : .max
    }

    /// The difference, or the nearest number that the type can hold.
    package func saturatingDifference(_ other: Self) -> Self {
        let (difference, isBeyond) = subtractingReportingOverflow(other)
        guard isBeyond else { return difference }
        return Self.isSigned && other < 0 ? .max : .min
    }
}
