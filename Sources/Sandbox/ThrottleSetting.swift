/// Whether the documented flow control is applied.
package enum ThrottleSetting: Sendable, Equatable {
    /// Nothing is refused.
    case off
    /// The documented limits times `scale`, at least one call each. Whether refused calls count is documented nowhere.
    case scaled(Double, countsRejected: Bool = false)
}
