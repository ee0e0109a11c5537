/// A line's state as bytes, for a database that several gateways share. The first byte is the format's version; a program that doesn't know it
/// doesn't change the state. Times are microseconds relative to the moment of writing, so that most take two or three bytes.
extension OperationLine {
    /// The format that this program writes and reads.
    private static let form: UInt8 = 2
    /// A state with more places, calls or callers is invalid.
    private static let mostEntries = 100_000
    /// Also one with more turns: a call each microsecond for ten thousand years.
    fileprivate static let mostTurns = 315_360_000_000_000_000

    /// The state as bytes.
    /// - Parameter now: the moment of writing, which becomes part of the state.
    package func encoded(at now: Duration) -> [UInt8] {
        var out = BinaryWriter(form: Self.form, base: now)
        shared.write(to: &out)
        sharedPace.write(to: &out)
        out.list(allowances.sorted { $0.key < $1.key }) { out, entry in
            out.text(entry.key)
            entry.value.write(to: &out)
            out.flag(paces[entry.key] != nil)
            paces[entry.key]?.write(to: &out)
        }
        out.turn(round)
        out.list(served.sorted { $0.key < $1.key }) { out, entry in
            out.text(entry.key)
            out.turn(entry.value)
        }
        out.list(places) { out, place in
            place.request.write(to: &out)
            out.turn(place.turn)
            out.time(place.arrival)
            out.optionalTime(place.heldSince)
            switch place.holder {
            case .request(let deadline):
                out.flag(true)
                out.time(deadline)
            case .claim(let told, let since):
                out.flag(false)
                out.time(told)
                out.optionalTime(since)
            }
            out.flag(place.kept != nil)
            if let kept = place.kept {
                out.text(kept.credential)
                out.time(kept.time)
            }
        }
        out.list(departed.values.sorted { $0.request.ticket < $1.request.ticket }) { out, call in
            call.request.write(to: &out)
            out.turn(call.turn)
            out.time(call.arrival)
            out.text(call.credential)
            out.time(call.time)
        }
        return out.bytes
    }

    /// Reads a state; nil when it isn't one, or is of another form.
    /// - Parameter rules: this gateway's; they apply from now on, whatever rules the gateway had that stored the state.
    package init?(decoding bytes: [UInt8], rules: FlowRules) {
        guard var reader = BinaryReader(bytes, form: Self.form) else { return nil }
        self.init(rules: rules)
        do throws(BinaryFault) {
            try read(&reader)
        } catch {
            return nil
        }
        written = reader.start
        findLongTurns()
        holdToRules()
    }

    private mutating func read(_ reader: inout BinaryReader) throws(BinaryFault) {
        shared = try Allowance(&reader)
        sharedPace = try LearntPace(&reader)
        for _ in 0..<(try reader.count(upTo: Self.mostEntries)) {
            let name = try reader.text()
            allowances[name] = try Allowance(&reader)
            if try reader.flag() { paces[name] = try LearntPace(&reader) }
        }
        round = try reader.size(upTo: Self.mostTurns)
        for _ in 0..<(try reader.count(upTo: Self.mostEntries)) { served[try reader.text()] = try reader.size(upTo: Self.mostTurns) }
        for _ in 0..<(try reader.count(upTo: Self.mostEntries)) {
            let (request, turn, arrival, held) = (
                try Request(&reader), try reader.size(upTo: Self.mostTurns), try reader.time(), try reader.optionalTime()
            )
            let holder: Holder =
                try reader.flag() ? .request(deadline: try reader.time()) : .claim(told: try reader.time(), heldSince: try reader.optionalTime())
            let kept = try reader.flag() ? Kept(credential: try reader.text(), time: try reader.time()) : nil
            places.append(Entry(request: request, turn: turn, arrival: arrival, holder: holder, heldSince: held, kept: kept))
        }
        for _ in 0..<(try reader.count(upTo: Self.mostEntries)) {
            let (request, turn, arrival) = (try Request(&reader), try reader.size(upTo: Self.mostTurns), try reader.time())
            let (credential, time) = (try reader.text(), try reader.time())
            departed[request.ticket] = Departed(request: request, turn: turn, arrival: arrival, credential: credential, time: time)
        }
        guard reader.isAtEnd else { throw BinaryFault() }
    }
}

extension BinaryWriter {
    /// A turn that lies beyond the last is written as that one: who reads the state would take none of it otherwise.
    fileprivate mutating func turn(_ turn: Int) { number(turn, upTo: OperationLine.mostTurns) }
}

extension OperationLine.Request {
    fileprivate func write(to out: inout BinaryWriter) {
        out.number(Int64(ticket))
        out.text(caller)
        out.list(credentials) { $0.text($1) }
        out.number(owner)
    }

    fileprivate init(_ reader: inout BinaryReader) throws(BinaryFault) {
        let (ticket, caller) = (try reader.size(upTo: .max), try reader.text())
        var credentials: [String] = []
        for _ in 0..<(try reader.count(upTo: 1_000)) { credentials.append(try reader.text()) }
        guard !credentials.isEmpty else { throw BinaryFault() }
        self.init(ticket: ticket, caller: caller, credentials: credentials, owner: try reader.number())
    }
}

extension Quota {
    fileprivate static func write(_ quota: Quota?, to out: inout BinaryWriter) {
        out.number(quota?.limit ?? 0, upTo: mostCalls)
        if let quota { out.span(min(quota.period, longestPeriod)) }
    }

    fileprivate static func read(_ reader: inout BinaryReader) throws(BinaryFault) -> Quota? {
        let limit = try reader.size(upTo: mostCalls)
        guard limit != 0 else { return nil }
        let period = try reader.span()
        guard period > .zero, period <= longestPeriod else { throw BinaryFault() }
        return Quota(limit: limit, period: period)
    }
}

extension Allowance {
    fileprivate func write(to out: inout BinaryWriter) {
        Quota.write(quota, to: &out)
        out.list(uses) { out, use in
            out.number(Int64(use.ticket))
            out.time(use.departure)
            out.optionalTime(use.arrival)
        }
        out.list(kept) { out, turn in
            out.number(Int64(turn.ticket))
            out.time(turn.time)
        }
        out.optionalTime(notBefore == .zero ? nil : notBefore)
        out.span(typicalTransit)
    }

    fileprivate init(_ reader: inout BinaryReader) throws(BinaryFault) {
        self.init(quota: try Quota.read(&reader))
        for _ in 0..<(try reader.count(upTo: Self.mostUses)) {
            let (ticket, departure) = (Int(try reader.number()), try reader.time())
            uses.append(Use(ticket: ticket, departure: departure, arrival: try reader.optionalTime()))
        }
        for _ in 0..<(try reader.count(upTo: Self.mostUses)) { kept.append(KeptTurn(ticket: Int(try reader.number()), time: try reader.time())) }
        notBefore = try reader.optionalTime() ?? .zero
        typicalTransit = try reader.span()
    }
}

extension LearntPace {
    fileprivate func write(to out: inout BinaryWriter) {
        Quota.write(quota, to: &out)
        out.time(lastThrottled)
        out.time(calmSince)
        out.number(patience, upTo: LearntPace.longestPatience)
        out.number(proven, upTo: Quota.mostCalls)
        out.number(streak, upTo: LearntPace.longestStreak)
    }

    fileprivate init(_ reader: inout BinaryReader) throws(BinaryFault) {
        self.init()
        quota = try Quota.read(&reader)
        lastThrottled = try reader.time()
        calmSince = try reader.time()
        patience = try reader.size(upTo: LearntPace.longestPatience)
        proven = try reader.size(upTo: Quota.mostCalls)
        streak = try reader.size(upTo: LearntPace.longestStreak)
        guard patience > 0 else { throw BinaryFault() }
    }
}
