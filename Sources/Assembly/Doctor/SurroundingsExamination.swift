import CLinux
import Codecs
import Gateway
import Glibc
import Settings

/// Hints about the unit or the container that the gateway runs in.
struct SurroundingsExamination: Sendable {
    let settings: GatewaySettings
    let environment: [String: String]
    /// The folders of units, in order of precedence.
    var unitFolders = ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"]

    private static let unitName = "hss-gateway.service"
    private static let largestUnit = 256 << 10
    /// The magic numbers (statfs(2)) of an overlay, such as a container's own layer, and of a file system in memory.
    private static let overlay = 0x794c_7630
    private static let inMemory = 0x0102_1994

    func findings() -> [DoctorFinding] { [user, unit].compactMap(\.self) + container }

    private var user: DoctorFinding? {
        guard geteuid() == 0 else { return nil }
        return DoctorFinding(
            .unit, nil, .ok, "This is root; permissions were not really tried.", "Run the gateway, and the doctor, as a user of its own.")
    }

    /// The unit, if one is installed: its times must fit those of the configuration.
    private var unit: DoctorFinding? {
        let found = unitFolders.map { "\($0)/\(Self.unitName)" }.first { (path: String) in access(path, R_OK) == 0 }
        guard let found, let text = TextFile.read(found, limit: Self.largestUnit) else { return nil }
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "="), line.first != "#" else { continue }
            values[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        let stop = settings.limits.drain + settings.limits.drainDelay
        // 0 means no limit, as `infinity` does (systemd.service(5)).
        if let seconds = values["TimeoutStopSec"].flatMap(Self.seconds), seconds > 0, Duration.seconds(seconds) <= stop {
            return DoctorFinding(
                .unit, found, .warning,
                "TimeoutStopSec=\(seconds) ends the gateway before its drain is over (\(stop.components.seconds) s with limits.drain_delay).",
                "Set TimeoutStopSec=\(stop.components.seconds + 15).")
        }
        if let limit = values["LimitNOFILE"].flatMap({ Int($0.split(separator: ":").last ?? "") }) {
            let budget = DescriptorBudget(
                limit: limit, connections: settings.limits.connections, inFlight: settings.limits.inFlight, workers: Instance.workers)
            if budget.connections < settings.limits.connections {
                return DoctorFinding(
                    .unit, found, .warning, "LimitNOFILE=\(limit) has room for \(budget.connections) connections of callers only.",
                    "Raise LimitNOFILE=, or lower limits.connections.")
            }
        }
        return DoctorFinding(.unit, found, .ok, "Its limits fit the configuration.")
    }

    /// `45`, `45s`, `2min`; nil for anything else, also for `infinity`.
    private static func seconds(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number < 1_000_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "", "s", "sec": return number
        case "min", "m": return number * 60
        default: return nil
        }
    }

    private var container: [DoctorFinding] {
        let isPod = environment["KUBERNETES_SERVICE_HOST"] != nil
        let isContainer = isPod || access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0
        guard isContainer else { return [] }
        var findings: [DoctorFinding] = []
        let directory = settings.audit.directory
        // If the journal doesn't exist yet, its parent is examined.
        let parent = PathText.parent(of: PathText.withoutTrailingSlashes(directory))
        if let kind = [directory, parent].map({ (path: String) -> Int in Int(clinux_file_system(path)) }).first(where: { $0 >= 0 }) {
            if kind == Self.overlay || kind == Self.inMemory {
                findings.append(
                    DoctorFinding(
                        .container, directory, .ok,
                        "The journal stands \(kind == Self.overlay ? "on the container's own layer" : "in memory") and goes "
                            + "with it.", "Mount a volume that outlives the container at audit.directory."))
            }
        }
        let stop = (settings.limits.drain + settings.limits.drainDelay).components.seconds
        findings.append(
            DoctorFinding(
                .container, nil, .ok, "A stop takes up to \(stop) s.",
                isPod ? "Set terminationGracePeriodSeconds above \(stop)." : "Stop it with `--time` above \(stop)."))
        return findings
    }
}
