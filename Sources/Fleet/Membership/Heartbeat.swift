import Audit
import Glibc
import Synchronization

/// The member's own thread: it joins, sends a heartbeat every two seconds, receives notifications, notices a failover, and starts the
/// report of the journal.
struct Heartbeat {
    static let interval = Duration.seconds(2)
    /// Between two attempts to connect.
    private static let pause = Duration.milliseconds(250)
    private static let retention = Duration.seconds(3_600)

    let member: FleetMember
    let stop: WakeBell

    func run() {
        var isAway = false
        var isStopping = false
        var successor: Session?
        while !isStopping {
            do throws(FleetFault) {
                let session: Session
                if let successor { session = successor } else { session = try connect() }
                successor = nil
                member.pool.follow(session)
                if isAway { member.configuration.tell(.back) }
                isAway = false
                successor = try follow(session)
                guard successor == nil else { continue }
                leave(session)
                isStopping = true
            } catch {
                isStopping = hasRung
                if isStopping { break }
                member.pool.note(error)
                if !isAway { member.configuration.tell(.away(error)) }
                isAway = true
                stop.wait(Self.pause)
            }
        }
    }

    private var hasRung: Bool {
        var request = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }

    private func ask<Answer>(_ statement: Statement<Answer>, _ session: Session) throws(FleetFault) -> Answer {
        let sent = Uptime.now
        var fault: FleetFault?
        defer { member.configuration.observe(statement.name, Uptime.now - sent, fault) }
        do throws(FleetFault) {
            let rows = try session.run(
                statement.sql(in: member.pool.schema), statement.arguments.map(\.text), by: sent + member.configuration.patience)
            member.learn(rows, sent: sent)
            return try statement.decode(rows)
        } catch {
            fault = error
            throw error
        }
    }

    private func connect() throws(FleetFault) -> Session {
        let session = try member.pool.connectAnew(by: Uptime.now + StatementPool.connectPatience)
        try prepare(session)
        return session
    }

    private func prepare(_ session: Session) throws(FleetFault) {
        let version = try ask(.schemaVersion(), session)
        guard version >= Int64(FleetSchema.version) else {
            throw .refused("the schema has version \(version) and this gateway needs \(FleetSchema.version): run hss-gateway fleet migrate")
        }
        member.state.withLock { $0.schema = version }
        _ = try session.run("LISTEN \(member.pool.schema)", [], by: Uptime.now + member.configuration.patience)
    }

    /// Sends heartbeats until the bell rings, or until the URL leads elsewhere.
    /// - Returns: the connection to there. The member joins there if it isn't known.
    private func follow(_ session: Session) throws(FleetFault) -> Session? {
        while !hasRung {
            // One that leads nowhere is tried again, and changes nothing as long as the present one answers.
            if member.pool.hasMoved(since: session), let successor = try? connect() { return successor }
            try beat(session)
            let heard = try ask(.heard(member.configuration.instance), session)
            member.revoked.replace(with: heard.revokedKeys)
            for listener in member.pacedListeners.withLock({ $0 }) { listener(heard.pacedLines) }
            for listener in member.slotListeners.withLock({ $0 }) { listener(heard.elsewhere) }
            for payload in heard.trust { member.wakes.notify(payload) }
            let next = Uptime.now + Self.interval
            try retain(session)
            while Uptime.now < next, !hasRung {
                for payload in try session.notifications(until: next) {
                    if payload.hasPrefix("r") { member.revoked.add(String(payload.dropFirst())) }
                    member.wakes.notify(payload)
                }
            }
        }
        return nil
    }

    /// Deletes what has expired. A database that can't do that now is no reason to be without it.
    private func retain(_ session: Session) throws(FleetFault) {
        let now = Uptime.now
        let isDue = member.state.withLock { state in
            guard state.retained.map({ now - $0 > Self.retention }) ?? true else { return false }
            state.retained = now
            return true
        }
        guard isDue else { return }
        do throws(FleetFault) { _ = try ask(.retain(), session) } catch { guard session.isIdle else { throw error } }
    }

    private func beat(_ session: Session) throws(FleetFault) {
        guard let epoch = member.state.withLock({ $0.epoch }) else { return try join(session) }
        let name = MemberName(instance: member.configuration.instance, epoch: epoch)
        let answer = try ask(.beat(name, report), session)
        member.pool.note(nil)
        switch answer.standing {
        case .alive: take(answer, name)
        case .lapsed: try join(session)
        case .superseded:
            let isChange = member.state.withLock { state in
                defer { state.isSuperseded = true }
                state.presence.isSuperseded()
                return !state.isSuperseded
            }
            if isChange { member.configuration.tell(.superseded) }
        }
    }

    private func join(_ session: Session) throws(FleetFault) {
        let configuration = member.configuration
        let epoch = try ask(
            .join(configuration.instance, version: configuration.version, configuration: configuration.configuration()), session)
        member.pool.note(nil)
        member.state.withLock { state in
            state.epoch = epoch
            state.isSuperseded = false
            state.mustPush = true
        }
        configuration.tell(.joined(epoch: epoch))
        try beat(session)
    }

    private var report: BeatReport {
        let (mode, time) = member.state.withLock { ($0.mode, $0.clock.time(at: Uptime.now)) }
        return BeatReport(
            version: member.configuration.version, configuration: member.configuration.configuration(), mode: mode,
            clockOffset: time.map { $0 - Timestamp.now().microseconds } ?? 0)
    }

    private func take(_ answer: BeatAnswer, _ name: MemberName) {
        let (hasFailedOver, mustPush) = member.state.withLock { state in
            let hasFailedOver = state.beat.map { $0.timeline != answer.timeline } ?? false
            state.beat = answer
            if hasFailedOver {
                state.failovers += 1
                state.failedOver = Uptime.now
            }
            state.presence.beat(members: answer.members, at: Uptime.now)
            state.driftSince = answer.configurations > 1 ? state.driftSince ?? Uptime.now : nil
            if state.driftSince == nil { state.isDriftTold = false }
            let mustPush = (state.mustPush || answer.pushedTimeline != answer.timeline) && !state.isPushing
            if mustPush {
                state.isPushing = true
                state.mustPush = false
            }
            return (hasFailedOver, mustPush)
        }
        if hasFailedOver { member.configuration.tell(.failedOver(timeline: answer.timeline)) }
        tellDrift(answer.configurations)
        guard mustPush else { return }
        let push = JournalPush(member: member, name: name, answer: answer)
        // Reading a journal takes time, and heartbeats must not wait for it.
        if BlockingThread({ push.run() }) == nil { push.end(hasFailed: true) }
    }

    /// Differences during a rollout end soon; one that lasts longer is an event, once.
    private func tellDrift(_ configurations: Int64) {
        let isChange = member.state.withLock { state in
            guard let since = state.driftSince, Uptime.now - since > member.configuration.driftGrace, !state.isDriftTold else { return false }
            state.isDriftTold = true
            return true
        }
        if isChange { member.configuration.tell(.drift(configurations: configurations)) }
    }

    /// So that the others don't have to wait until this member's ten seconds have passed.
    private func leave(_ session: Session) {
        guard let epoch = member.state.withLock({ $0.isSuperseded ? nil : $0.epoch }) else { return }
        // The bell keeps ringing now, which would end every wait of the session.
        let statement = Statement<Bool>.leave(MemberName(instance: member.configuration.instance, epoch: epoch))
        guard let last = try? Session(url: session.url, schema: member.pool.schema, stop: WakeBell(), by: Uptime.now + .seconds(1))
        else { return }
        _ = try? last.run(statement.sql(in: member.pool.schema), statement.arguments.map(\.text), by: Uptime.now + .seconds(1))
    }
}
