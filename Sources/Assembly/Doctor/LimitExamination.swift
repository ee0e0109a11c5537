import Gateway
import Glibc
import Settings

/// Compares the limits of this process with what the configuration needs. The limits are those of the doctor's own process: in a container
/// they are the gateway's.
struct LimitExamination: Sendable {
    let settings: GatewaySettings
    var groups = ControlGroup()

    /// The memory of the process besides bodies: code, event loops, connections, the index.
    private static let ownMemory = 128 << 20

    func findings() -> [DoctorFinding] { [descriptors, memory, processors] }

    private var descriptors: DoctorFinding {
        let (limit, wanted) = (DescriptorLimit.current, settings.limits.connections)
        let budget = DescriptorBudget(settings.limits)
        let message = "\(limit) descriptors may be open: room for \(budget.connections) connections of callers, \(wanted) are configured."
        guard budget.connections < wanted else { return DoctorFinding(.limits, "descriptors", .ok, message) }
        return DoctorFinding(
            .limits, "descriptors", limit < DescriptorBudget.fewest ? .failure : .warning, message,
            "Raise LimitNOFILE= of the unit or ulimit -n to \(Self.descriptors(for: settings.limits)), or lower limits.connections.")
    }

    /// The least power of two that is enough for the configuration.
    private static func descriptors(for limits: LimitSettings) -> Int {
        for power in 10...30 {
            let budget = DescriptorBudget(
                limit: 1 << power, connections: limits.connections, inFlight: limits.inFlight, workers: Instance.workers)
            if budget.connections >= limits.connections { return 1 << power }
        }
        return 1 << 30
    }

    private var memory: DoctorFinding {
        let bodies = settings.limits.bodies.bytes
        guard let limit = groups.memory else {
            return DoctorFinding(.limits, "memory", .ok, "The control group sets no limit; request bodies may take \(ByteCount(bodies)) together.")
        }
        let message = "The control group grants \(ByteCount(limit)); request bodies alone may take \(ByteCount(bodies)) (limits.bodies)."
        let room = limit.subtractingReportingOverflow(bodies).partialValue
        guard room < Self.ownMemory else { return DoctorFinding(.limits, "memory", .ok, message) }
        return DoctorFinding(
            .limits, "memory", room <= 0 ? .failure : .warning, message + " The system ends the gateway when it takes more.",
            "Raise the limit (MemoryMax=, resources.limits.memory), or lower limits.bodies.")
    }

    private var processors: DoctorFinding {
        let workers = Instance.workers
        guard let quota = groups.processors else {
            return DoctorFinding(.limits, "processors", .ok, "\(workers) workers; the control group sets no limit.")
        }
        let whole = max(1, Int(quota.rounded(.up)))
        let text = "\(Int((quota * 10).rounded()) / 10).\(Int((quota * 10).rounded()) % 10)"
        let message = "\(workers) workers; the control group grants the time of \(text) processors."
        guard workers > whole else { return DoctorFinding(.limits, "processors", .ok, message) }
        return DoctorFinding(
            .limits, "processors", .warning, message + " They are stopped together when it is used up.",
            "Set HSSGW_WORKERS=\(whole), or raise the limit (CPUQuota=, resources.limits.cpu).")
    }
}

/// The limits of the control group of this process (cgroups(7)): the lowest of its own and those above it.
struct ControlGroup: Sendable {
    /// Where the hierarchy is mounted, and the file that contains the path of the process in it.
    var mount = "/sys/fs/cgroup"
    var membership = "/proc/self/cgroup"

    private static let largestFile = 64 << 10
    /// The kernel shows larger limits when there is none.
    private static let unlimited = 1 << 60

    /// Bytes; nil without a limit.
    var memory: Int? {
        let second = folders.compactMap { TextFile.read("\($0)/memory.max", limit: Self.largestFile) }
        let first = second.isEmpty ? [TextFile.read("\(mount)/memory/memory.limit_in_bytes", limit: Self.largestFile)].compactMap(\.self) : []
        return (second + first).compactMap { Int($0.filter { !$0.isWhitespace }) }.filter { $0 < Self.unlimited }.min()
    }

    /// The number of processors whose time may be used; nil without a limit.
    var processors: Double? {
        let second = folders.compactMap { TextFile.read("\($0)/cpu.max", limit: Self.largestFile) }.compactMap(Self.share)
        guard second.isEmpty else { return second.min() }
        guard let quota = TextFile.read("\(mount)/cpu/cpu.cfs_quota_us", limit: Self.largestFile),
            let period = TextFile.read("\(mount)/cpu/cpu.cfs_period_us", limit: Self.largestFile)
        else { return nil }
        return Self.share("\(quota) \(period)")
    }

    /// `QUOTA PERIOD` in microseconds; `max` and -1 are no limit.
    private static func share(_ text: String) -> Double? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), quota > 0, period > 0 else { return nil }
        return quota / period
    }

    /// The group's own folder and its parents, whose limits apply too.
    private var folders: [String] {
        let lines = (TextFile.read(membership, limit: Self.largestFile) ?? "").split(separator: "\n")
        let own = lines.first { $0.hasPrefix("0::") }?.dropFirst(3) ?? "/"
        var folders = [mount]
        for name in own.split(separator: "/") where name != ".." { folders.append("\(folders[folders.count - 1])/\(name)") }
        return folders
    }
}
