import Testing

@testable import Recognition

@Suite struct ReplayMemoryTests {
    /// - Parameter uptime: seconds; by default as if the wall clock had always been right.
    private func use(_ memory: ReplayMemory, _ number: UInt8, of key: String, date: Int64, now: Int64, uptime: Int64? = nil) throws {
        _ = try memory.use(
            ReplayMemory.SignatureUse(of: Array(repeating: number, count: 32), by: key, date: date), now: now, uptime: .seconds(uptime ?? now))
    }
    private static let now: Int64 = 1_790_000_000

    @Test func `refuses a signature the second time, of the same key alone`() throws {
        let memory = ReplayMemory()
        try use(memory, 1, of: "a", date: Self.now, now: Self.now)
        #expect(throws: RecognitionFault.replay) { try use(memory, 1, of: "a", date: Self.now, now: Self.now) }
        try use(memory, 1, of: "b", date: Self.now, now: Self.now)
        try use(memory, 2, of: "a", date: Self.now, now: Self.now)
    }

    /// Every moment at which the date is still accepted is tried: a signature that is dropped too early could be used
    /// again.
    @Test(arguments: [Int64(-900), -300, -1, 0, 1, 299, 900])
    func `remembers as long as the date would pass`(offset: Int64) throws {
        let memory = ReplayMemory()
        let date = Self.now + offset
        try use(memory, 1, of: "a", date: date, now: Self.now)
        for later in stride(from: Self.now, through: date + SignatureDate.window, by: 7) {
            #expect(throws: RecognitionFault.replay) { try use(memory, 1, of: "a", date: date, now: later) }
        }
    }

    @Test func `makes room when the dates have passed, and refuses rather than forgets before`() throws {
        let memory = ReplayMemory(capacity: 3, capacityPerKey: 2)
        try use(memory, 1, of: "a", date: Self.now, now: Self.now)
        try use(memory, 2, of: "a", date: Self.now, now: Self.now)
        #expect(throws: RecognitionFault.tooManySignatures) { try use(memory, 3, of: "a", date: Self.now, now: Self.now) }
        try use(memory, 3, of: "b", date: Self.now, now: Self.now)
        #expect(throws: RecognitionFault.tooManySignatures) { try use(memory, 4, of: "c", date: Self.now, now: Self.now) }
        let later = Self.now + 2 * SignatureDate.window
        try use(memory, 4, of: "a", date: later, now: later)
        try use(memory, 5, of: "a", date: later, now: later)
        // Setting a clock back makes nothing valid again.
        #expect(throws: RecognitionFault.replay) { try use(memory, 5, of: "a", date: later, now: Self.now, uptime: later) }
    }

    @Test(arguments: [3_600, 86_400, 3_456_000] as [Int64]) func `a clock that was ahead for a moment makes nothing valid again`(jump: Int64) throws {
        let memory = ReplayMemory(capacity: 4, capacityPerKey: 4)
        let up: Int64 = 1_000
        try use(memory, 1, of: "a", date: Self.now, now: Self.now, uptime: up)
        // Another caller of this machine, which has the same clock.
        try use(memory, 2, of: "b", date: Self.now + jump, now: Self.now + jump, uptime: up + 10)
        #expect(throws: RecognitionFault.replay) { try use(memory, 1, of: "a", date: Self.now, now: Self.now + 20, uptime: up + 20) }
        // Room is made all the same, once none of the five minutes is in the window any more.
        try use(memory, 3, of: "b", date: Self.now + jump, now: Self.now + jump, uptime: up + 30)
        try use(memory, 4, of: "b", date: Self.now + jump, now: Self.now + jump, uptime: up + 30)
        #expect(throws: RecognitionFault.tooManySignatures) {
            try use(memory, 5, of: "b", date: Self.now + jump, now: Self.now + jump, uptime: up + 999)
        }
        try use(memory, 5, of: "b", date: Self.now + jump, now: Self.now + jump, uptime: up + 1_000)
    }

    @Test func `a clock that was ahead for a moment doesn't keep what passes later`() throws {
        let memory = ReplayMemory(capacity: 2, capacityPerKey: 2)
        try use(memory, 1, of: "a", date: Self.now + 86_400, now: Self.now + 86_400, uptime: 0)
        for step in 1...5 {
            let seconds = Int64(step) * 2 * SignatureDate.window
            try use(memory, 2, of: "a", date: Self.now + seconds, now: Self.now + seconds, uptime: seconds)
        }
    }

    @Test func `takes back what nothing came of, and its room`() throws {
        let memory = ReplayMemory(capacity: 2, capacityPerKey: 1)
        for _ in 0..<10 {
            let used = try memory.use(ReplayMemory.SignatureUse(of: Array(repeating: 1, count: 32), by: "a", date: Self.now), now: Self.now)
            #expect(throws: RecognitionFault.replay) { try use(memory, 1, of: "a", date: Self.now, now: Self.now) }
            #expect(throws: RecognitionFault.tooManySignatures) { try use(memory, 2, of: "a", date: Self.now, now: Self.now) }
            memory.giveBack(used)
            memory.giveBack(used)
        }
        try use(memory, 1, of: "a", date: Self.now, now: Self.now)
        try use(memory, 1, of: "b", date: Self.now, now: Self.now)
        #expect(throws: RecognitionFault.tooManySignatures) { try use(memory, 1, of: "c", date: Self.now, now: Self.now) }
    }

    @Test func `reads dates as the SDKs write them and no others`() {
        #expect(SignatureDate.seconds("19700101T000000Z") == 0)
        #expect(SignatureDate.seconds("20191115T033655Z") == 1_573_789_015)
        #expect(SignatureDate.seconds("20240229T235959Z") == 1_709_251_199)
        for text in ["20230229T000000Z", "20191115T033655", "2019-11-15T03:36Z", "20191315T033655Z", "20191115T243655Z", "20191115t033655Z", ""] {
            #expect(SignatureDate.seconds(text) == nil, "\(text)")
        }
    }
}
