/// The part of `limits.bodies` that input uses which no request has taken yet: above all an unfinished head, whose sender nobody knows. Input that is
/// small uses none.
struct WaitingInput: ~Copyable {
    private var loan: BodyLoan?

    /// Counts input that waits, bytes; 0 if it is small. False if there is no room for it.
    mutating func hold(_ bytes: Int, in bodies: BodyBudget) -> Bool {
        guard bytes > 0 else {
            if loan != nil { loan = nil }
            return true
        }
        if loan == nil { loan = BodyLoan(bodies, isProven: false) }
        return loan?.extend(to: bytes) == true
    }

    /// Passes on the part that a large head uses, which is complete and becomes a request; nil if there is no room for it.
    mutating func take(_ headLength: Int, of bodies: BodyBudget) -> BodyLoan? {
        var head = loan.take() ?? BodyLoan(bodies, isProven: false)
        guard head.extend(to: headLength) else { return nil }
        return head
    }
}
