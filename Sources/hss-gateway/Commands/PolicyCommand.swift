import ArgumentParser
import Assembly
import Audit
import Catalogue
import Gateway
import Inquiry
import Policy
import Settings

/// `policy`: tests a policy before it is used.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Test a policy, replay the journal against it, or have one suggested.",
        subcommands: [Test.self, Replay.self, Suggest.self]
    )

    /// A case fails, or a caller loses rights.
    static let failed: Int32 = 8

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Check a file of cases: who, what, verdict.",
            discussion: """
                The file has `cases:`, a list of mappings with `who`, `what` ("METHOD PATH" or an operation's name), `verdict` (allow, deny, or log \
                for what a rule on trial lets through) and, where wanted, `project`, `reason`, `time`, `rule`, `code`. No secret is read and \
                nothing is sent. \
                Exit codes: 0 as expected, 8 a case fails, 3 a file has faults.
                """
        )

        @Argument(help: ArgumentHelp("The file with the cases.", valueName: "file"), completion: .file()) var file: String
        @OptionGroup var source: ConfigurationOptions

        func run() throws {
            let trial = try PolicyTrial(try source.settings())
            let cases: [PolicyCase]
            do throws(SettingsProblems) {
                cases = try PolicyCase.read(try SettingsFile.read(path: file, as: "the file of cases"))
            } catch {
                throw Failure(.badConfiguration, SettingsReport.text(error.problems))
            }
            var requests: [Explanation.Request] = []
            for one in cases { requests.append(try request(one)) }
            try refuseContradictions(cases, requests)
            var failures = 0
            for (one, request) in zip(cases, requests) {
                let verdict = trial.verdict(on: request)
                guard !one.isMet(by: verdict) else { continue }
                failures += 1
                Console.output("\(place(one)): \(one.who), \(one.what): expected \(one.expectation), got \(verdict.text)")
            }
            Console.output("\(cases.count - failures) of \(cases.count) cases are as expected.")
            guard failures == 0 else { throw ExitCode(PolicyCommand.failed) }
        }

        /// Two cases may describe the same request differently: an operation by its name, and by its method and path.
        private func refuseContradictions(_ cases: [PolicyCase], _ requests: [Explanation.Request]) throws(Failure) {
            var first: [[String?]: PolicyCase] = [:]
            for (one, request) in zip(cases, requests) {
                let question = [request.callerName, request.method, request.target, one.reason, one.time]
                guard let earlier = first[question] else {
                    first[question] = one
                    continue
                }
                guard earlier.expectsTheSame(as: one) else {
                    let sentence = "it asks the same as \(place(earlier)) and expects something else - keep one of them"
                    throw Failure(.badConfiguration, "\(place(one)): \(sentence)")
                }
            }
        }

        private func place(_ one: PolicyCase) -> String {
            if case .file(let position) = one.site.origin { position.description } else { one.site.path.description }
        }

        private func request(_ one: PolicyCase) throws(Failure) -> Explanation.Request {
            let words = one.what.split(separator: " ", maxSplits: 1).map(String.init)
            let (method, target): (String, String)
            if words.count == 2 {
                (method, target) = (words[0].uppercased(), words[1])
            } else if let operation = Operation(named: one.what) {
                (method, target) = (operation.method.rawValue, PolicyTrial.target(of: operation, project: one.project))
            } else {
                let hint = DidYouMean(Operation.allCases.map(\.name)).hint(for: one.what).map { " - \($0)" } ?? ""
                throw Failure(.badConfiguration, "\(place(one)): `what` is neither \"METHOD PATH\" nor an operation of the API\(hint)")
            }
            let seconds = try one.time.map { time throws(Failure) in try PolicyTrial.seconds(time) } ?? Timestamp.now().microseconds / 1_000_000
            var request = Explanation.Request(method: method, target: target, callerName: one.who, secondsSinceEpoch: seconds)
            request.reason = one.reason
            return request
        }
    }
}

extension PolicyCase {
    fileprivate func isMet(by verdict: PolicyTrial.Verdict) -> Bool {
        guard self.verdict == (verdict.isOnTrial ? .log : verdict.isAllowed ? .allow : .deny) else { return false }
        return (rule == nil || rule == verdict.rule) && (code == nil || code == verdict.code)
    }

    fileprivate var expectation: String {
        let words = [verdict.rawValue, code].compactMap(\.self).joined(separator: " ")
        return rule.map { "\(words) (\($0))" } ?? words
    }
}
