import Audit
import NIOCore
import Policy

/// What somebody who waits is told. There is one thing that an exchange waits for at a time, but for what its end waits for: the closing record, the
/// request record that may still be under way, and what the fleet is told.
enum Wake: Sendable {
    /// A record is where it has to be, or can't be brought there.
    case record(isKept: Bool)
    /// The fleet's database was told, or has to be told later.
    case fleetIsTold
    /// The turn before HSS's quota came, or moved beyond the request's time.
    case departure(OperationLine.Verdict)
    /// The fleet's database can't say when the turn comes.
    case departureIsUnknown(OperationLine.Request)
    /// The call that others may have the answer of has ended.
    case sharedCall(SharedReadOutcome)
    /// The export with the same key has ended; what came of it is in memory now, if anything did.
    case sameKey
    /// Asking the credential anew makes sense.
    case credential
}

/// Somebody who waits, on one event loop.
protocol Waiter: AnyObject {
    func wake(_ resolutions: Wake)
}
