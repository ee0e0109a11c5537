package import Audit
package import Credentials
package import NIOCore
package import Policy
package import Recollection

/// What all workers share: made once at start, by the assembly.
package struct Services: Sendable {
    package let journal: Journal
    /// Who created which export, and how many exports each caller made today: kept across reloads.
    package let memory: Memory
    /// What callers have used of their limits; kept across reloads.
    package let allowances = CallerAllowances()
    /// Decides which refusals get their own record, and counts the others.
    let refusals: RefusalLedger
    /// Request bodies in memory; each configuration sets how many bytes they may have.
    let bodies = BodyBudget(capacity: WireLimits().bodies)
    /// Pages of the gateway itself that wait for their callers; they count as bodies.
    let pages: PageBudget
    let unread = UnreadAnswers()
    package let identifiers: RecordIDGenerator
    package let workerCount: Int
    /// How far the cloud's clock is ahead; workers learn it from answers and use it for signatures.
    package let clock: ClockOffset
    /// What the gateway calls itself towards the upstream and in its own logs, e.g. `hss-gateway/1.0.0`.
    package let product: String
    package let loopMark = LoopMark()
    /// What several gateways share; nil for a gateway that is alone.
    package var fleet: SharedState?

    /// Event loops of the process beside the workers' and the shared ones; they must outlive the data port.
    package var otherLoops: [any EventLoop] = []

    /// The operational log of requests; nil if there is none.
    package var requestLog: RequestLog?

    package init(
        journal: Journal, memory: Memory = Memory(), workerCount: Int, version: String, clock: ClockOffset = ClockOffset()
    ) {
        self.journal = journal
        self.memory = memory
        self.pages = PageBudget(bodies)
        self.refusals = RefusalLedger(journal: journal)
        self.identifiers = journal.identifiers
        self.workerCount = workerCount
        self.clock = clock
        self.product = "hss-gateway/\(version)"
    }

    /// `User-Agent` towards the cloud. It names the product and this process, never a caller or a host.
    package var userAgent: String { "\(product) (\(loopMark.text))" }
}
