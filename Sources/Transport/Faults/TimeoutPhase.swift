/// The phase in which an upstream was too slow.
package enum TimeoutPhase: Sendable, Equatable {
    case connect
    case firstByte
    case idle
    case total
}
