/// When the database could not be asked last. Pure: times come in, of this machine's uptime.
///
/// Others may not have noticed that it was back for a moment, so two absences with no more than such a moment between them are one.
package struct AbsenceLog: Sendable {
    /// How long it takes until every gateway has noticed that the database is back.
    package static let returning = Duration.seconds(2)

    package private(set) var since: Duration?
    /// Nil while it lasts.
    package private(set) var until: Duration?

    package init() {}

    package mutating func note(isAway: Bool, at now: Duration) {
        if isAway {
            if since == nil || until.map({ now - $0 > Self.returning }) == true { since = now }
            until = nil
        } else if since != nil, until == nil {
            until = now
        }
    }
}
