import Foundation
import Synchronization

@testable import Credentials

/// An identity service that answers from a list and stores the requests.
final class ScriptedExchange: IAMExchange {
    struct Asked: Sendable {
        let method: String
        let host: String
        let target: String
        let fields: [String: String]
        let body: String
    }

    typealias Answer = Result<IAMResponse, IAMExchangeFault>

    private let state: Mutex<(answers: [Answer], asked: [Asked])>
    private let gate: Gate?

    /// - Parameter gate: when given, no answer comes before it opens.
    init(_ answers: [Answer], gate: Gate? = nil) {
        state = Mutex((answers, []))
        self.gate = gate
    }

    var asked: [Asked] { state.withLock { $0.asked } }

    func send(_ request: IAMRequest) async throws(IAMExchangeFault) -> IAMResponse {
        var fields: [String: String] = [:]
        request.forEachField { fields[$0.description] = String(decoding: $1, as: UTF8.self) }
        let body = request.withBody { String(decoding: $0, as: UTF8.self) } ?? ""
        let asked = Asked(
            method: request.method, host: request.endpoint.host, target: request.target, fields: fields, body: body)
        let answer = state.withLock { state -> Answer in
            state.asked.append(asked)
            return state.answers.isEmpty ? .failure(.unreachable) : state.answers.removeFirst()
        }
        await gate?.pass()
        return try answer.get()
    }

    static func answer(_ status: Int, _ body: String = "", token: String? = nil, date: String? = nil) -> Answer {
        .success(IAMResponse(status: status, subjectToken: token.map { Secret($0) }, date: date, body: Secret(body)))
    }

    /// Keys that end at 2099-01-01, as IAM and the metadata service answer them.
    static func keys(_ status: Int = 201, ends: String = "2099-01-01T00:00:00.000000Z") -> Answer {
        answer(
            status, #"{"credential":{"access":"TMPAK","secret":"TMP\/SK","securitytoken":"TMPSECTOKEN","expires_at":"\#(ends)"}}"#,
            date: "Mon, 23 Nov 2026 08:15:30 GMT")
    }

    /// A token that lives for an hour.
    static func token(_ text: String) -> Answer {
        answer(
            201, #"{"token":{"expires_at":"2026-11-23T09:15:30.000000Z","methods":["password"]}}"#, token: text,
            date: "Mon, 23 Nov 2026 08:15:30 GMT")
    }
}

/// Blocks tasks until it is opened.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// A counter for any thread.
final class Tally: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}

/// A clock that a test sets.
final class HandClock: Sendable {
    private let time = Mutex(Duration.seconds(1_000))
    var now: Duration { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

/// One recorded request of an official SDK.
struct RecordedRequest {
    let method: String
    let target: String
    let fields: [String: String]
    let body: String

    init(_ name: String) throws {
        let text = try String(contentsOfFile: Fixture.path("Fixtures/flows/\(name).http"), encoding: .utf8)
        let parts = text.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        let start = lines[0].split(separator: " ").map(String.init)
        (method, target) = (start[0], start[1])
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            fields[pair[0]] = pair[1]
        }
        self.fields = fields
        body = parts.dropFirst().joined(separator: "\r\n\r\n")
    }

    /// The fields that the services use; programs' names and additions of the HTTP library differ.
    static let meaningful: Set<String> = [
        "x-idp-id", "x-metadata-token", "x-metadata-token-ttl-seconds", "authorization", "content-type", "x-auth-token", "x-domain-id",
    ]

    static func meaning(_ fields: [String: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: fields.map { ($0.key.lowercased(), $0.value) }).filter { meaningful.contains($0.key) }
    }
}
