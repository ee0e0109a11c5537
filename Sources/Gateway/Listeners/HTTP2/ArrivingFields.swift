import NIOCore

/// The head or the trailers of a stream, while their frames arrive.
///
/// 1. Whoever sends them is not recognised yet, and a byte can stand for four thousand: beyond `StreamLimits.smallHead` they count against
///    `limits.bodies`, and without room there they are only counted.
/// 2. Those of one connection arrive one after the other: until they end, nothing else can come.
struct ArrivingFields: ~Copyable {
    private(set) var fields = StreamFields()
    /// Nil while none arrive.
    private(set) var stream: Int32?
    /// Until when they may arrive. Of those that came whole no time is measured.
    private(set) var until: NIODeadline?
    private var loan: BodyLoan?

    mutating func begin(of stream: Int32, areTrailers: Bool) {
        fields = StreamFields()
        self.stream = stream
        if areTrailers { fields.drop() }
    }

    mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, within limits: WireLimits, _ bodies: BodyBudget) {
        fields.take(name, value)
        guard fields.weight > StreamLimits.smallHead, !hasRoom(within: limits, bodies) else { return }
        fields.drop()
        loan = nil
    }

    private mutating func hasRoom(within limits: WireLimits, _ bodies: BodyBudget) -> Bool {
        guard max(fields.requestLine, fields.size) <= limits.headerBlock, fields.count <= limits.fieldCount else { return false }
        if loan == nil { loan = BodyLoan(bodies, isProven: false) }
        return loan?.extend(to: fields.weight) == true
    }

    /// All bytes that have come so far were taken.
    mutating func noteTime(within limits: WireLimits) {
        if stream != nil, until == nil { until = .now() + limits.headerTimeout }
    }

    /// They are whole, or nobody waits for the rest.
    mutating func end() -> StreamFields {
        var whole = StreamFields()
        swap(&whole, &fields)
        (stream, until) = (nil, nil)
        return whole
    }

    /// What those that ended use of `limits.bodies`.
    mutating func takeLoan() -> BodyLoan? { loan.take() }
}
