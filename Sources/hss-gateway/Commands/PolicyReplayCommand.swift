import ArgumentParser
import Assembly
import Audit
import Gateway
import Inquiry
import Settings

extension PolicyCommand {
    /// The options of both commands for reading the journal.
    struct RecordedCalls: ParsableArguments {
        @Option(
            help: ArgumentHelp("The journal's directory; the configuration's `audit.directory` when left out.", valueName: "directory"),
            completion: .directory)
        var directory: String?
        @Option(help: ArgumentHelp("From this time on: 2026-11-24T08:00:00Z, 2026-11-24, or an age like 24h or 30d.", valueName: "time"))
        var since = "30d"
        @Option(help: ArgumentHelp("Only before this time.", valueName: "time")) var until: String?

        /// Calls `body` with each record that ends a call, oldest first; a journal is read completely, which needs no index.
        func forEach(in configured: String?, _ body: (JournalRecord) -> Void) throws(Failure) {
            var query = RecordQuery()
            try query.take("since", since)
            if let until { try query.take("until", until) }
            guard let path = directory ?? configured ?? ProcessEnvironment.variables["HSSGW_AUDIT_DIRECTORY"] else {
                throw Failure(.usage, "Nothing says where the journal is: give --directory or --config.")
            }
            try JournalLocation.requireJournal(in: path, of: "--directory")
            do throws(JournalError) {
                var reader = JournalReader(directory: path)
                try reader.forEachRecord { _, line in
                    guard let record = JournalRecord(Array(line)), record.phase == .response || record.phase == .refusal, query.matches(record) else {
                        return true
                    }
                    body(record)
                    return true
                }
            } catch {
                throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
            }
        }
    }

    /// Calls of one caller with the same result.
    struct Group: Hashable {
        let caller: String
        let operation: String
        let project: String
        let verdict: String
    }

    /// Number of different results that are listed; further ones are only counted.
    private static let mostGroups = 10_000

    fileprivate static func add(_ group: Group, to groups: inout [Group: Int]) {
        let rest = Group(caller: "(others)", operation: "-", project: "-", verdict: group.verdict)
        groups[groups[group] != nil || groups.count < mostGroups ? group : rest, default: 0] += 1
    }

    fileprivate static func sorted(_ groups: [Group: Int]) -> [(key: Group, value: Int)] {
        groups.sorted { ($1.value, $0.key.caller, $0.key.operation) < ($0.value, $1.key.caller, $1.key.operation) }
    }

    /// A rule on trial only records its refusal: calls that were sent had been allowed.
    fileprivate static func wasLetThrough(_ record: JournalRecord) -> Bool { record[.decision] == "allow" || record.phase == .response }

    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay",
            abstract: "Show which recorded calls a new configuration would decide differently.",
            discussion: """
                Decided by the code that decides requests, at the time of each call. Limits, keys and bodies aren't looked at; no secret is read. \
                Exit codes: 0 nobody loses anything, 8 somebody does, 3 bad configuration.
                """
        )

        @OptionGroup var source: ConfigurationOptions
        @OptionGroup var calls: RecordedCalls

        func run() throws {
            let settings = try source.settings()
            let trial = try PolicyTrial(settings, memory: ExplainCommand.memory(in: calls.directory ?? settings.audit.directory))
            var (lost, gained) = ([Group: Int](), [Group: Int]())
            var (count, skipped) = (0, 0)
            try calls.forEach(in: settings.audit.directory) { record in
                guard let caller = record[.callerName], let method = record[.method], let path = record[.path] else {
                    skipped += 1
                    return
                }
                count += 1
                let verdict = trial.verdict(on: Self.request(method, path, of: caller, in: record))
                // A rule may allow a call that is refused for its missing reason.
                let wasRefused = record.phase == .refusal && Self.codes.contains(record[.errorCode] ?? "")
                let wasAllowed = !wasRefused && PolicyCommand.wasLetThrough(record)
                // Faults in parts that a record doesn't have, such as a masked value or a body, don't concern the policy.
                let code = wasAllowed ? verdict.code : record[.errorCode]
                guard verdict.isAllowed != wasAllowed, let code, Self.codes.contains(code) else { return }
                let group = Group(
                    caller: caller, operation: record[.operation] ?? "-", project: record[.projectName] ?? "-", verdict: verdict.text)
                if wasAllowed { PolicyCommand.add(group, to: &lost) } else { PolicyCommand.add(group, to: &gained) }
            }
            Self.print(lost, "LOSES")
            Self.print(gained, "GAINS")
            let unread = skipped > 0 ? " \(skipped) without a caller were left out." : ""
            Console.output("\(count) calls since \(calls.since): \(Self.sum(lost)) would be lost, \(Self.sum(gained)) gained.\(unread)")
            guard lost.isEmpty else { throw ExitCode(PolicyCommand.failed) }
        }

        /// The codes of refusals by a configuration's callers, projects and rules. 4034 (a page of another site) is not included, because a record
        /// doesn't contain what the browser sent.
        private static let codes: Set<String> = [
            "HSSGW.4004", "HSSGW.4010", "HSSGW.4030", "HSSGW.4031", "HSSGW.4032", "HSSGW.4033", "HSSGW.4035",
        ]

        /// The request as its caller sent it, as far as the record contains it: an enterprise project that the gateway had added is omitted, and a
        /// refused one, which the record contains separately from the query, is added again.
        private static func request(_ method: String, _ path: String, of caller: String, in record: JournalRecord) -> Explanation.Request {
            let name = "enterprise_project_id="
            var pairs = (record[.query] ?? "").split(separator: "&").map(String.init)
            if record.raw(.enterpriseInjected)?.elementsEqual("true".utf8) == true {
                pairs.removeAll { $0.hasPrefix(name) }
            } else if record[.errorCode] == RefusalCode.enterpriseProjectDenied.text, let value = record[.enterpriseValue],
                !pairs.contains(where: { $0.hasPrefix(name) })
            {
                pairs.append(name + value.utf8.map { ($0 < 16 ? "%0" : "%") + String($0, radix: 16, uppercase: true) }.joined())
            }
            var request = Explanation.Request(
                method: method, target: path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")), callerName: caller,
                secondsSinceEpoch: record.time.microseconds / 1_000_000)
            request.reason = record[.reason]
            request.region = record[.regionHeader]
            // A literal `{project_id}` is refused only for a key in `Authorization`.
            request.showsBearer = record[.errorCode] == RefusalCode.projectDenied.text && record[.projectName] == nil
            return request
        }

        private static func sum(_ groups: [Group: Int]) -> Int { groups.values.reduce(0, +) }

        private static func print(_ groups: [Group: Int], _ word: String) {
            for (group, count) in PolicyCommand.sorted(groups) {
                Console.output("\(word)  \(group.caller)  \(group.operation)  \(group.project)  \(count) x  \(group.verdict)")
            }
        }
    }

    struct Suggest: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "suggest",
            abstract: "Print rules that allow exactly the calls in the journal.",
            discussion: """
                Only calls that were let through and that HSS did not refuse count; what a rule on trial (`action: log`) let through is named \
                above the rules. Read it before you use it: what nobody did yet is not in it.
                """
        )

        @OptionGroup var source: ConfigurationOptions
        @OptionGroup var calls: RecordedCalls

        func run() throws {
            var used: [String: [String: Set<String>]] = [:]
            var onTrial: [Group: Int] = [:]
            var count = 0
            try calls.forEach(in: source.config == nil ? nil : try source.settings().audit.directory) { record in
                guard PolicyCommand.wasLetThrough(record), record[.outcome] == "success", let caller = record[.callerName],
                    let operation = record[.operation], let project = record[.projectName]
                else { return }
                count += 1
                if record[.decision] != "allow" {
                    let group = Group(caller: caller, operation: operation, project: project, verdict: record[.rule] ?? "-")
                    PolicyCommand.add(group, to: &onTrial)
                }
                used[caller, default: [:]][operation, default: []].insert(project)
            }
            var comment = "# Least privilege by \(count) calls since \(calls.since).\n"
            if !onTrial.isEmpty {
                comment += "# Let through by a rule on trial, which would have refused it; take out what is to be refused:\n"
                for (group, count) in PolicyCommand.sorted(onTrial) {
                    comment += "#   \(group.caller)  \(group.operation)  \(group.project)  \(count) x  (\(group.verdict))\n"
                }
            }
            Console.output(PolicyTrial.Suggestion.rules(used, comment: comment))
        }
    }
}
