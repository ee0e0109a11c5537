import NIOCore

/// The head or the trailers of a stream, while their frames arrive.
///
/// 1. Their sender is not recognised yet, and one byte can stand for four thousand (a reference to the table of fields). Beyond
///    `WireLimits.smallHead` they count against `limits.bodies`; if there is no room, they are counted and not kept.
/// 2. A connection carries one head at a time: until it has ended, no other frame may come (RFC 9113 section 6.10).
struct ArrivingFields: ~Copyable {
    private(set) var fields = StreamFields()
    /// Nil while none arrive.
    private(set) var stream: Int32?
    /// Until when they may arrive; nil if all of them came in one read.
    private(set) var until: NIODeadline?
    private var loan: BodyLoan?

    mutating func begin(of stream: Int32, areTrailers: Bool) {
        fields = StreamFields()
        self.stream = stream
        if areTrailers { fields.drop() }
    }

    mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, within limits: WireLimits, _ bodies: BodyBudget) {
        fields.take(name, value)
        guard fields.weight > WireLimits.smallHead, !hasRoom(within: limits, bodies) else { return }
        fields.drop()
        loan = nil
    }

    private mutating func hasRoom(within limits: WireLimits, _ bodies: BodyBudget) -> Bool {
        guard max(fields.requestLine, fields.size) <= limits.headerBlock, fields.count <= limits.fieldCount else { return false }
        if loan == nil { loan = BodyLoan(bodies, isProven: false) }
        return loan?.extend(to: fields.weight) == true
    }

    /// Called when all bytes of a read were taken: sets the deadline if the fields are not whole.
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

    /// The part of `limits.bodies` that the fields which ended last use.
    mutating func takeLoan() -> BodyLoan? { loan.take() }
}
