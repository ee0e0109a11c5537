/// The times in which the database could not be reached. It has no clock: times are passed in, as this machine's uptime.
///
/// Other gateways may not have noticed a short return of the database, so two absences with a gap of at most `returning` between
/// them count as one.
package struct AbsenceLog: Sendable {
    /// How long it takes until every gateway has noticed that the database is back.
    package static let returning = Duration.seconds(2)

    package private(set) var since: Duration?
    /// When the last of them began, without those that count as one with it: until then others could be reached through the database.
    package private(set) var began: Duration?
    /// Nil while it lasts.
    package private(set) var until: Duration?

    package init() {}

    /// Notes at `now` whether the database can be reached; repeated notes of the same kind change nothing.
    package mutating func note(isAway: Bool, at now: Duration) {
        if isAway {
            if since == nil || until != nil { began = now }
            if since == nil || until.map({ now - $0 > Self.returning }) == true { since = now }
            until = nil
        } else if since != nil, until == nil {
            until = now
        }
    }
}
