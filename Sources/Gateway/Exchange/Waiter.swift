import Audit
import NIOCore
import Policy

/// Why a waiter is called back. An exchange waits for one thing at a time, except at its end: then for the closing record, a request record that
/// may still be under way, and the fleet's database.
enum Wake: Sendable {
    /// A record is durable or written, as asked for, or can't be kept.
    case record(isKept: Bool)
    /// The fleet's database has the report, or will get it later.
    case fleetIsTold
    /// The turn under HSS's quota came at that time, or would come too late.
    case departure(OperationLine.Verdict, at: Duration)
    /// The fleet's database can't say when the turn comes.
    /// - Parameter mayGoAlone: whether this gateway knows enough to use its share of the pace by itself.
    case departureIsUnknown(OperationLine.Request, mayGoAlone: Bool)
    /// A shared call has ended.
    case sharedCall(SharedReadOutcome)
    /// The export with the same key has ended; if it created a task, that is in memory now.
    case sameKey
    /// The credential may be able to sign now.
    case credential
}

/// Something that waits and is called back, on one event loop.
protocol Waiter: AnyObject {
    func wake(_ reason: Wake)
}
