import Policy
import Testing

@testable import Fleet

/// Whether a member may decide alone, according to its heartbeats.
@Suite struct PresenceTests {
    /// Heartbeats every two seconds.
    private static func beats(from first: Int, to last: Int, members: Int64, _ presence: inout Presence) {
        for second in stride(from: first, through: last, by: 2) { presence.beat(members: members, at: .seconds(second)) }
    }

    @Test func `the others count with a member once each of them has beaten after it joined, and as long as it beats`() {
        var presence = Presence()
        #expect(!presence.isCounted(whenAwaySince: .seconds(1)) && presence.members == nil)
        Self.beats(from: 10, to: 12, members: 2, &presence)
        #expect(!presence.isCounted(whenAwaySince: .seconds(13)), "somebody may still count without it")
        Self.beats(from: 14, to: 16, members: 2, &presence)
        #expect(presence.isCounted(whenAwaySince: .seconds(17)))
        #expect(presence.isCounted(whenAwaySince: .seconds(26)))
        #expect(!presence.isCounted(whenAwaySince: .seconds(27)), "it stood still, and was a member no more")
        presence.isSuperseded()
        #expect(!presence.isCounted(whenAwaySince: .seconds(17)))
    }

    @Test(arguments: [Int64.max, 9_999_999, 10_000]) func `a row that names more members than any fleet has names no more than that`(members: Int64) {
        var presence = Presence()
        presence.beat(members: members, at: .seconds(1))
        #expect(presence.members == 10_000)
        let pace = Quota(limit: 5, period: .seconds(86_400))
        let part = FlowRules(pace: .fixed(perOperation: pace, perAPI: pace)).part(of: presence.members ?? 1)
        guard case .fixed(let own, _) = part.pace else { return #expect(Bool(false)) }
        #expect(own == Quota(limit: 1, period: .seconds(2_000 * 86_400)))
    }

    @Test func `whoever comes back first after an outage still counts those who were there before`() {
        var presence = Presence()
        Self.beats(from: 0, to: 20, members: 3, &presence)
        // All of them have lapsed in between.
        presence.beat(members: 1, at: .seconds(60))
        #expect(presence.members == 3 && presence.isCounted(whenAwaySince: .seconds(61)))
        Self.beats(from: 62, to: 90, members: 2, &presence)
        #expect(presence.members == 3)
        Self.beats(from: 92, to: 700, members: 2, &presence)
        #expect(presence.members == 2, "it is gone for good")
        presence.beat(members: 4, at: .seconds(702))
        #expect(presence.members == 4)
    }

    @Test func `a member that was away for longer than others remember it begins anew`() {
        var presence = Presence()
        Self.beats(from: 0, to: 20, members: 2, &presence)
        presence.beat(members: 2, at: .seconds(1_000))
        #expect(!presence.isCounted(whenAwaySince: .seconds(1_001)))
        #expect(presence.isCounted(whenAwaySince: .seconds(1_006)))
    }

    @Test func `two absences with a moment between them are one`() {
        var log = AbsenceLog()
        log.note(isAway: false, at: .seconds(1))
        #expect(log.since == nil && log.until == nil)
        log.note(isAway: true, at: .seconds(10))
        log.note(isAway: true, at: .seconds(12))
        #expect(log.since == .seconds(10) && log.until == nil)
        log.note(isAway: false, at: .seconds(15))
        log.note(isAway: false, at: .seconds(16))
        #expect(log.since == .seconds(10) && log.until == .seconds(15))
        log.note(isAway: true, at: .seconds(16))
        #expect(log.since == .seconds(10) && log.until == nil)
        log.note(isAway: false, at: .seconds(20))
        log.note(isAway: true, at: .seconds(40))
        #expect(log.since == .seconds(40) && log.until == nil)
    }
}
