import Audit
package import Policy
import PostgreSQL
package import Recollection
import Synchronization

/// The queries of a gateway to its fleet. Every answer comes on one of the member's threads.
extension FleetMember {
    package typealias Answer<Value> = @Sendable (Result<Value, FleetFault>) -> Void

    /// Asks whether an export may be sent.
    package func begin(_ claim: ExportClaim, then: @escaping Answer<ExportClaim.Verdict>) {
        do throws(FleetFault) {
            ask(.begin(claim, try signature())) { [self] result in
                if case .success(.fenced) = result { wasFenced() }
                then(result)
            }
        } catch {
            then(.failure(error))
        }
    }

    /// Notes the end of an export. If that fails now, it is repeated later from the journal.
    package func end(_ id: String, _ outcome: ExportOutcome, then: @escaping Answer<Bool>) {
        ask(.end(id, outcome)) { [self] result in
            if case .failure = result { mustSayAgain() }
            then(result)
        }
    }

    /// The owners of an export. A caller's own ownership is cached.
    package func owners(of name: ExportName, in project: String, for caller: String, then: @escaping Answer<ExportOwners>) {
        ask(.owners(name, in: project, for: caller)) { [self] result in
            if case .success(let found) = result, found.owners?.contains(caller) == true { known.remember(name, in: project, of: caller) }
            then(result)
        }
    }

    /// Notes the file that a poll named. If that fails now, it is repeated later from the journal.
    package func file(_ file: String, of task: String, in project: String, then: @escaping Answer<Bool>) {
        ask(.file(file, of: task, in: project)) { [self] result in
            if case .failure = result { mustSayAgain() }
            then(result)
        }
    }

    /// Whether a signature is used for the first time.
    package func take(_ signature: SharedSignature, then: @escaping Answer<Bool>) {
        ask(.take(signature, by: configuration.instance), then: then)
    }

    /// Releases a signature whose request was never sent to the cloud. If that fails now, it is not repeated: the signature stays
    /// used.
    package func giveBack(_ signature: SharedSignature, then: @escaping Answer<SharedSignature.Return>) {
        do throws(FleetFault) {
            ask(.giveBack(signature, try self.signature())) { [self] result in
                if case .success(.fenced) = result { wasFenced() }
                then(result)
            }
        } catch {
            then(.failure(error))
        }
    }

    /// Reports signatures of reads; the answer is how many were new.
    package func tell(_ signatures: [SharedSignature], then: @escaping Answer<Int64>) {
        guard !signatures.isEmpty else { return then(.success(0)) }
        ask(.signatures(signatures), then: then)
    }

    /// Whether the database or each gateway decides now. Local mode ends by itself.
    package var mode: FleetMember.Mode {
        let (mode, isOver) = state.withLock { state in (state.mode, state.localUntil.map { Uptime.now > $0 } ?? false) }
        guard mode == .local, isOver else { return mode }
        set(.shared, for: .zero, because: "its time is over")
        return .shared
    }

    /// Sets the mode by an operator's order; what was decided locally is reported from the journal at its
    /// end.
    package func set(_ mode: FleetMember.Mode, for span: Duration, because reason: String) {
        let isChange = state.withLock { state in
            let isChange = state.mode != mode
            state.mode = mode
            state.localUntil = mode == .local ? Uptime.now + span : nil
            state.mustPush = true
            return isChange
        }
        if isChange { configuration.tell(.mode(mode, reason: reason)) }
    }

    /// Replaces a line's state by one that was computed over a version of it.
    package func put(
        _ line: String, over version: Int64, _ state: [UInt8], at time: Int64, isPaced: Bool, then: @escaping Answer<LineState.Answer>
    ) {
        do throws(FleetFault) {
            ask(.put(line, over: version, state, at: time, isPaced: isPaced, try signature())) { [self] result in
                if case .success(let answer) = result, answer.verdict == .fenced { wasFenced() }
                then(result)
            }
        } catch {
            then(.failure(error))
        }
    }

    /// Reads the version of a shared line, and its state if that is not the version that the caller has.
    package func line(_ name: String, since version: Int64, then: @escaping Answer<LineState.Stored>) { ask(.line(name, since: version), then: then) }

    /// Calls back with each heartbeat which lines are held to a pace.
    package func whenPaced(_ listener: @escaping @Sendable ([String]) -> Void) { pacedListeners.withLock { $0.append(listener) } }

    /// Reports what callers with a rate limit have sent; the answer is how full their buckets are.
    package func rates(_ uses: [RateUse], then: @escaping Answer<[RateUse.Level]>) { ask(.rates(uses), then: then) }

    /// Reports how many requests callers with a concurrency limit have under way here; the answer is how many
    /// they have on other gateways.
    package func slots(_ uses: [SlotUse], then: @escaping Answer<[SlotUse]>) {
        do throws(FleetFault) { ask(.slots(uses, try signature()), then: then) } catch { then(.failure(error)) }
    }

    /// Calls back with each heartbeat how many requests callers with a concurrency limit have under way elsewhere; a
    /// caller that isn't named has none.
    package func whenUsed(_ listener: @escaping @Sendable ([String: Int]) -> Void) { slotListeners.withLock { $0.append(listener) } }

    /// Asks for the right to sign one request with a key that is not proven.
    package func tryKey(_ credential: [UInt8], pass: String, then: @escaping Answer<Trial.Verdict>) {
        do throws(FleetFault) {
            ask(.trial(credential, pass: pass, try signature())) { [self] result in
                if case .success(.fenced) = result { wasFenced() }
                then(result)
            }
        } catch {
            then(.failure(error))
        }
    }

    /// Reports the outcome of that request.
    package func triedKey(_ credential: [UInt8], pass: String?, _ end: Trial.End, then: @escaping Answer<Trial.Phase>) {
        ask(.trialEnd(credential, pass: pass, end), then: then)
    }

    /// Reports this gateway's state, for operators; the answer is whether the database stores it.
    ///
    /// - Parameter figures: a JSON object.
    package func say(_ figures: String, then: @escaping Answer<Bool>) {
        do throws(FleetFault) { ask(.tell(figures, of: try signature()), then: then) } catch { then(.failure(error)) }
    }

    /// For the admin port: what each gateway reported of itself, and below the members, the shared queues, the exports in a state.
    package func figures(then: @escaping Answer<[ToldFigures]>) { ask(.figures(), then: then) }
    package func members(then: @escaping Answer<[MemberState]>) { ask(.members(), then: then) }
    package func lines(then: @escaping Answer<[LineState]>) { ask(.lines(), then: then) }
    package func exports(in state: String, then: @escaping Answer<[ExportState]>) { ask(.exports(in: state), then: then) }

    /// Settles an export with an unknown end by an operator's order.
    package func resolve(_ id: String, task: String?, reason: String, then: @escaping Answer<ExportState.Resolution>) {
        ask(.resolve(id, task: task, reason: reason), then: then)
    }
}

extension FleetMember {
    /// The state of this member.
    package struct Standing: Sendable {
        /// The last heartbeat's answer; nil before the first.
        package let beat: BeatAnswer?
        package let epoch: Int64?
        package let isSuperseded: Bool
        package let mode: FleetMember.Mode
        /// Why the database is unreachable, and for how long; nil while it answers.
        package let absence: (for: Duration, fault: FleetFault)?
        /// Lines whose state this program can't read: a newer version wrote it, or it was edited.
        package let unreadableLines: [String]
        /// For how long members have had different configurations.
        package let drift: Duration?
        /// Whether something still has to be reported from the journal.
        package let mustPush: Bool
        /// For how long the database has lacked something that this member has.
        package let lag: Duration
        /// The schema's version there; 0 before it was asked for.
        package let schema: Int64
        /// Changes that were refused because this member's epoch had ended.
        package let fenced: UInt64
        /// How far the database's clock is ahead of this machine's uptime, microseconds since 1970.
        package let clock: Int64?
        /// How far it is ahead of this machine's wall clock, microseconds.
        package var clockOffset: Int64? { clock.map { $0 - Timestamp.now().microseconds } }
    }
}

extension FleetMember {
    package var standing: FleetMember.Standing {
        let (absence, mode) = (pool.absence, mode)
        return state.withLock { state in
            FleetMember.Standing(
                beat: state.beat, epoch: state.epoch, isSuperseded: state.isSuperseded, mode: mode,
                absence: absence.map { (Uptime.now - $0.since, $0.fault) }, unreadableLines: state.unreadableLines.sorted(),
                drift: state.driftSince.map { Uptime.now - $0 },
                mustPush: state.mustPush || state.isPushing, lag: state.owesSince.map { Uptime.now - $0 } ?? .zero, schema: state.schema,
                fenced: state.fenced, clock: state.clock.time(at: Uptime.now))
        }
    }
}
